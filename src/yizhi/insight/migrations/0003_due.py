"""What is still to fall due is summed from an index of its own: how long a city has been at work costs nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0002_by_the_hour")]
    operations = [
        migrations.AddIndex(
            "count",
            models.Index(
                fields=["place", "kind", "day", "what"],
                include=["n"],
                name="count_due",
                condition=models.Q(what__gte="due:", what__lt="due;", n__gt=0),
            ),
        ),
    ]
