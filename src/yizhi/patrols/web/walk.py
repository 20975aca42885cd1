"""A round on the phone: everything in order by one tap, or place by place. Forms carry a key of their own and the mark
`data-offline`, so that a phone without a net keeps and sends them later."""

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.core.errors import N_, BadFact, NotFound, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.forms import category_groups
from yizhi.doors.pages import actor, page, show
from yizhi.doors.sent import sent
from yizhi.patrols import actions, queries
from yizhi.patrols.forms import FindingForm
from yizhi.patrols.rules import HOWS, What

_SAID: Final[Mapping[str, What]] = {"fine": "fine", "unreached": "unreached"}


@require_safe
@page
def walk(request: HttpRequest, number: int) -> HttpResponse:
    """One round, with its places."""
    return _walk(request, number, timezone.now())


@require_POST
@page
def in_order(request: HttpRequest, number: int) -> HttpResponse:
    """All the rest is in order."""
    who, at = actor(request), timezone.now()
    try:
        actions.in_order(number, by=who, at=sent(request).happened or at)
    except NotFound:
        raise
    except Refusal as refusal:
        return _walk(request, number, at, refusal)
    return redirect("patrol_walk", number=number)


@require_POST
@page
def say(request: HttpRequest, number: int, point: int) -> HttpResponse:
    """One place is in order, or could not be seen."""
    who, at, what = actor(request), timezone.now(), _SAID.get(request.POST.get("what", ""))
    try:
        if what is None:
            raise BadFact(fact="what", label=N_("What was seen"), why=N_("please choose one"))
        reason = request.POST.get("reason", "")
        actions.say(number, point, what, reason=reason, by=who, at=sent(request).happened or at)
    except NotFound:
        raise
    except Refusal as refusal:
        return _walk(request, number, at, refusal)
    return redirect("patrol_walk", number=number)


@require_POST
@page
def explain(request: HttpRequest, number: int) -> HttpResponse:
    """Why the round was not made."""
    who, at = actor(request), timezone.now()
    try:
        actions.explain(number, request.POST.get("why", ""), by=who, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return _walk(request, number, at, refusal)
    return redirect("field")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def find(request: HttpRequest, number: int, point: int) -> HttpResponse:
    """Something was found at a place: a report with the place filled in."""
    who, at, status = actor(request), timezone.now(), 200
    found = queries.walk(who, number)
    stop = found.stop(point)
    form = FindingForm.of(request, "text", "category", "how", "done", category=stop.kind.category, how="pass")
    if request.method == "POST":
        try:
            finding = form.finding(request, sent(request).happened)
            draw = random.random()  # whether a self-solved matter is in the sample that gets checked
            key = form.values["key"]
            receipt = actions.find(number, point, finding, by=who, at=at, key=key, draw=draw)
            context = {"who": who, "walk": queries.walk(who, number), "stop": stop, "found": receipt}
            response = show(request, "patrols/found.html", context, at=at)
            response["Content-Location"] = reverse("field_case", args=[receipt.receipt.number])
            return response
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {
        "who": who,
        "walk": found,
        "stop": stop,
        "form": form,
        "hows": HOWS,
        "categories": list(category_groups(found.city)),
    }
    return show(request, "patrols/find.html", context, at=at, status=status)


def _walk(request: HttpRequest, number: int, at: datetime, refusal: Refusal | None = None) -> HttpResponse:
    who = actor(request)
    found, answer = queries.walk(who, number), answer_for(refusal) if refusal else None
    context = {"who": who, "walk": found, "answer": answer}
    return show(request, "patrols/walk.html", context, at=at, status=answer.status if answer else 200)
