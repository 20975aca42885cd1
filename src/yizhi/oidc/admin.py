"""The security administrator says who is who at the provider."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yizhi.office import Register, by, now
from yizhi.oidc import actions
from yizhi.oidc.models import Identity


@admin.register(Identity)
class IdentityAdmin(Register):
    list_display = ("account", "number", "subject", "since", "last")
    search_fields = ("account__username", "account__title", "number", "subject")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
    fields = ("account", "subject", "number")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the list, for its action; a row itself is ended and made anew, never changed."""
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        obj.pk = actions.link(
            obj.account_id,
            subject=obj.subject,
            number=obj.number,
            issuer=settings.OIDC_ISSUER,
            by=by(request),
            at=now(),
        )

    @admin.action(description=_("End this sign-in"), permissions=["change"])
    def end(self, request: HttpRequest, rows: QuerySet[Identity]) -> None:
        self.each(request, rows, lambda row: actions.unlink(row.pk, by=by(request), at=now()))
