"""走访: who wishes to be visited, visits on the phone, what came of them; an enterprise chooses from the law menu."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases.city import current, profile
from yizhi.cases.queries import spots
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, NotFound, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import actor, page, show, throttle_reports
from yizhi.doors.sent import sent
from yizhi.services import actions, forms, queries, rules
from yizhi.services import page as pages
from yizhi.services.actions import Asked
from yizhi.services.forms import Form
from yizhi.services.queries import Person

_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page
def visits(request: HttpRequest) -> HttpResponse:
    """All that is agreed on one's ground: what waits for a day, today's, the coming ones."""
    at, who = timezone.now(), actor(request)
    rules.require(who)
    context = _common(who) | {"groups": pages.visit_groups(queries.visits(who, localdate(at)), localdate(at))}
    return show(request, "services/visits.html", context, at=at)


@_form
@page
def agree(request: HttpRequest, sort: str) -> HttpResponse:
    """Somebody wished to be visited, or agreed to it."""
    at, who, status = timezone.now(), actor(request), 200
    rules.require(who)
    kind = rules.sort_of(sort)
    form = Form.of(request, *forms.VISIT, several=("topics",)).at_one_of(spots.reporting_places(who, at))
    if request.method == "POST":
        try:
            wished, person, values = forms.wished(form), forms.person(form), form.values
            number = actions.agree_here(
                kind, form.area, values["place"], wished, person, by=who, at=at, key=values["key"]
            )
            return redirect("visit", number=number)
        except Refusal as refusal:
            status = form.refuse(refusal)
    topics = profile().services.topics_for(law=kind == "enterprise")
    context = _common(who) | {"form": form, "sort": kind, "topics": topics, "agreed": rules.AGREED}
    context |= {"every": rules.EVERY}
    return show(request, "services/agree.html", context, at=at, status=status)


@require_safe
@page
def visit(request: HttpRequest, number: int) -> HttpResponse:
    """One visit: masked, with what can be said of it."""
    return _visit(request, number, timezone.now())


@require_POST
@page
def made(request: HttpRequest, number: int) -> HttpResponse:
    """One tap: all well, or nobody was in."""
    who, at, given = actor(request), timezone.now(), request.POST
    try:
        came, when = rules.came(given.get("came", "")), sent(request).happened or at
        due = forms.day(given.get("day", ""), "day", N_("Next visit"))
        actions.made(number, came, due, by=who, at=when, key=given.get("key", "")[:100])
    except NotFound:
        raise
    except Refusal as refusal:
        return _visit(request, number, at, refusal=refusal)
    return redirect("field" if pages.seat_of(who) == "field" else "visits")


@require_POST
@page
def asked(request: HttpRequest, number: int) -> HttpResponse:
    """Something was asked for: a matter like every other."""
    who, at, given = actor(request), timezone.now(), request.POST
    what = Asked(given.get("text", ""), given.get("topic", ""), contact=bool(given.get("contact")))
    try:
        made = actions.asked(
            number, what, by=who, at=at, key=given.get("key", "")[:100], happened=sent(request).happened
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _visit(request, number, at, refusal=refusal, typed=what)
    return redirect(f"{pages.seat_of(who)}_case", number=made)


@require_POST
@page
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Who it is and which door, for a purpose; the look is kept."""
    who, at = actor(request), timezone.now()
    try:
        person = actions.see(number, purpose=request.POST.get("purpose", ""), by=who, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return _visit(request, number, at, refusal=refusal)
    return _visit(request, number, at, person=person)


@require_POST
@page
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Another day, how often, until when."""
    who, at = actor(request), timezone.now()
    form = Form.of(request, *forms.VISIT, several=("topics",))
    try:
        actions.settle(number, forms.wished(form), by=who, at=sent(request).happened or at)
    except NotFound:
        raise
    except Refusal as refusal:
        return _visit(request, number, at, refusal=refusal)
    return redirect("visit", number=number)


@require_POST
@page
def end(request: HttpRequest, number: int) -> HttpResponse:
    """They do not wish it any more: all of it goes."""
    actions.end(number, by=actor(request), at=timezone.now())
    return redirect("visits")


def _visit(
    request: HttpRequest,
    number: int,
    at: datetime,
    *,
    person: Person | None = None,
    refusal: Refusal | None = None,
    typed: Asked | None = None,
) -> HttpResponse:
    who = actor(request)
    answer: Answer | None = answer_for(refusal) if refusal else None
    found = queries.visit(who, number, localdate(at))
    context = _common(who) | {"visit": found, "person": person, "answer": answer, "typed": typed}
    context |= {"looks": queries.looks(number), "every": rules.EVERY, "agreed": rules.AGREED}
    return show(request, "services/visit.html", context, at=at, status=answer.status if answer else 200)


def _common(who: Actor) -> dict[str, Any]:
    return {"who": who, "seat": pages.seat_of(who), "city": current(), "plan": profile().services}


# -- the law menu -----------------------------------------------------------------------------------------------------


@require_safe
@page
def law_places(request: HttpRequest) -> HttpResponse:
    """Where the enterprise is."""
    return show(request, "services/places.html", {"streets": spots.streets(), "way": "law_menu"}, at=timezone.now())


# No cookie gives any power here, so no token is asked for.
@csrf_exempt
@_form
@page
def law_menu(request: HttpRequest, code: str) -> HttpResponse:
    """普法套餐: an enterprise chooses what it wants to hear about; nobody comes otherwise."""
    at, spot, status = timezone.now(), spots.spot(code), 200
    form = Form.of(request, *forms.VISIT, several=("topics",))
    if request.method == "POST":
        try:
            throttle_reports(request, spot.scan.code)
            wished, person, values = forms.wished(form), forms.person(form), form.values
            receipt = actions.wish(spot, values["place"], wished, person, at=at, key=values["key"])
            return redirect(reverse("track", kwargs={"code": receipt.code}) + kept_type(request))
        except Refusal as refusal:
            status = form.refuse(refusal)
    topics = profile().services.topics_for(law=True)
    return show(request, "services/law_menu.html", {"spot": spot, "form": form, "topics": topics}, at=at, status=status)
