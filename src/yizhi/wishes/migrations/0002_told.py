from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wishes", "0001_talks")]

    operations = [
        migrations.AddField("talk", "told", models.IntegerField(db_default=0, default=0)),
    ]
