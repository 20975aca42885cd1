"""When the day of a visit was last settled: what a telephone sends late does not undo what was agreed on since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0001_tables")]
    operations = [migrations.AddField("visit", "settled", models.DateTimeField(null=True))]
