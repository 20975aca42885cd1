"""Staff and deputies: who serves where, many at once from a sheet, a leaver's posts passed on."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from yizhi.cases import city
from yizhi.core.errors import Refusal
from yizhi.office import by, now
from yizhi.people import actions, queries, sheets
from yizhi.places.queries import children
from yizhi.site import drafts
from yizhi.site.office.frame import account_of, office, refuse, show, typed_login

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@office("office_staff")
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Every post with whoever serves there; what is looked for stands in the address."""
    asked = {key: request.GET.get(key, "").strip()[:64] for key in ("typed", "area", "filling")}
    page = request.GET.get("page", "1")
    found = queries.held_posts(by(request), at=now(), page=int(page) if page.isdecimal() else 1, **asked)
    profile = city.current().profile
    context = {
        "found": found,
        "asked": asked,
        "query": urlencode({key: value for key, value in asked.items() if value}),
        "roles": profile.roles,
        "areas": children(profile.root_area, now()),
    }
    return show(request, "office/staff.html", _("Staff and deputies"), context)


@office("office_staff_sheet")
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """An empty sheet with the codes of units and roles to choose from."""
    now_in_force = city.current()
    units = [(unit.code, unit.name) for unit in now_in_force.town.units.values()]
    roles = [(role.code, role.title_zh) for role in now_in_force.profile.roles.values()]
    return attachment(sheets.template(units, roles), "staff.xlsx", SHEET)


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@office("office_staff_import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_staff(request: HttpRequest) -> HttpResponse:
    """First what would happen, row by row; the button below it does it."""
    if request.method != "POST":
        return show(request, "office/staff_import.html", _("Staff from a sheet"), {"report": None})
    owner, upload = str(by(request).account), request.FILES.get("file")
    if upload is not None:
        return _looked(request, upload.read(sheets.MAX_BYTES + 1), owner)
    content = drafts.kept(settings.DATA_DIR, owner, request.POST.get("draft", ""))
    if content is None:
        messages.error(request, _("What was handed in is gone; please hand it in again."))
        return redirect("office_staff_import")
    return _taken_in(request, content, owner)


def _looked(request: HttpRequest, content: bytes, owner: str) -> HttpResponse:
    report = actions.import_staff(content, city.current().profile.roles, by=by(request), at=now(), dry_run=True)
    draft = "" if report.faults else drafts.keep(settings.DATA_DIR, owner, content, at=now())
    return show(request, "office/staff_import.html", _("Staff from a sheet"), {"report": report, "draft": draft})


def _taken_in(request: HttpRequest, content: bytes, owner: str) -> HttpResponse:
    report = actions.import_staff(content, city.current().profile.roles, by=by(request), at=now())
    if report.faults:  # the registers have changed since the look
        return show(request, "office/staff_import.html", _("Staff from a sheet"), {"report": report, "draft": ""})
    drafts.drop(settings.DATA_DIR, owner, request.POST["draft"])
    said = ngettext("%(count)s row was taken in.", "%(count)s rows were taken in.", report.new) % {"count": report.new}
    messages.success(request, said)
    return redirect("office_staff")


@office("office_hand_over")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Who leaves, who takes over; first the posts that pass, then the button."""
    giver, taker = (typed_login(request.POST.get(key, "")) for key in ("giver", "taker"))
    context: dict[str, Any] = {
        "giver": giver,
        "taker": taker,
        "accounts": queries.account_choices(by(request)),
        "seats": None,
    }
    if request.method != "POST":
        return show(request, "office/hand_over.html", _("Hand over"), context)
    try:
        from_, to = account_of(giver), account_of(taker)
        if "sure" in request.POST:
            return _handed_over(request, from_, to)
        context["seats"] = queries.serving(from_, now())
    except Refusal as refusal:
        refuse(request, refusal)
    return show(request, "office/hand_over.html", _("Hand over"), context)


def _handed_over(request: HttpRequest, from_: int, to: int) -> HttpResponse:
    passed = actions.hand_over(from_, to, by=by(request), at=now())
    said = ngettext("%(count)s post was passed on.", "%(count)s posts were passed on.", passed) % {"count": passed}
    messages.success(request, f"{said} {_('The system administrator can now shut the account of whoever left.')}")
    return redirect("office_staff")
