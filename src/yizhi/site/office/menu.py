"""The sidebar: the pages and registers in the order of an administrator's work, each only for whom it opens to."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yizhi.site.office.frame import may_open

Item = dict[str, Any]


def _item(title: Any, icon: str, address: str, open_to: Callable[[HttpRequest], bool]) -> Item:
    return {"title": title, "icon": icon, "link": reverse(address), "permission": open_to}


def _page(name: str, title: Any, icon: str) -> Item:
    return _item(title, icon, name, lambda request: may_open(request, name))


def _register(model: str, title: Any, icon: str) -> Item:
    app, _dot, name = model.partition(".")
    see = f"{app}.view_{name}"
    return _item(title, icon, f"admin:{app}_{name}_changelist", lambda request: request.user.has_perm(see))


def sidebar(request: HttpRequest) -> list[Item]:
    """Groups without anything in them are left out."""
    groups: list[dict[str, Any]] = [
        {"title": "", "items": [_page("office_home", _("What is to do"), "checklist")]},
        {
            "title": _("The city"),
            "items": [
                _page("office_rules", _("Rules of the city"), "rule"),
                _page("office_rehearse", _("Rehearsal"), "science"),
                _register("cases.calendarday", _("Holidays"), "calendar_month"),
                _register("places.area", _("Areas and grids"), "map"),
                _register("places.areasuccession", _("Changes of areas"), "merge"),
                _page("office_stickers", _("Codes to scan"), "qr_code_2"),
            ],
        },
        {
            "title": _("People"),
            "items": [
                _page("office_staff", _("Staff and deputies"), "badge"),
                _page("office_gaps", _("Staffing gaps"), "person_alert"),
                _page("office_staff_import", _("Staff from a sheet"), "upload_file"),
                _page("office_hand_over", _("Hand over"), "move_up"),
                _register("people.account", _("Accounts"), "account_circle"),
                _register("people.unit", _("Units"), "apartment"),
                _register("people.post", _("Posts"), "chair"),
                _register("people.service", _("Services"), "work_history"),
            ],
        },
        {
            "title": _("Doors and keys"),
            "items": [
                _page("office_mail", _("Mail server"), "mail"),
                _page("office_delivery", _("Messages sent"), "outgoing_mail"),
                _register("groups.group", _("Robots in groups"), "smart_toy"),
                _register("people.apitoken", _("Keys for programs"), "key"),
                _page("office_token", _("New key for a program"), "add"),
                _page("office_connections", _("Departments' systems"), "lan"),
                _register("people.signinlink", _("Sign-in links"), "link"),
                _register("oidc.identity", _("Sign-ins elsewhere"), "passkey"),
            ],
        },
        {
            "title": _("Protection and trails"),
            "items": [
                _page("office_erase", _("Erase a reporter's data"), "delete_forever"),
                _register("people.trail", _("Trail"), "history"),
                _register("cases.look", _("Looks at contacts"), "visibility"),
                _register("cases.conflict", _("Sent twice"), "warning"),
            ],
        },
    ]
    return [group for group in groups if any(item["permission"](request) for item in group["items"])]
