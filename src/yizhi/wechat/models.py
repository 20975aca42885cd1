"""Conversations that are under way, and who hears by the account when a matter moves. Whoever writes to the account is
known by the platform's own number for them (openid), which is sealed; found again by its keyed hash."""

from django.db import models
from django.db.models import F


class Conversation(models.Model):
    """How far somebody has come, and which of their messages were answered of late: sealed as a whole, under a key of
    its own, and gone soon."""

    who = models.BinaryField(primary_key=True)
    key = models.BinaryField()
    cipher = models.BinaryField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"conversation until {self.until}"


class Listener(models.Model):
    """Who reported a case by the account and is told of it there. Their number and the tracking code are sealed under
    a key of the row's own, which goes with it."""

    case = models.OneToOneField("cases.Case", models.CASCADE, primary_key=True, related_name="+")
    who = models.BinaryField()
    key = models.BinaryField()
    cipher = models.BinaryField()
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("who"), F("case").desc(), name="wechat_listener_who")]

    def __str__(self) -> str:
        return f"listener of {self.case_id}"
