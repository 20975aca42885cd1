"""The register of points of care."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Point(models.Model):
    """A point of care: a hydrant, a lift, a playground. What it is, where it is, when somebody last looked; never whose
    it is. `kind` is a code of the profile, `area` a grid. `until`: the first day on which it is looked after no more.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    name = models.TextField()
    label = models.TextField(default="", db_default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    seen = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area"], name="point_area")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "kind", "name"], condition=Q(until__isnull=True), name="point_once"
            ),
            models.CheckConstraint(condition=Q(area__regex=r"^[0-9]{15}$"), name="point_in_grid"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)),
                name="point_point",
            ),
        ]

    def __str__(self) -> str:
        return self.name
