"""What every page of the back office shares, whichever register it keeps: who is at work, and a form that refuses in
one sentence."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from yizhi.core.actor import Actor, AdminRole
from yizhi.core.errors import Refusal

if TYPE_CHECKING:  # the theme has no types; it is Django's class with other templates
    Base = admin.ModelAdmin[Any]
    Boxes = forms.CheckboxSelectMultiple
else:
    from unfold.admin import ModelAdmin as Base
    from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget as Boxes

Choices = Callable[[], list[tuple[str, str]]]
_choices: dict[str, Choices] = {}


def offer(**choices: Choices) -> None:
    """What a field of codes is ticked from, in words that are known further up."""
    _choices.update(choices)


def ticked(field: Any) -> forms.MultipleChoiceField:
    """A list of codes, each a box with its name."""
    found = _choices.get(field.name, list)
    return forms.MultipleChoiceField(
        choices=found, required=False, label=capfirst(field.verbose_name), widget=Boxes(attrs={"class": "o-boxes"})
    )


def now() -> datetime:
    """The back office is a door."""
    return timezone.now()  # own time: a door


def by(request: HttpRequest) -> Actor:
    """The administrator at work. (Django has let nobody else in.)"""
    account: Any = request.user
    return Actor(account=account.pk, name=str(account), admin=cast(AdminRole, account.admin_role))


def said(refusal: Refusal) -> str:
    """A refusal in the reader's language."""
    return gettext(refusal.message).format_map(dict(refusal.facts))


class Register(Base):
    """A register in the back office: nothing is ever deleted, a refusal is a sentence above the form."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Another register's row is chosen here, not made or changed in a window over this one."""
        found: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if found is not None and isinstance(found.widget, RelatedFieldWidgetWrapper):
            found.widget = found.widget.widget
        return found

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            self.message_user(request, said(refusal), messages.ERROR)
        except IntegrityError:
            self.message_user(request, gettext("The database refuses this; nothing was changed."), messages.ERROR)
        return redirect(request.get_full_path())

    def each(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any], object]) -> None:
        """Does something with every chosen row; refusals are told one by one."""
        done = 0
        for row in rows:
            try:
                act(row)
                done += 1
            except Refusal as refusal:
                self.message_user(request, f"{row}: {said(refusal)}", messages.ERROR)
        self.message_user(request, gettext("%(done)s done.") % {"done": done})
