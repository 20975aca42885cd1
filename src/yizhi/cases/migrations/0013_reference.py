"""The number under which another register keeps the same matter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_said")]
    operations = [
        migrations.CreateModel(
            name="Reference",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=models.PROTECT, primary_key=True, serialize=False, to="cases.case"
                    ),
                ),
                ("register", models.TextField()),
                ("number", models.TextField()),
                ("key", models.TextField(db_collation="C")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key", "register"), name="reference_once")],
            },
        ),
    ]
