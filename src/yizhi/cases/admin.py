"""The back office of cases: the office's calendar, and who looked at whose contact. Cases themselves are moved at
the desks, never here."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yizhi.cases import actions
from yizhi.cases.actions import Day
from yizhi.cases.actions.repeating import kept
from yizhi.cases.models import CalendarDay, Conflict, Look
from yizhi.office import Base, Register, by, now

if TYPE_CHECKING:
    from django.forms import ModelForm


@admin.register(CalendarDay)
class CalendarDayAdmin(Register):
    """What is under way is promised anew by the worker, each case with an event."""

    list_display = ("day", "works", "name", "source")
    date_hierarchy = "day"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return Base.has_delete_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("day",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        day = Day(obj.day, works=obj.works, name=obj.name, source=obj.source)
        actions.set_days([day], by=by(request), at=now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.clear_day(obj.day, by=by(request), at=now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)


@admin.register(Look)
class LookAdmin(Register):
    list_display = ("at", "case", "field", "unit", "purpose")
    list_select_related = ("case",)
    search_fields = ("case__number", "unit")


@admin.register(Conflict)
class ConflictAdmin(Register):
    list_display = ("at", "case", "who", "key")
    list_select_related = ("case",)
    fields = ("at", "case", "who", "key", "content")
    readonly_fields = ("content",)

    @admin.display(description=_("What was sent the second time"))
    def content(self, row: Conflict) -> str:
        return kept(bytes(row.sealed), bytes(row.cipher))
