"""The system administrator says in which groups a robot speaks."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from yizhi.groups import actions
from yizhi.groups.models import Group
from yizhi.office import Register, by, now

if TYPE_CHECKING:
    Form = forms.ModelForm[Group]
else:
    Form = forms.ModelForm


class GroupForm(Form):
    """The address and the secret are typed once and never shown."""

    address = forms.CharField(
        label=_("address of the robot, or number of a department of WeCom"), widget=UnfoldAdminTextInputWidget
    )
    secret = forms.CharField(
        label=_("secret of its signature (DingTalk, Feishu)"), required=False, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Group
        fields = ("unit", "name", "address", "secret")


@admin.register(Group)
class GroupAdmin(Register):
    form = GroupForm
    list_display = ("name", "unit", "vendor", "active", "told", "trouble")
    search_fields = ("name", "unit__code", "unit__name")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
    fields = ("unit", "name", "address", "secret")
    actions = ("try_out", "stop", "begin")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the list, for its actions; a robot whose address has changed is made anew."""
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        typed = form.cleaned_data
        obj.pk = actions.make(
            obj.unit_id, obj.name, address=typed["address"], secret=typed["secret"], by=by(request), at=now()
        )

    @admin.action(description=_("Send a message of trial"), permissions=["change"])
    def try_out(self, request: HttpRequest, rows: QuerySet[Group]) -> None:
        self.each(request, rows, lambda group: actions.test(group.pk, by=by(request), at=now()))

    @admin.action(description=_("Tell this group nothing more"), permissions=["change"])
    def stop(self, request: HttpRequest, rows: QuerySet[Group]) -> None:
        self._set(request, rows, active=False)

    @admin.action(description=_("Tell this group again"), permissions=["change"])
    def begin(self, request: HttpRequest, rows: QuerySet[Group]) -> None:
        self._set(request, rows, active=True)

    def _set(self, request: HttpRequest, rows: QuerySet[Group], *, active: bool) -> None:
        self.each(request, rows, lambda group: actions.set_active(group.pk, active=active, by=by(request), at=now()))
