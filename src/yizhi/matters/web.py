"""The resident's door: a scanned code opens a form, a reporter's code opens the page of the matter."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yizhi.cases import actions
from yizhi.cases import queries as cases
from yizhi.cases.queries import spots
from yizhi.core.actor import Actor
from yizhi.core.errors import Refusal
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import opened, page, show, throttle_reports
from yizhi.matters.forms import AnswerForm, ReportForm
from yizhi.matters.parcel import Parcel, parcel


@require_safe
@page
def places(request: HttpRequest) -> HttpResponse:
    """Every community, for whoever has no sticker at hand."""
    return show(request, "matters/places.html", {"streets": spots.streets()}, at=timezone.now())


# No cookie gives any power here (the code in the address does), so no token is asked for: these pages work where
# cookies are off, and nothing that was typed is lost to a token that has grown old.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def report(request: HttpRequest, code: str) -> HttpResponse:
    """What has happened at the place of a scanned code."""
    at, spot, form = timezone.now(), spots.spot(code), ReportForm.of(request)
    status = 200
    if request.method == "POST":
        try:
            throttle_reports(request)
            # Nobody in particular: who happens to be signed in on this phone does not matter here.
            anybody = Actor(door=spot.source)
            receipt = actions.report(form.report(request, spot), by=anybody, at=at, key=form.values["key"])
            return _to_track(request, receipt.code)
        except Refusal as refusal:
            status = form.refuse(refusal).status
    return show(request, "matters/report.html", {"spot": spot, "form": form}, at=at, status=status)


@require_safe
@page
def track(request: HttpRequest, code: str) -> HttpResponse:
    """How a matter stands, for whoever holds its code."""
    at, done = timezone.now(), request.GET.get("done", "")
    found = parcel(opened(request, cases.tracked, code), at, done=done)
    return _page(request, code, found, AnswerForm(), at=at)


def _to_track(request: HttpRequest, code: str, *, done: str = "") -> HttpResponse:
    """The page of a matter, in the type that was chosen; `done`: what was just done there."""
    path, kept = reverse("track", kwargs={"code": code}), kept_type(request)
    if not done:
        return redirect(path + kept)
    return redirect(f"{path}{kept or '?'}{'&' if kept else ''}{urlencode({'done': done})}")


def _page(
    request: HttpRequest, code: str, found: Parcel, form: AnswerForm, *, at: datetime, status: int = 200
) -> HttpResponse:
    path = reverse("track", kwargs={"code": code})
    context = {"code": code, "parcel": found, "form": form, "path": path, "here": path + kept_type(request)}
    return show(request, "matters/track.html", context, at=at, status=status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def answer(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """The reporter answers, adds, urges, withdraws."""
    at, whole, form = timezone.now(), opened(request, cases.tracked, code), AnswerForm.of(request, move)
    if request.method != "POST":
        return _to_track(request, code)
    me = Actor(reporter_of=whole.id, door="scan")
    try:
        facts, key = form.facts(request), form.values["key"] or None
        actions.move(whole.id, move, facts, by=me, at=at, expected=form.expected(), key=key, photos=form.photos)
        return _to_track(request, code, done=move)
    except Refusal as refusal:
        status = form.refuse(refusal).status
    return _page(request, code, parcel(cases.tracked(code), at), form, at=at, status=status)
