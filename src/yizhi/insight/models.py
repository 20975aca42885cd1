"""What is counted. Everything here can be made again from the cases and their log; nothing else is kept here."""

from django.db import models
from django.db.models import F, Q


class Mark(models.Model):
    """That a case counts for `what` (`insight.rules`) on a day, and for which unit. What stands now has the day
    `insight.rules.NEVER`. `again` is the day of the case's mark of the same sort before this one: who counts a period
    leaves out what was counted in it already. A `shy` case is about units that may not know of it: it is counted when
    somebody asks, never beforehand. Secret cases have no marks."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.BigIntegerField(db_index=True)
    what = models.TextField(db_collation="C")
    day = models.DateField()
    unit = models.TextField(db_collation="C")
    kind = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    due = models.DateTimeField(null=True)
    again = models.DateField(null=True)
    shy = models.BooleanField()

    class Meta:
        indexes = [
            # With all that is summed and listed by: what a period holds is read without the rows themselves.
            models.Index(
                fields=["what", "day", "area"],
                include=["unit", "kind", "case_id", "due", "again", "shy"],
                name="mark_by_day",
            ),
            models.Index(F("area"), F("what"), F("day"), name="mark_by_area"),
            models.Index(F("due"), name="mark_due", condition=Q(what="due")),
            models.Index(F("day"), name="mark_shy", condition=Q(shy=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.what} {self.day}"


class Count(models.Model):
    """How many marks of a sort a day has in a district or street (`insight.rules.WIDE`); `shy` ones not among them.
    `again` as in the marks, `NEVER` for none. What falls due is counted by quarters of an hour: "due:17:30"."""

    pk = models.CompositePrimaryKey("place", "kind", "day", "what", "again")
    place = models.TextField(db_collation="C")
    kind = models.TextField(db_collation="C")
    day = models.DateField()
    what = models.TextField(db_collation="C")
    again = models.DateField()
    n = models.IntegerField()

    class Meta:
        indexes = [
            # What is still to fall due is little; the quarters of an hour that lie behind stay, and hold nothing.
            models.Index(
                fields=["place", "kind", "day", "what"],
                include=["n"],
                name="count_due",
                condition=Q(what__gte="due:", what__lt="due;", n__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.what} {self.day}: {self.n}"


class Filling(models.Model):
    """How far the cases from before the reading began have been counted: one row. `whole` when all were."""

    id = models.IntegerField(primary_key=True)
    filled = models.BigIntegerField()
    whole = models.BooleanField()

    def __str__(self) -> str:
        return f"filled up to {self.filled}"
