"""What all doors keep: how often something was tried of late."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Tries(models.Model):
    """The times of late tries under one key, a keyed hash: no login and no address lies here in clear.

    `refused` says what became of the last try, so that one statement can count and answer.
    """

    key = models.CharField(max_length=64, primary_key=True, db_collation="C")
    tries = ArrayField(models.DateTimeField())
    refused = models.BooleanField(default=False, db_default=False)
    last = models.DateTimeField(db_index=True)


class Effort(models.Model):
    """What forms of one sort cost on a day in a street: how many were sent, how many of them with a time that counts,
    the seconds of those, and how many fields somebody filled in. Nobody's name, nobody's number."""

    pk = models.CompositePrimaryKey("day", "area", "seat", "form")
    day = models.DateField()
    area = models.TextField(db_collation="C")
    seat = models.TextField(db_collation="C")
    form = models.TextField(db_collation="C")
    forms = models.IntegerField()
    timed = models.IntegerField()
    seconds = models.IntegerField()
    asked = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.area} {self.seat} {self.form}: {self.forms}"
