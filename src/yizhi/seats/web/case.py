"""One case: shown, moved, looked into. Field and desk open the same page."""

import random
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import actions
from yizhi.cases import queries as cases
from yizhi.core.actor import Actor
from yizhi.core.errors import MissingFact, NotAllowed, NotFound, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import actor, page, show
from yizhi.doors.sent import sent
from yizhi.seats import forms, queries, showing
from yizhi.seats.case_page import case_page
from yizhi.seats.forms import MoveForm
from yizhi.seats.rules import Seat
from yizhi.seats.slip import slip


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


@require_safe
@page
def around(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """What lies around a case: the ground as a picture, and the matters near it."""
    at, who = timezone.now(), actor(request)
    whole = cases.case(who, number)
    opened = case_page(whole, who, seat, around=queries.around(who, whole, at=at))
    return showing.case(request, opened, who, at, part="seats/_around.html")


@require_safe
@page
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The slip that goes with a case, on one A4 page."""
    at, who = timezone.now(), actor(request)
    whole = cases.case(who, number)
    context = {"page": case_page(whole, who, "desk"), "slip": slip(whole)}
    return show(request, "seats/slip.html", context, at=at)


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
    key, expected, later = form.key or None, form.expected, sent(request)
    try:
        facts = form.given(request)
        draw = random.random()  # whether a self-solved matter is in the sample that gets checked
        actions.move(
            number,
            form.move,
            facts,
            by=who,
            at=at,
            expected=expected,
            key=key,
            photos=form.photos,
            draw=draw,
            after=later.after,
            happened=later.happened,
        )
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
