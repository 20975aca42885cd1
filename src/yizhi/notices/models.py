"""The outbox: what has to be done because something happened, written in the same statement as its cause."""

from django.db import models
from django.db.models import F, Q


class Outbox(models.Model):
    """One effect for one subscriber. It is taken under a lease of seconds and deleted when done, so that a worker
    that dies gives it back by itself. `topic` keeps order: of one topic only the oldest is out at a time."""

    id = models.BigAutoField(primary_key=True)
    subscriber = models.TextField()
    topic = models.TextField()
    payload = models.JSONField()
    since = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.IntegerField(default=0)
    trouble = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(F("subscriber"), F("not_before"), name="outbox_next"),
            models.Index(F("subscriber"), F("topic"), F("id"), name="outbox_order"),
        ]
        constraints = [models.CheckConstraint(condition=Q(tries__gte=0), name="outbox_tries")]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.topic}"
