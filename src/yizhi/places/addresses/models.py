"""The register of standard addresses."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from yizhi.places.addresses.rules import LEVELS


def _community() -> Any:
    return models.GeneratedField(
        expression=Left("area", 12), output_field=models.TextField(db_collation="C"), db_persist=True
    )


class Address(models.Model):
    """A building, an entrance of it or a room. `key` is what it is found by: its whole name in the form of
    `rules.plain`, once in a community. `building` is the building itself, for a room the one that it lies in. `code` is
    the city's own, where it has one."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(_("code"), null=True, unique=True, db_collation="C")
    level = models.TextField(_("level"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    building = models.BigIntegerField()
    area = models.TextField(_("area"), db_collation="C")
    community = _community()
    name = models.TextField(_("name"))
    full = models.TextField(_("address"))
    key = models.TextField(db_collation="C")
    grams = ArrayField(models.TextField(db_collation="C"), null=True)
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["community", "key"], name="address_once"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="address_level"),
        ]
        indexes = [
            models.Index(F("building"), F("level"), F("key"), name="address_building"),
            models.Index(F("area"), F("id"), name="address_area", condition=Q(level="building")),
            GinIndex(F("grams"), name="address_grams", condition=Q(grams__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.full
