"""Calls on their way, and what was answered. Nobody's calls are counted, and no caller has a row."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Call(models.Model):
    """A call that somebody is writing down: its words sealed under a key of its own. When it has become something the
    words are gone; the row stays for a day, so that a saving that comes late brings nothing back."""

    id = models.UUIDField(primary_key=True)
    account = models.BigIntegerField()
    unit = models.TextField(db_collation="C")
    changed = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    cipher = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "changed"], name="call_open", condition=models.Q(finished__isnull=True)),
            models.Index(fields=["finished"], name="call_over", condition=models.Q(finished__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Settled(models.Model):
    """A question that was answered on the telephone, or where somebody was sent: without a person, for the next one
    who asks. `id` is the call's, so that a form sent twice is one."""

    id = models.UUIDField(primary_key=True)
    unit = models.TextField(db_collation="C")
    at = models.DateTimeField()
    area = models.TextField()
    category = models.TextField()
    question = models.TextField()
    answer = models.TextField()
    sent_to = models.TextField()
    office = models.TextField()
    grams = ArrayField(models.TextField(db_collation="C"))

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="settled_grams")]

    def __str__(self) -> str:
        return self.question[:40]
