"""Papers handed over for errands; who wishes to be visited, and what was asked for and done; services near by.

Nothing counts anybody: of a visit that is over there stays no more than a community, a day and what came of it.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Paper(models.Model):
    """A paper that somebody gave out of their hands for an errand: which sort of paper, never its number."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    given = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    back = models.DateTimeField(null=True)
    back_by = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(F("case"), F("id"), name="paper_of_case")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "name"], condition=Q(back__isnull=True), name="paper_out_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """Somebody wishes to be visited, or agreed to it, until a day: then the row is gone, and its key with it.

    `area` and `place` say where in the open (a grid, a street or building); name, telephone, door and what they wish
    are sealed. `day` is the next visit (null: it has still to be settled), `every` how often ("": once);
    `settled`: when somebody last said so, or made one."""

    id = models.BigAutoField(primary_key=True)
    sort = models.TextField()
    area = models.TextField(db_collation="C")
    place = models.TextField(default="", db_default="")
    topics = ArrayField(models.TextField(db_collation="C"))
    agreed = models.TextField()
    every = models.TextField(default="", db_default="")
    day = models.DateField(null=True)
    until = models.DateField()
    sealed_key = models.BinaryField()
    cipher = models.BinaryField()
    made = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    sent = models.BinaryField(unique=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area"], name="visit_area"),
            models.Index(fields=["until"], name="visit_until"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(day__isnull=True) | Q(day__lte=F("until")), name="visit_within"),
            models.CheckConstraint(condition=Q(agreed__in=("own", "told", "signed", "guardian")), name="visit_agreed"),
        ]

    def __str__(self) -> str:
        return f"visit {self.id}"


class Look(models.Model):
    """Somebody read a sealed name. It goes with the visit; the trail of accounts keeps that there was a look."""

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="looks")
    unit = models.TextField(db_collation="C")
    purpose = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"look at {self.visit_id}"


class Outcome(models.Model):
    """What came of a visit: nobody's, and no day of anybody. `case` is the matter that was asked for."""

    id = models.BigAutoField(primary_key=True)
    area = models.TextField(db_collation="C")
    day = models.DateField()
    sort = models.TextField()
    came = models.TextField()
    topic = models.TextField(default="", db_default="")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sent = models.BinaryField(unique=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area", "day"], name="visit_outcome_area")]

    def __str__(self) -> str:
        return f"{self.came} in {self.area}"


class Place(models.Model):
    """A service near by: what is done there, for whom, when, and what to bring. `kind` is a code of the profile, `who`
    says by what right somebody is served. `until`: the first day on which it is offered no more."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    name = models.TextField()
    what = models.TextField()
    who = models.TextField()
    bring = models.TextField(default="", db_default="")
    hours = models.TextField()
    phone = models.TextField(default="", db_default="")
    address = models.TextField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "name"], condition=Q(until__isnull=True), name="service_known"),
            models.CheckConstraint(condition=Q(who__in=("anyone", "residence", "registration")), name="place_who"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)),
                name="place_where",
            ),
        ]

    def __str__(self) -> str:
        return self.name
