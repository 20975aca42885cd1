"""For everybody: what was reported and what became of it, in numbers; feeds by area. For oneself: a calendar."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from yizhi.cases.city import current
from yizhi.core.city import City
from yizhi.core.town import RANKS
from yizhi.doors import words
from yizhi.doors.pages import actor, page, show
from yizhi.opendata import actions, formats, queries
from yizhi.opendata.queries import Figures
from yizhi.opendata.rules import LEAST, Told, month_of, months

_HOUR = "public, max-age=3600"
_COLUMNS = ("reported", "closed", "confirmed", "declined", "pending", "other", "hours")


@require_safe
@page
def figures(request: HttpRequest) -> HttpResponse:
    at, city = timezone.now(), current()
    known = months(timezone.localdate(at))
    month = month_of(request.GET.get("month", ""), timezone.localdate(at))
    found = next(iter(queries.figures([month])), None)
    context = {"month": month, "months": known, "found": found, "city": city, "least": LEAST} | _named(found, city)
    return show(request, "opendata/open.html", context, at=at)


def _named(found: Figures | None, city: City) -> dict[str, list[tuple[str, Any]]]:
    """The lines of both tables with their names, and the streets that have a feed."""
    names, root = city.town.area_names, city.profile.root_area
    streets = sorted(code for code in names if RANKS.get(len(code)) == "street" and code.startswith(root))
    return {
        "areas": [(names.get(row.code, row.code), row) for row in found.areas] if found else [],
        "categories": [(words.category_name(city.profile, row.code), row) for row in found.categories] if found else [],
        "streets": [(code, names[code]) for code in streets],
    }


@require_safe
def data(request: HttpRequest, form: str) -> HttpResponse:
    """Every month that was counted. What is left out is empty."""
    city, found = current(), queries.figures(months(timezone.localdate()))
    rows = [row for month in found for row in _rows(month, city)]
    if form == "csv":
        raw, kind = formats.table(list(rows[0]) if rows else _HEAD, [list(row.values()) for row in rows]), "text/csv"
    else:
        told = {"city": city.profile.code, "area": city.profile.root_area, "least": LEAST, "rows": rows}
        raw, kind = msgspec.json.encode(told), "application/json"
    return _open_answer(raw, f"{kind}; charset=utf-8")


_HEAD = ("month", "by", "code", "name", *_COLUMNS)


def _rows(found: Figures, city: City) -> list[dict[str, Any]]:
    named = _named(found, city)
    return [
        _row(found.month, "all", found.total, city.profile.name_zh),
        *(_row(found.month, "area", row, name) for name, row in named["areas"]),
        *(_row(found.month, "category", row, name) for name, row in named["categories"]),
    ]


def _row(month: date, by: str, told: Told, name: str) -> dict[str, Any]:
    numbers = asdict(told)
    head = {"month": f"{month:%Y-%m}", "by": by, "code": told.code, "name": name}
    return head | {column: numbers[column] for column in _COLUMNS}


@require_safe
@page
def feed(request: HttpRequest, area: str) -> HttpResponse:
    at = timezone.now()
    address, home = (request.build_absolute_uri(path) for path in (request.path, reverse("open")))
    return _open_answer(formats.atom(queries.feed(area, at=at), address, home, at), "application/atom+xml")


def _open_answer(raw: bytes, kind: str) -> HttpResponse:
    """Programs of other sites may read it, and may keep it for an hour."""
    return HttpResponse(raw, content_type=kind, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": _HOUR})


@require_http_methods(["GET", "HEAD", "POST"])
@page
@sensitive_variables("secret")
def mine(request: HttpRequest) -> HttpResponse:
    """The link to one's own calendar: made here and shown this once, or ended."""
    at, who, secret = timezone.now(), actor(request), ""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            actions.end_link(by=who, at=at)
            return redirect("my_calendar")
        secret = actions.make_link(by=who, at=at)
    link = request.build_absolute_uri(reverse("calendar", kwargs={"secret": secret})) if secret else ""
    context = {"who": who, "link": link, "has_link": queries.has_link(who, at=at)}
    return show(request, "opendata/calendar.html", context, at=at)


@require_safe
@page
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    at: datetime = timezone.now()
    host, before = request.get_host().partition(":")[0], request.build_absolute_uri("/desk/")
    raw = formats.calendar(queries.deadlines(secret, at=at), host, before, at)
    return HttpResponse(raw, content_type="text/calendar; charset=utf-8")
