"""At the desk: how rounds stand today, area by area; and the register of points of care."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi import sheets
from yizhi.cases.city import current
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import actor, page, show
from yizhi.patrols import actions, sheet
from yizhi.patrols import page as pages
from yizhi.patrols.forms import POINT, PointForm, typed_of

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 300


@require_safe
@page
def day(request: HttpRequest) -> HttpResponse:
    """Today, area by area: rounds, never who made them."""
    at, who = timezone.now(), actor(request)
    found = pages.overview(who, request.GET.get("area", ""), at)
    return show(request, "patrols/day.html", {"who": who, "page": found}, at=at)


@require_safe
@page
def register(request: HttpRequest) -> HttpResponse:
    """The points of care of one's ground."""
    at, who, asked = timezone.now(), actor(request), request.GET
    typed = {name: asked.get(name, "")[:100] for name in ("area", "kind", "q")}
    found = pages.listed(who, typed["area"], typed["kind"], typed["q"], _SHOWN + 1)
    context = {"who": who, "typed": typed, "points": found[:_SHOWN], "more": len(found) > _SHOWN}
    context |= {"choices": pages.choices(who, at), "city": current(), "done": asked.get("done", "")}
    return show(request, "patrols/register.html", context, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def add(request: HttpRequest) -> HttpResponse:
    """A place is put into the register."""
    usual = {name: request.GET.get(name, "")[:100] for name in ("kind", "area")}
    return _form(request, None, PointForm.of(request, *POINT, **usual))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def change(request: HttpRequest, number: int) -> HttpResponse:
    """What is said of a place is put right."""
    found = pages.point_of(actor(request), number)
    return _form(request, number, PointForm.of(request, *POINT, **typed_of(found)))


def _form(request: HttpRequest, number: int | None, form: PointForm) -> HttpResponse:
    at, who, status = timezone.now(), actor(request), 200
    choices = pages.choices(who, at)
    if request.method == "POST":
        try:
            actions.keep(number, form.row(current().profile.patrols), by=who, at=at)
            return redirect(f"{reverse('points')}?area={form.values['area']}&done={'changed' if number else 'added'}")
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"who": who, "form": form, "choices": choices, "number": number}
    return show(request, "patrols/point.html", context, at=at, status=status)


@require_POST
@page
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """A place is looked after no more."""
    found = pages.point_of(actor(request), number)
    actions.withdraw(number, by=actor(request), at=timezone.now())
    return redirect(f"{reverse('points')}?area={found.area}&done=withdrawn")


@require_safe
@page
def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet, with the kinds and grids to choose from beside it."""
    at = timezone.now()
    return _sheet(sheet.template(pages.choices(actor(request), at)))


@require_safe
@page
def listed(request: HttpRequest) -> HttpResponse:
    """The register as a sheet, as narrowed as on the page."""
    at, who, asked = timezone.now(), actor(request), request.GET
    found = pages.listed(who, asked.get("area", ""), asked.get("kind", ""), asked.get("q", ""), sheets.MAX_ROWS)
    return _sheet(sheet.listed(found, pages.choices(who, at)))


def _sheet(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Points of care'))}.xlsx"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@page
def take_in(request: HttpRequest) -> HttpResponse:
    """Many places from a sheet: first it is looked at; one fault, and nothing is taken in."""
    at, who, status = timezone.now(), actor(request), 200
    context: dict[str, Any] = {"who": who, "only": "only" in request.POST, "choices": pages.choices(who, at)}
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            context["answer"] = answer_for(BadFact(fact="file", label=N_("Sheet"), why=N_("please choose it")))
        else:
            look = context["look"] = sheet.read(upload.read(sheets.MAX_BYTES + 1), by=who)
            if not look.faults and not context["only"]:
                context["taken"] = sheet.take_in(look, by=who, at=at)
        status = 422 if "answer" in context or context["look"].faults else 200
    return show(request, "patrols/take_in.html", context, at=at, status=status)
