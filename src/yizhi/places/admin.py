"""The back office of where: areas, what became of them, codes on stickers. The system administrator's work."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yizhi.office import Register, by, now
from yizhi.places import actions, rules
from yizhi.places.models import Area, AreaSuccession, ScanCode


@admin.register(Area)
class AreaAdmin(Register):
    list_display = ("code", "name", "sketch", "valid_from", "valid_until")
    list_filter = ("sketch",)
    search_fields = ("code__startswith", "name")
    fields = ("code", "name", "lon", "lat", "boundary", "sketch", "valid_from", "valid_until")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(AreaSuccession)
class AreaSuccessionAdmin(Register):
    list_display = ("old", "new", "valid_from")
    autocomplete_fields = ("old", "new")
    list_select_related = ("old", "new")

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        actions.succeed(obj.old_id, obj.new_id, from_day=obj.valid_from, by=by(request), at=now())
        obj.pk = AreaSuccession.objects.get(old=obj.old_id, new=obj.new_id).pk


@admin.register(ScanCode)
class ScanCodeAdmin(Register):
    list_display = ("code", "area", "label", "active", "made_at")
    list_filter = ("active",)
    search_fields = ("code", "area__code__startswith", "area__name", "label")
    autocomplete_fields = ("area",)
    list_select_related = ("area",)
    fields = ("area", "label", "lon", "lat", "active")
    actions = ("take_down",)

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        """The code itself is drawn, never typed."""
        if not change:
            obj.code, obj.made_at = rules.new_code(), now()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Taken down: opens nothing any more"), permissions=["change"])
    def take_down(self, request: HttpRequest, rows: QuerySet[ScanCode]) -> None:
        self.each(request, rows, lambda code: actions.take_down(code.code, by=by(request), at=now()))
