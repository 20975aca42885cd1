"""Conversations with a community's desk. Wishes themselves are cases and have no table here.

Nothing says who somebody is: whoever holds the code may go on writing. All words are sealed under the conversation's
own key, and go with the row.
"""

from django.db import models
from django.db.models import F, Q


class Talk(models.Model):
    """One conversation: the place, the desk that answers, when the last word came and whether it was the desk's.

    `due` is by when the desk has to answer (null: it has, or it is over). `number` is the matter that it became, its
    tracking code sealed beside; `told` how many messages that matter has been told. Without a constraint to the case: a
    conversation is gone long before it."""

    id = models.BigAutoField(primary_key=True)
    code = models.BinaryField(unique=True)
    area = models.TextField(db_collation="C")
    desk = models.TextField(db_collation="C")
    key = models.BinaryField()
    opened = models.DateTimeField()
    last = models.DateTimeField()
    due = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    number = models.TextField(default="", db_default="")
    told = models.IntegerField(default=0, db_default=0)
    tracking = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(F("desk"), F("last"), name="talk_open", condition=Q(ended__isnull=True)),
            models.Index(F("due"), name="talk_due", condition=Q(due__isnull=False)),
            models.Index(F("last"), name="talk_quiet", condition=Q(ended__isnull=True, due__isnull=True)),
            models.Index(F("ended"), name="talk_ended", condition=Q(ended__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ended__isnull=True) | Q(due__isnull=True), name="talk_over_owes_none"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.id}"


class Line(models.Model):
    """One message; by an account of the desk, or (null) by whoever holds the code. `sent` keeps a form that is sent
    twice from being said twice."""

    id = models.BigAutoField(primary_key=True)
    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="lines", db_index=False)
    at = models.DateTimeField()
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    cipher = models.BinaryField()
    sent = models.BinaryField()

    class Meta:
        indexes = [models.Index(F("talk"), F("id"), name="line_of_talk")]
        constraints = [models.UniqueConstraint(fields=["talk", "sent"], name="line_once")]

    def __str__(self) -> str:
        return f"line {self.id} of conversation {self.talk_id}"
