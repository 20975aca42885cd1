"""The seats: the field in a hand, the desk all day. Both open the same case page."""

import random
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import actions
from yizhi.cases import queries as cases
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.errors import MissingFact, NotAllowed, NotFound, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import actor, anybody, page, show
from yizhi.seats import forms, queries, showing
from yizhi.seats.case_page import case_page
from yizhi.seats.forms import MoveForm
from yizhi.seats.rules import Seat


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """For officials their own seat; for everybody else the ways in. A code typed here opens its matter."""
    if code := "".join(request.GET.get("code", "").split()):
        return redirect("track", code=code)
    return showing.home(request, anybody(request), timezone.now())


@require_safe
@page
def me(request: HttpRequest) -> HttpResponse:
    """One's posts, and the way out."""
    who = actor(request)
    return show(request, "seats/me.html", {"who": who, "kinds": showing.kinds_of(who)}, at=timezone.now())


@require_safe
@page
def inbox(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list of a seat."""
    at, who = timezone.now(), actor(request)
    found = queries.inbox(who, forms.filter_of(request, showing.view_of(request, seat)), at=at)
    context = {"inbox": found, "seat": seat, "who": who, **showing.filters(request, who, seat, found.city)}
    return show(request, f"seats/{seat}.html", context, part=f"seats/_{seat}_list.html", at=at)


@require_safe
@page
def counts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The filters once more, with how many lie behind each."""
    at, who = timezone.now(), actor(request)
    asked = forms.filter_of(request, showing.view_of(request, seat))
    wanted = replace(asked, stage="", overdue=False, text="", after="")
    context = {"counts": cases.counts(who, wanted, at=at), "seat": seat}
    context |= showing.filters(request, who, seat, current())
    return show(request, "seats/_filters.html", context, part="seats/_filters.html", at=at)


@require_safe
@page
def case(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """One case. After a move that took it out of one's hands: the list."""
    at, who = timezone.now(), actor(request)
    try:
        whole = cases.case(who, number)
    except NotFound:
        if "done" in request.GET:
            return showing.gone(request, seat, number)
        raise
    opened = case_page(whole, who, seat, done=forms.done_sentence(request.GET.get("done", ""), whole))
    return showing.case(request, opened, who, at)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def move(request: HttpRequest, seat: Seat, number: str, move: str) -> HttpResponse:
    """GET opens the form of a move in place, POST makes the move."""
    at, who = timezone.now(), replace(actor(request), door=seat)
    whole = cases.case(who, number)
    form = MoveForm.of(request, whole, who, move, at)
    if form is None or (request.method != "POST" and not form.open):
        return redirect(f"{seat}_case", number=number)
    if request.method == "POST":
        return _make(request, form, seat, number, who, at)
    return showing.case(request, case_page(whole, who, seat, form=form), who, at, part="seats/_form.html")


def _make(request: HttpRequest, form: MoveForm, seat: Seat, number: str, who: Actor, at: datetime) -> HttpResponse:
    """Refused: the form again over the case as it stands now, with what was typed and what happened meanwhile."""
    key, expected = form.key or None, form.expected
    try:
        facts = form.given(request)
        draw = random.random()  # whether a self-solved matter is in the sample that gets checked
        actions.move(number, form.move, facts, by=who, at=at, expected=expected, key=key, photos=form.photos, draw=draw)
    except Refusal as refusal:
        whole = cases.case(who, number)
        status = form.refuse(refusal, whole, who, at)
        return showing.case(request, case_page(whole, who, seat, form=form), who, at, status=status)
    return showing.moved(request, seat, number, form.move)


@require_POST
@page
def look(request: HttpRequest, seat: Seat, number: str, field: str) -> HttpResponse:
    """A personal field in full, for a purpose that the person will read."""
    at, who = timezone.now(), actor(request)
    shown, answer = {}, None
    try:
        shown[field] = actions.look(number, field, purpose=forms.purpose_of(request), by=who, at=at)
    except (MissingFact, NotAllowed) as refusal:
        answer = answer_for(refusal)
    opened = case_page(cases.case(who, number), who, seat, shown=shown, answer=answer)
    status = answer.status if answer else 200
    return showing.case(request, opened, who, at, part="seats/_contact.html", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def register(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What an official found, or was told at the window, is typed in."""
    at, who = timezone.now(), replace(actor(request), door=seat)
    forms.require(who, "report")
    form = showing.register_form(request, who, at)
    status = 200
    if request.method == "POST":
        try:
            receipt = actions.report(form.report(request, seat), by=who, at=at, key=form.values["key"])
            return showing.registered(request, receipt, form, seat, at)
        except Refusal as refusal:
            status = form.refuse(refusal)
    return show(request, "seats/register.html", {"form": form, "seat": seat, "who": who}, at=at, status=status)
