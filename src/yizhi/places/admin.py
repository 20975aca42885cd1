"""The back office of where: areas, what became of them, codes on stickers. The system administrator's work."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhi.core.actor import Actor, AdminRole
from yizhi.core.errors import Refusal
from yizhi.places import actions, rules
from yizhi.places.models import Area, AreaSuccession, ScanCode

if TYPE_CHECKING:  # the theme has no types; it is Django's class with other templates
    Base = admin.ModelAdmin[Any]
else:
    from unfold.admin import ModelAdmin as Base


def now() -> datetime:
    """The back office is a door."""
    return timezone.now()  # own time: a door


def by(request: HttpRequest) -> Actor:
    """The administrator at work. (Django has let nobody else in.)"""
    user: Any = request.user
    return Actor(account=user.pk, name=str(user), admin=cast(AdminRole, user.admin_role))


def said(refusal: Refusal) -> str:
    """A refusal in the reader's language."""
    return gettext(refusal.message).format_map(dict(refusal.facts))


class Register(Base):
    """Nothing is ever deleted; a refusal is a sentence above the form. Django's own log keeps who changed what."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            self.message_user(request, said(refusal), messages.ERROR)
        return redirect(request.get_full_path())


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
        for code in rows:
            actions.take_down(code.code, by=by(request), at=now())
