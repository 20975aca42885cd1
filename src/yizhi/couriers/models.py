"""Partner bodies with their joining codes, the phones that joined, and what each phone sent.

Nothing says who somebody is, and nothing here leads from a phone to its reports, or from a report to a body: a phone's
reports are filed under a hash of its token and sealed under the token itself, of which no copy is kept.
"""

from django.db import models
from django.db.models import F, Q


class Body(models.Model):
    """A courier station, a delivery platform's team, a ride-hailing company, a social body; and its joining code, which
    is made of `seed` and kept as a hash. `joined` counts the phones that are in, `matters` what came in."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    sort = models.TextField()
    area = models.TextField(db_collation="C")
    unit = models.TextField(db_collation="C")
    until = models.DateField()
    most = models.IntegerField()
    joined = models.IntegerField(default=0, db_default=0)
    matters = models.IntegerField(default=0, db_default=0)
    seed = models.TextField(unique=True)
    code = models.BinaryField(unique=True)
    made = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    closed = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(joined__gte=0, joined__lte=F("most")), name="body_joined"),
        ]

    def __str__(self) -> str:
        return self.name


class Pass(models.Model):
    """A phone that joined: the hash of its token, and when it was there is not written down."""

    token = models.BinaryField(primary_key=True)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"pass of {self.body_id}"


class Sent(models.Model):
    """A report of a phone: which one only the phone's token opens. `day` says when it is forgotten."""

    id = models.BigAutoField(primary_key=True)
    holder = models.BinaryField(db_index=True)
    day = models.DateField(db_index=True)
    cipher = models.BinaryField()

    def __str__(self) -> str:
        return f"sent {self.id}"
