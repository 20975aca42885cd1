"""Offices where nobody has an account are reached by a link."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_promises")]
    operations = [
        migrations.AddField(
            "unit",
            "by_link",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Nobody there has an account: the desk sends the work by a link that ends by itself.",
                verbose_name="reached by a link",
            ),
        ),
    ]
