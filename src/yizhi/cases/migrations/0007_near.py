"""What is open around a place, by an index; the points of what has ended are not kept in it."""

from django.contrib.postgres.indexes import GistIndex
from django.db import migrations
from django.db.models import F, Func, Q

NEARBY = Q(due__isnull=False, lon__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_conflict")]
    operations = [
        migrations.AddIndex(
            "case",
            GistIndex(Func(F("lon"), F("lat"), function="point"), name="case_near", condition=NEARBY),
        ),
    ]
