import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("cases", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("account", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(models.F("account"), models.F("case"), name="open311_sent_by")],
            },
        ),
    ]
