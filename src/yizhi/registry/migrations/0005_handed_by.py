from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_mine")]
    operations = [
        migrations.AddField("request", "handed_by", models.BigIntegerField(null=True)),
    ]
