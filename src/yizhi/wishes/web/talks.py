"""Online chat, at the desk: which conversations wait, one of them, and what is made of it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, NotAllowed, Refusal
from yizhi.doors.pages import actor, page, show, wants_part
from yizhi.wishes import actions, queries
from yizhi.wishes.forms import Typed


@require_safe
@page
def talks(request: HttpRequest) -> HttpResponse:
    """Conversations under way, those that wait on top. What has ended is in no list."""
    at, who = timezone.now(), _answering(request)
    context = {"who": who, "waiting": queries.waiting(who), "city": current()}
    return show(request, "wishes/talks.html", context, part="wishes/_talks.html", at=at)


@require_safe
@page
def owed(request: HttpRequest) -> HttpResponse:
    """The figure in the bar."""
    number = queries.owed(_answering(request))
    return show(request, "wishes/owed.html", {"count": number}, part="wishes/owed.html", at=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@page
def talk(request: HttpRequest, talk: int) -> HttpResponse:
    """One conversation, and the answer to it."""
    at, who, form = timezone.now(), _answering(request), Typed.of(request, "text")
    found, status = queries.of_desk(who, talk), 200
    if request.method == "POST":
        try:
            actions.answer(talk, form.values["text"], by=who, at=at, key=form.values["key"])
            return redirect("desk_talk", talk=talk)
        except Refusal as refusal:
            status = form.refuse(refusal)
            found = queries.of_desk(who, talk)
    if wants_part(request) and request.GET.get("seen") == found.mark:
        return HttpResponse(status=204)
    return _page(request, who, found, form, at, status)


@require_POST
@page
def make_case(request: HttpRequest, talk: int) -> HttpResponse:
    """The conversation becomes a matter with its words; on to the matter."""
    at, who = timezone.now(), _answering(request)
    actions.make_case(talk, by=who, at=at)
    return redirect("desk_case", number=queries.of_desk(who, talk).number)


@require_POST
@page
def end(request: HttpRequest, talk: int) -> HttpResponse:
    """Ended by the desk, when it has answered."""
    at, who, form = timezone.now(), _answering(request), Typed.of(request, "text")
    try:
        actions.end_at_desk(talk, by=who, at=at)
    except Refusal as refusal:
        found = queries.of_desk(who, talk)
        return _page(request, who, found, form, at, form.refuse(refusal))
    return redirect("talks")


def _answering(request: HttpRequest) -> Actor:
    """Raises `NotAllowed` for whoever answers at no desk."""
    who = actor(request)
    if not queries.desks(who):
        raise NotAllowed(move=N_("Online chat"), who="desk")
    return who


def _page(
    request: HttpRequest, who: Actor, found: queries.Conversation, form: Typed, at: datetime, status: int
) -> HttpResponse:
    context = {"who": who, "talk": found, "form": form}
    return show(request, "wishes/desk_talk.html", context, part="wishes/_desk_lines.html", at=at, status=status)
