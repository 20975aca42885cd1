"""Online chat, for a resident: opened at a place, gone on with by a long code, ended whenever they like."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases.queries import spots
from yizhi.core.errors import Refusal
from yizhi.doors import throttle
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import opened, page, show, throttle_reports, wants_part
from yizhi.wishes import actions, queries
from yizhi.wishes.forms import Typed
from yizhi.wishes.queries import Conversation

#: By one code: faster than anybody types.
_SAYING: Final = throttle.Limit("talk", 20, 1)


@require_safe
@page
def places(request: HttpRequest) -> HttpResponse:
    """Whom to ask, for whoever has no sticker at hand."""
    return show(request, "wishes/places.html", {"streets": spots.streets(), "way": "chat"}, at=timezone.now())


# No cookie gives any power here (the code in the address does), so no token is asked for.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """The first words to the desk of a place."""
    at, spot, form, status = timezone.now(), spots.spot(code), Typed.of(request, "text"), 200
    if request.method == "POST":
        try:
            throttle_reports(request, spot.scan.code)
            found = actions.begin(spot.scan.area, form.values["text"], at=at, key=form.values["key"])
            return redirect(reverse("talk", kwargs={"code": found}) + kept_type(request))
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"spot": spot, "desk": queries.answering(spot), "form": form}
    return show(request, "wishes/begin.html", context, at=at, status=status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def talk(request: HttpRequest, code: str) -> HttpResponse:
    """The conversation. A page that is open asks by itself whether anything is new."""
    at, found, form = timezone.now(), opened(request, queries.held, code), Typed.of(request, "text")
    if request.method == "POST":
        try:
            throttle.take(_SAYING, code, at=at)
            actions.say(code, form.values["text"], at=at, key=form.values["key"])
            return redirect(_here(request, code) + "#last")
        except Refusal as refusal:
            return _page(request, code, queries.held(code), form, at, form.refuse(refusal))
    if wants_part(request) and request.GET.get("seen") == found.mark:
        return HttpResponse(status=204)
    return _page(request, code, found, form, at)


@csrf_exempt
@require_POST
@page
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Ended by the resident; `erase`: and nothing of it is left."""
    at, erase = timezone.now(), "erase" in request.POST
    opened(request, queries.held, code)
    actions.end(code, at=at, erase=erase)
    return show(request, "wishes/erased.html", {}, at=at) if erase else redirect(_here(request, code))


def _here(request: HttpRequest, code: str) -> str:
    return reverse("talk", kwargs={"code": code}) + kept_type(request)


def _page(
    request: HttpRequest, code: str, found: Conversation, form: Typed, at: datetime, status: int = 200
) -> HttpResponse:
    context = {
        "code": code,
        "talk": found,
        "form": form,
        "here": reverse("talk", kwargs={"code": code}),
        "open": found.city.profile.calendar.is_open(at),
    }
    return show(request, "wishes/talk.html", context, part="wishes/_lines.html", at=at, status=status)
