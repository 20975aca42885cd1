"""Which program brought a matter: that one alone may follow it closer than everybody may."""

from django.db import models
from django.db.models import F


class Sent(models.Model):
    """A matter, and the account whose key it came with. The log says that it came by this door, never by whom."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, db_constraint=False)
    account = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(F("account"), F("case"), name="open311_sent_by")]

    def __str__(self) -> str:
        return f"{self.case_id} by {self.account}"
