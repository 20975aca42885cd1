import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_room")]
    operations = [
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("who", models.TextField()),
                ("key", models.TextField()),
                ("digest", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("cipher", models.BinaryField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="cases.case"
                    ),
                ),
            ],
            options={"verbose_name": "refused second sending", "verbose_name_plural": "refused second sendings"},
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(fields=("who", "key", "digest"), name="conflict_once"),
        ),
    ]
