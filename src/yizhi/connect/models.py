"""What departments' systems are told, and how far it has got; links for offices without an account.

What is written while a case moves refers to it without a constraint: checking one would wait for whoever moves it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Connection(models.Model):
    """A department's system: where it listens (`url` may be empty), its secret (sealed), on what agreement and until
    when it is told which `fields`, and its status words with the steps they stand for.

    `since` is when it was switched on (null: off); what happened before is not told. `not_before`, `failures` and
    `trouble` are about a receiver that does not take what it is sent; `lease` keeps two workers from sending at once.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.TextField(db_collation="C")
    name = models.TextField()
    url = models.TextField(default="", db_default="")
    sealed_key = models.BinaryField()
    cipher = models.BinaryField()
    purpose = models.TextField(default="", db_default="")
    contract = models.TextField(default="", db_default="")
    expires = models.DateField(null=True)
    fields = ArrayField(models.TextField(), default=list, db_default=[])
    words = models.JSONField(default=dict, db_default={})
    since = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0, db_default=0)
    trouble = models.TextField(default="", db_default="")
    lease = models.DateTimeField(null=True)
    last_sent = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit"], name="connection_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | (~Q(purpose="") & ~Q(contract="") & Q(expires__isnull=False)),
                name="connection_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.unit}"


class Known(models.Model):
    """That a case stands in a department's system, and that nobody has said there yet that it is gone."""

    pk = models.CompositePrimaryKey("connection", "case")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False, db_constraint=False)

    def __str__(self) -> str:
        return f"{self.case_id} at {self.connection_id}"


class Delivery(models.Model):
    """One event for one system: codes alone, what is said is made when it is sent. `gone`: the case has left the
    unit's hands, nothing more follows. It waits until it is `sent`, or a person has `dropped` it."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    seq = models.IntegerField()
    gone = models.BooleanField(default=False, db_default=False)
    made = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.IntegerField(default=0, db_default=0)
    status = models.SmallIntegerField(null=True)
    trouble = models.TextField(default="", db_default="")
    sent = models.DateTimeField(null=True)
    dropped = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "case", "seq"], name="delivery_once")]
        indexes = [
            models.Index(F("connection"), F("id").desc(), name="delivery_list"),
            models.Index(
                F("connection"),
                F("case"),
                F("id"),
                name="delivery_order",
                condition=Q(sent__isnull=True, dropped__isnull=True),
            ),
            models.Index(
                F("connection"), F("id"), name="delivery_next", condition=Q(sent__isnull=True, dropped__isnull=True)
            ),
            models.Index(F("made"), name="delivery_done", condition=~Q(sent__isnull=True, dropped__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} to {self.connection_id}"


class OfficeLink(models.Model):
    """That the work on a case was sent by a link: its address is signed and made anew from the number whenever it is
    shown. `opened` is when it was first used."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    unit = models.TextField(db_collation="C")
    account = models.BigIntegerField()
    made = models.DateTimeField()
    expires = models.DateTimeField()
    opened = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expires__gt=F("made")), name="officelink_expires")]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.unit}"
