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
