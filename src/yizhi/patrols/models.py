"""Rounds through points of care, and what was seen at each. A finding is a case; here stands only its number."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Round(models.Model):
    """One of the `nth` rounds that a city's plan asks for in a grid, from `day` to `last`. `points` are the places as
    the register had them when it was made; `unit` makes it, whoever that is today. `state`: open; made (all were looked
    at, or said to be in order); over (its time is up, which counts against nobody; `why` may say what came between)."""

    id = models.BigAutoField(primary_key=True)
    plan = models.TextField(db_collation="C")
    nth = models.SmallIntegerField()
    area = models.TextField(db_collation="C")
    unit = models.TextField(db_collation="C")
    day = models.DateField()
    last = models.DateField()
    points = ArrayField(models.BigIntegerField())
    state = models.TextField(default="open", db_default="open")
    ended = models.DateTimeField(null=True)
    why = models.TextField(default="", db_default="")

    class Meta:
        indexes = [
            models.Index(F("unit"), F("last"), name="round_unit"),
            models.Index(F("last"), F("area"), name="round_last"),
            models.Index(F("last"), name="round_open", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["area", "day", "plan", "nth"], name="round_once"),
            models.CheckConstraint(condition=Q(state__in=("open", "made", "over")), name="round_state"),
            models.CheckConstraint(condition=Q(state="open", ended=None) | ~Q(state="open"), name="round_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.area} {self.day} {self.nth}"


class Sight(models.Model):
    """What was seen at one place on one round: in order, out of reach (`reason`), or a finding (the case's `number`).
    A place that has none was in order when the round was said to be."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="sights", db_index=False)
    point = models.BigIntegerField()
    what = models.TextField()
    reason = models.TextField(default="", db_default="")
    number = models.TextField(default="", db_default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "point"], name="sight_once"),
            models.CheckConstraint(condition=Q(what__in=("fine", "unreached", "finding")), name="sight_what"),
            models.CheckConstraint(condition=Q(what="finding") | Q(number=""), name="sight_number"),
        ]

    def __str__(self) -> str:
        return f"{self.point}: {self.what}"
