from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Month",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month", "by", "code", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField()),
                ("by", models.TextField(db_collation="C")),
                ("code", models.TextField(db_collation="C")),
                ("reported", models.IntegerField()),
                ("closed", models.IntegerField()),
                ("declined", models.IntegerField()),
                ("pending", models.IntegerField()),
                ("other", models.IntegerField()),
                ("confirmed", models.IntegerField()),
                ("hours", models.FloatField(null=True)),
                ("counted", models.DateField()),
            ],
        ),
    ]
