"""Where: areas by official code, what became of them, and the codes on stickers."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Left
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhi.core.town import WIDTHS
from yizhi.places.addresses.models import Address as Address
from yizhi.places.points.models import Point as Point
from yizhi.places.rules import BadBoundary, checked_outline

#: Digits only, in the official widths of `core.town.WIDTHS`.
OFFICIAL_CODE = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}([0-9]{3}){0,4})$"


class Area(models.Model):
    """A province … grid, or what lies in one, by its official code of division.

    `parent` is generated from the code. `sketch` marks a placeholder outline that nobody surveyed. Dates are
    half-open: `valid_until` is the first day on which the area is no more.
    """

    code = models.CharField(_("code"), max_length=18, primary_key=True, db_collation="C")
    name = models.CharField(_("name"), max_length=100)
    parent = models.GeneratedField(
        expression=Case(
            *(
                When(code__regex=f"^.{{{low}}}$", then=Left("code", high))
                for high, low in zip(WIDTHS, WIDTHS[1:], strict=False)
            )
        ),
        output_field=models.CharField(max_length=18, db_collation="C", null=True),
        db_persist=True,
        verbose_name=_("part of"),
    )
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    boundary = models.JSONField(_("outline"), null=True, blank=True)
    sketch = models.BooleanField(_("outline is a placeholder"), default=False, db_default=False)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("until (first day without)"), null=True, blank=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering: ClassVar[list[str]] = ["code"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["parent"], name="area_parent")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(code__regex=OFFICIAL_CODE), name="area_code"),
            models.CheckConstraint(
                # "is not null" is said: a check that comes out as NULL passes.
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)),
                name="area_point",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")), name="area_dates"
            ),
            models.CheckConstraint(
                condition=Q(boundary__isnull=True) | Q(boundary__type__in=["Polygon", "MultiPolygon"]),
                name="area_boundary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    def clean(self) -> None:
        """In the back office an outline is checked as everywhere, and its fault shown beside it."""
        if not self.boundary:
            self.boundary = None
            return
        try:
            self.boundary = checked_outline(self.code, self.boundary)
        except BadBoundary as refusal:
            sentence = gettext(refusal.message).format_map(dict(refusal.facts))
            raise ValidationError({"boundary": sentence}) from refusal


class AreaSuccession(models.Model):
    """An area that became another, by split or merger; old cases keep the old code."""

    id = models.BigAutoField(primary_key=True)
    old = models.ForeignKey(Area, models.PROTECT, related_name="successions", verbose_name=_("old area"))
    new = models.ForeignKey(Area, models.PROTECT, related_name="predecessions", verbose_name=_("new area"))
    valid_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("succession of an area")
        verbose_name_plural = _("successions of areas")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="succession_other"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class ScanCode(models.Model):
    """What a sticker says: where it hangs. It opens a report form with the place filled in, nothing else."""

    code = models.CharField(_("code"), max_length=16, primary_key=True, db_collation="C")
    area = models.ForeignKey(Area, models.PROTECT, related_name="scan_codes", verbose_name=_("area"))
    label = models.CharField(_("where it hangs"), max_length=100, blank=True, default="", db_default="")
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True, db_default=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("scan code")
        verbose_name_plural = _("scan codes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area"], condition=Q(active=True, label=""), name="scan_code_one_per_area"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]+$"), name="scan_code_letters"),
        ]

    def __str__(self) -> str:
        return self.code


class PlacesVersion(models.Model):
    """One row; a trigger moves it on with every change of an area, so that pictures in memory know their age."""

    id = models.SmallIntegerField(primary_key=True)
    version = models.BigIntegerField()
