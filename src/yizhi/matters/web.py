"""The resident's door: a scanned code opens a form, a reporter's code opens the page of the matter."""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import actions, panels
from yizhi.cases import queries as cases
from yizhi.cases.actions import Report
from yizhi.cases.queries import Whole, spots
from yizhi.cases.queries.spots import Spot
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import fresh_key, opened, page, show, throttle_looks, throttle_reports
from yizhi.matters.actions import follow as follow_matter
from yizhi.matters.actions import unfollow
from yizhi.matters.forms import AnswerForm, ReportForm, points
from yizhi.matters.looking import Looked, categories, heard, look, standings
from yizhi.matters.parcel import Parcel, parcel
from yizhi.matters.queries import Followed, followed
from yizhi.notices.actions.askers import no_more_sms, tell_by_sms
from yizhi.notices.queries import is_told_by_sms
from yizhi.notices.senders import ways_out


@require_safe
@page
def places(request: HttpRequest) -> HttpResponse:
    """Every community, for whoever has no sticker at hand; those that are called as they typed."""
    where = request.GET.get("where", "")[:60]
    context = {"streets": spots.streets(), "where": where, "found": spots.named(where)}
    return show(request, "matters/places.html", context, at=timezone.now())


# No cookie gives any power here (the code in the address does), so no token is asked for: these pages work where
# cookies are off, and nothing that was typed is lost to a token that has grown old.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def report(request: HttpRequest, code: str) -> HttpResponse:
    """What has happened at the place of a scanned code."""
    at, spot, form = timezone.now(), spots.spot(code), ReportForm.of(request)
    status, looked = 200, Looked()
    if request.method == "POST":
        try:
            if points(request):
                throttle_looks(request)
                form.point(request, spot)
            else:
                throttle_reports(request, spot.scan.code)
                looked, receipt = _sent(form.report(request, spot), spot, form, at)
                if receipt:
                    return _to_track(request, receipt)
        except Refusal as refusal:
            status = form.refuse(refusal).status
    context = {"spot": spot, "form": form, "looked": looked, "categories": categories(spot)}
    context |= {"code": code, "standing": standings(), "sms": "sms" in ways_out()}
    return show(request, "matters/report.html", context, at=at, status=status)


def _sent(what: Report, spot: Spot, form: ReportForm, at: datetime) -> tuple[Looked, str]:
    """What is said to it, and the reporter's code: "" when what was reported here already is shown first."""
    looked = look(spot, what.text, what.category, form.where(spot), at)
    if looked.alike and form.first_look():
        return looked, ""
    # Nobody in particular: who happens to be signed in on this phone does not matter here.
    receipt = actions.report(what, by=Actor(door=spot.source), at=at, key=form.values["key"])
    if form.values["sms"] and not looked.quiet:  # a telephone may be read by others
        tell_by_sms(
            receipt.number,
            phone=what.contact.phone,
            code=receipt.code,
            profile=spot.city.profile,
            at=at,
            language=get_language() or "zh-hans",
        )
    return looked, receipt.code


@csrf_exempt
@require_POST
@page
def before(request: HttpRequest, code: str) -> HttpResponse:
    """While somebody types: whom to ring first, what sort it may be, what was reported here. Nothing is kept."""
    throttle_looks(request)
    at, spot, form = timezone.now(), spots.spot(code), ReportForm.of(request)
    looked = look(spot, form.values["text"], form.values["category"], form.where(spot), at)
    context = {"spot": spot, "form": form, "looked": looked, "code": code, "standing": standings(), "part": True}
    return show(request, "matters/_look.html", context, at=at)


@csrf_exempt
@require_POST
@page
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody reported it already: a code of one's own to see what becomes of it."""
    spot = spots.spot(code)
    throttle_reports(request, spot.scan.code)
    key = f"{spot.scan.code}:{request.POST.get('key', '')[:100] or fresh_key()}"
    return _to_track(request, follow_matter(request.POST.get("number", "")[:40], at=timezone.now(), key=key))


@require_safe
@page
def track(request: HttpRequest, code: str) -> HttpResponse:
    """How a matter stands, for whoever holds its code."""
    at, done = timezone.now(), request.GET.get("done", "")
    found = opened(request, partial(_behind, at=at), code)
    if isinstance(found, Followed):
        context = {"found": found, "code": code, "path": reverse("track", args=[code]), "standing": standings()}
        return show(request, "matters/followed.html", context, at=at)
    return _page(request, code, parcel(found, at, done=done), AnswerForm(), at=at)


def _behind(code: str, *, at: datetime) -> Whole | Followed:
    """A reporter's own matter, or one that somebody else reported. `NotFound` for a code that opens nothing."""
    try:
        return cases.tracked(code)
    except NotFound:
        return followed(code, at)


@csrf_exempt
@require_POST
@page
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """A follower wants to hear no more: nothing is left of them."""
    unfollow(code)
    return redirect("/")


@csrf_exempt
@require_POST
@page
def silence(request: HttpRequest, code: str) -> HttpResponse:
    """No more short messages about it; asked twice it is done once."""
    no_more_sms(opened(request, cases.tracked, code).number)
    return _to_track(request, code, done="silence")


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
    looked = heard(found.whole.text or "", found.whole.state.category, found.whole.city.profile)
    context = {"code": code, "parcel": found, "form": form, "path": path, "here": path + kept_type(request)}
    context |= {"looked": looked, "told_by_sms": is_told_by_sms(found.whole.number)}
    context |= {"panels": panels.own(found.whole, at)}
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
