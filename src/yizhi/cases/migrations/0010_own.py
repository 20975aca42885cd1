"""What somebody did themself is found by their account: their reports, newest first, and their moves of a month. Events
without an account, reports of residents and what clocks do, are in neither index."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_waiting")]
    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                F("account"),
                F("id").desc(),
                name="event_raised",
                condition=Q(move="report", account__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "event",
            models.Index(F("account"), F("recorded"), name="event_did", condition=Q(account__isnull=False)),
        ),
    ]
