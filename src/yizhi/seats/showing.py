"""From what a seat asked and did to its pages: which template, which part, which way on."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from yizhi.cases import panels
from yizhi.cases.actions import Receipt
from yizhi.cases.city import current
from yizhi.cases.queries.spots import reporting_places
from yizhi.core.actor import Actor
from yizhi.doors import words
from yizhi.doors.forms import category_groups
from yizhi.doors.pages import show, wants_part
from yizhi.doors.sent import sent
from yizhi.enterprise.queries import is_member
from yizhi.insight.rules import leads
from yizhi.patrols.queries import today
from yizhi.seats import forms, queries, rules
from yizhi.seats.cards import field_cards
from yizhi.seats.case_page import CasePage
from yizhi.seats.filters import filter_of, filters, query
from yizhi.seats.forms import RegisterForm
from yizhi.services import page as services


def field(request: HttpRequest, found: queries.Inbox, who: Actor, at: datetime) -> dict[str, Any]:
    """What today's page shows beside the rows: a card for each, and what of one's own reports was put right."""
    context: dict[str, Any] = {"cards": field_cards(found.page.rows, who, found.city)}
    if wants_part(request):
        return context
    return context | {"news": queries.news(who, at), "today": today(who, at), **services.today(who, at)}


def home(request: HttpRequest, who: Actor, at: datetime) -> HttpResponse:
    """Officials to their seat; everybody else to the ways in."""
    if who.account is None:
        return show(request, "seats/home.html", {"city": current()}, at=at)
    if who.admin and not who.posts:
        return redirect("/admin/")
    if is_member(who):
        return redirect("enterprise")
    if leads(who):
        return redirect("brief")
    return redirect(rules.home(kinds_of(who), phone="Mobi" in request.headers.get("User-Agent", "")))


def kinds_of(who: Actor) -> list[str]:
    units = current().town.units
    return [units[code].kind for code in who.units if code in units]


def case(
    request: HttpRequest, page: CasePage, who: Actor, at: datetime, *, part: str = "seats/_case.html", status: int = 200
) -> HttpResponse:
    """A case: at the desk beside the list, when the whole page is asked for."""
    context = case_context(request, page, who, at)
    if page.seat == "desk" and not wants_part(request):
        wanted = filter_of(request, "desk", at)
        context |= {"inbox": queries.inbox(who, wanted, at=at), **filters(request, who, "desk", page.whole.city)}
    response = show(request, f"seats/{page.seat}_case.html", context, part=part, at=at, status=status)
    if page.done and wants_part(request):
        response["HX-Trigger"] = "moved"
        response["HX-Replace-Url"] = reverse(f"{page.seat}_case", args=[page.whole.number]) + query(request)
    return response


def case_context(request: HttpRequest, page: CasePage, who: Actor, at: datetime) -> dict[str, Any]:
    """What the templates of a case need beside the time."""
    context: dict[str, Any] = {"page": page, "seat": page.seat, "who": who, "query": query(request)}
    context |= {"purposes": forms.PURPOSES, "hand_on": rules.HANDING_ON}
    context |= {"panels": panels.shown(page.whole, who, at), "later": sent(request).later}
    if page.seat == "field":
        context |= {"at_once": rules.AT_ONCE, "police": "station" in kinds_of(who)}
    return context


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
    return forms.register_form(request, reporting_places(who, at), list(category_groups(current())))


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
    response = show(request, "seats/registered.html", context, at=at, status=200)
    response["Content-Location"] = reverse(f"{seat}_case", args=[receipt.number])
    return response
