"""What everybody may know of, by an index: a walk past what has no category yet would read the whole city."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_alike")]
    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                F("a6"),
                F("stage"),
                F("reported").desc(),
                F("id").desc(),
                name="case_told",
                include=["kind", "category"],
                condition=Q(category__isnull=False, secret=False, about=[]),
            ),
        ),
    ]
