from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case", models.BigIntegerField(db_index=True)),
                ("tracking", models.BinaryField(unique=True)),
                ("since", models.DateTimeField()),
            ],
        ),
    ]
