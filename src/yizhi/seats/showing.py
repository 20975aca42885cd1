"""From what a seat asked and did to its pages: which template, which part, which way on."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from yizhi.cases.actions import Receipt
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.case import STAGES
from yizhi.core.city import City
from yizhi.core.town import WIDTHS
from yizhi.doors import words
from yizhi.doors.forms import category_groups
from yizhi.doors.pages import show, wants_part
from yizhi.seats import forms, queries, rules
from yizhi.seats.cards import field_cards
from yizhi.seats.case_page import CasePage
from yizhi.seats.forms import RegisterForm

#: Whose matters a list shows.
VIEWS: Final = {"mine": N_("In our hands"), "involved": N_("We have a part"), "all": N_("In our area")}
#: Parts of an address that belong to one moment.
_PASSING = ("after", "done", "gone", "into", "slip")


@dataclass(frozen=True, slots=True)
class Link:
    """A filter. `counted` is the key under which `cases.queries.counts` counts it."""

    label: str
    href: str
    active: bool
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    label: str
    links: list[Link]


def view_of(request: HttpRequest, seat: rules.Seat) -> str:
    """The field begins with all that needs a hand of its own, the desk with what it holds."""
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else ("involved" if seat == "field" else "mine")


def query(request: HttpRequest, **changes: str) -> str:
    """The filters of an address, changed; as "?…", or "" when none are left."""
    asked = {name: value for name, value in request.GET.items() if name not in _PASSING} | changes
    kept = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def filters(request: HttpRequest, who: Actor, seat: rules.Seat, city: City) -> dict[str, Any]:
    """The filters as links; an address says all that a list shows."""
    asked, view = request.GET, view_of(request, seat)
    here = reverse(seat)
    stage, late, scope = asked.get("stage", ""), asked.get("late", ""), asked.get("scope", "")
    sees = any("see" in post.acts for post in who.posts)
    views = [Link(_(label), here + query(request, view=name, scope=""), name == view) for name, label in VIEWS.items()]
    stages = [Link(_("All open"), here + query(request, stage="", late=""), not stage and not late, "open")]
    stages.append(Link(_("Late"), here + query(request, stage="", late="1"), bool(late), "overdue"))
    stages += [
        Link(words.stage_name(name), here + query(request, stage=name, late=""), name == stage, name)
        for name in STAGES
        if name != "new"
    ]
    groups = [Links("", views if sees else views[:2]), Links(_("Stage"), stages)]
    groups.append(Links(_("Kind"), _kinds(request, here, city)))
    if sees and view == "all":
        groups.append(Links(_("Place"), _places(request, here, who, scope, city)))
    return {
        "groups": groups,
        "query": query(request),
        "view": view,
        "search": asked.get("q", ""),
        "keys": rules.KEYS,
    }


def field(request: HttpRequest, found: queries.Inbox, who: Actor, at: datetime) -> dict[str, Any]:
    """What today's page shows beside the rows: a card for each, and what of one's own reports was put right."""
    context: dict[str, Any] = {"cards": field_cards(found.page.rows, who, found.city)}
    return context if wants_part(request) else context | {"news": queries.news(who, at)}


def _kinds(request: HttpRequest, here: str, city: City) -> list[Link]:
    chosen = request.GET.get("kind", "")
    links = [
        Link(words.kind_name(kind), here + query(request, kind=code), code == chosen)
        for code, kind in city.kinds.items()
    ]
    return [Link(_("All"), here + query(request, kind=""), not chosen), *links] if len(links) > 1 else []


def _places(request: HttpRequest, here: str, who: Actor, scope: str, city: City) -> list[Link]:
    """One level down from the chosen place, and the way back up."""
    names = city.town.area_names
    roots = sorted({area for post in who.posts if "see" in post.acts for area in post.scope.include})
    inside = bool(scope) and any(scope.startswith(root) for root in roots)
    links = [Link(_("All"), here + query(request, scope=""), not scope)]
    if inside:
        links.append(Link(words.place_name(names, scope, since=len(scope)), here + query(request), True))
    for base in [scope] if inside else roots:
        width = next((width for width in WIDTHS if width > len(base)), 0)
        below = sorted(code for code in names if len(code) == width and code.startswith(base))
        links += [
            Link(words.place_name(names, code, since=width), here + query(request, scope=code), False) for code in below
        ]
    return links


def home(request: HttpRequest, who: Actor, at: datetime) -> HttpResponse:
    """Officials to their seat; everybody else to the ways in."""
    if who.account is None:
        return show(request, "seats/home.html", {"city": current()}, at=at)
    if who.admin and not who.posts:
        return redirect("/admin/")
    return redirect(rules.home(kinds_of(who), phone="Mobi" in request.headers.get("User-Agent", "")))


def kinds_of(who: Actor) -> list[str]:
    units = current().town.units
    return [units[code].kind for code in who.units if code in units]


def case(
    request: HttpRequest, page: CasePage, who: Actor, at: datetime, *, part: str = "seats/_case.html", status: int = 200
) -> HttpResponse:
    """A case: at the desk beside the list, when the whole page is asked for."""
    context: dict[str, Any] = {"page": page, "seat": page.seat, "who": who, "query": query(request)}
    context |= {"purposes": forms.PURPOSES, "hand_on": rules.HANDING_ON}
    if page.seat == "field":
        context |= {"at_once": rules.AT_ONCE, "police": "station" in kinds_of(who)}
    if page.seat == "desk" and not wants_part(request):
        wanted = forms.filter_of(request, view_of(request, "desk"))
        context |= {"inbox": queries.inbox(who, wanted, at=at), **filters(request, who, "desk", page.whole.city)}
    response = show(request, f"seats/{page.seat}_case.html", context, part=part, at=at, status=status)
    if page.done and wants_part(request):
        response["HX-Trigger"] = "moved"
        response["HX-Replace-Url"] = reverse(f"{page.seat}_case", args=[page.whole.number]) + query(request)
    return response


def moved(request: HttpRequest, seat: rules.Seat, number: str, move: str) -> HttpResponse:
    """On to the case as it stands now; that page knows when it has left one's hands."""
    where = reverse(f"{seat}_case", args=[number]) + query(request, done=move)
    if not wants_part(request):
        return redirect(where)
    response = HttpResponse()
    response["HX-Location"] = json.dumps({"path": where, "target": "#case", "swap": "outerHTML"})
    return response


def gone(request: HttpRequest, seat: rules.Seat, number: str) -> HttpResponse:
    """The move took the case out of one's hands: back to the list, which says so."""
    handed_on = request.GET.get("done") in rules.HANDING_ON
    where = reverse(seat) + query(request, gone=number, slip="1" if handed_on else "")
    if not wants_part(request):
        return redirect(where)
    response = HttpResponse()
    response["HX-Redirect"] = where
    return response


def register_form(request: HttpRequest, who: Actor, at: datetime) -> RegisterForm:
    return forms.register_form(request, queries.reporting_places(who, at), list(category_groups(current())))


def registered(
    request: HttpRequest, receipt: Receipt, form: RegisterForm, seat: rules.Seat, at: datetime
) -> HttpResponse:
    """The slip for whoever told it. Sending the same form again shows the same slip."""
    city = current()
    holder, category = city.town.units.get(receipt.held_by), city.profile.category(form.values["category"])
    context = {
        "receipt": receipt,
        "seat": seat,
        "holder": holder,
        "place": words.place_name(city.town.area_names, receipt.area),
        "emergency": category.emergency if category else "",
        "answerable": bool(form.values["phone"].strip()),
    }
    return show(request, "seats/registered.html", context, at=at, status=200)
