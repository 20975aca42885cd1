"""How far each reader of the log is."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_near")]
    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("seen", models.BigIntegerField()),
                ("goal", models.BigIntegerField()),
                ("writers", django.contrib.postgres.fields.ArrayField(base_field=models.TextField())),
            ],
        ),
    ]
