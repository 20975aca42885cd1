"""The matters merged into one, by an index: few among many."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_own")]
    operations = [
        migrations.AddIndex(
            "case",
            models.Index(KeyTextTransform("merged_into", "state"), name="case_merged", condition=Q(stage="merged")),
        ),
    ]
