"""What is open of one sort in one place, by an index: shown to whoever is about to report it again."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_reference")]
    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                F("a15"), F("category"), F("reported").desc(), name="case_alike", condition=Q(due__isnull=False)
            ),
        ),
    ]
