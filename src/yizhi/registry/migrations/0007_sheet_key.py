from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_shape")]
    operations = [
        migrations.AddField("sheet", "key", models.TextField(null=True, unique=True)),
    ]
