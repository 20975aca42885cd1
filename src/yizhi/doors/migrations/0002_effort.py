"""How long forms take, by day, street, seat and form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doors", "0001_tries")]
    operations = [
        migrations.CreateModel(
            name="Effort",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "area",
                        "seat",
                        "form",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("area", models.TextField(db_collation="C")),
                ("seat", models.TextField(db_collation="C")),
                ("form", models.TextField(db_collation="C")),
                ("forms", models.IntegerField()),
                ("timed", models.IntegerField()),
                ("seconds", models.IntegerField()),
                ("asked", models.IntegerField()),
            ],
        ),
    ]
