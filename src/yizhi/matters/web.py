"""The resident's door: a scanned code opens a form, a reporter's code opens the page of the matter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yizhi.cases import actions
from yizhi.cases import queries as cases
from yizhi.core.actor import Actor
from yizhi.core.errors import Refusal
from yizhi.doors.pages import opened, page, show, throttle_reports
from yizhi.matters import queries
from yizhi.matters.forms import AnswerForm, ReportForm
from yizhi.matters.parcel import parcel

#: Nobody in particular: who happens to be signed in on this phone does not matter here.
_ANYBODY = Actor(door="scan")


# No cookie gives any power here (the code in the address does), so no token is asked for: these pages work where
# cookies are off, and nothing that was typed is lost to a token that has grown old.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def report(request: HttpRequest, code: str) -> HttpResponse:
    """What has happened at the place of a scanned code."""
    at, spot, form = timezone.now(), queries.spot(code), ReportForm.of(request)
    status = 200
    if request.method == "POST":
        try:
            throttle_reports(request)
            receipt = actions.report(form.report(request, spot), by=_ANYBODY, at=at, key=form.values["key"])
            return redirect("track", code=receipt.code)
        except Refusal as refusal:
            status = form.refuse(refusal).status
    return show(request, "matters/report.html", {"spot": spot, "form": form}, at=at, status=status)


@require_http_methods(["GET", "HEAD"])
@page
def track(request: HttpRequest, code: str) -> HttpResponse:
    """How a matter stands, for whoever holds its code."""
    at = timezone.now()
    context = {"code": code, "parcel": parcel(opened(request, cases.tracked, code), at), "form": AnswerForm()}
    return show(request, "matters/track.html", context, at=at)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def answer(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """The reporter answers, adds, urges, withdraws."""
    at, whole, form = timezone.now(), opened(request, cases.tracked, code), AnswerForm.of(request, move)
    if request.method != "POST":
        return redirect("track", code=code)
    me = Actor(reporter_of=whole.id, door="scan")
    try:
        facts, key = form.facts(request), form.values["key"] or None
        actions.move(whole.id, move, facts, by=me, at=at, expected=form.expected(), key=key, photos=form.photos)
        return redirect("track", code=code)
    except Refusal as refusal:
        status = form.refuse(refusal).status
    context = {"code": code, "parcel": parcel(cases.tracked(code), at), "form": form}
    return show(request, "matters/track.html", context, at=at, status=status)
