"""What the back office calls the columns of holidays, of looks at contacts and of what was sent twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_merged")]
    operations = [
        migrations.AlterField(
            "calendarday", "day", models.DateField(primary_key=True, serialize=False, verbose_name="day")
        ),
        migrations.AlterField("calendarday", "name", models.TextField(verbose_name="name")),
        migrations.AlterField("calendarday", "source", models.TextField(verbose_name="ground")),
        migrations.AlterField("calendarday", "works", models.BooleanField(verbose_name="worked weekend day")),
        migrations.AlterField("conflict", "at", models.DateTimeField(verbose_name="at")),
        migrations.AlterField(
            "conflict",
            "case",
            models.ForeignKey("cases.case", models.PROTECT, db_index=False, verbose_name="matter"),
        ),
        migrations.AlterField("conflict", "key", models.TextField(verbose_name="key of the sending")),
        migrations.AlterField("conflict", "who", models.TextField(verbose_name="who")),
        migrations.AlterField("look", "at", models.DateTimeField(verbose_name="at")),
        migrations.AlterField(
            "look", "case", models.ForeignKey("cases.case", models.PROTECT, related_name="looks", verbose_name="matter")
        ),
        migrations.AlterField("look", "field", models.TextField(verbose_name="what was looked at")),
        migrations.AlterField("look", "purpose", models.TextField(verbose_name="purpose")),
        migrations.AlterField("look", "unit", models.TextField(verbose_name="unit")),
    ]
