"""帮办代办: a resident asks for an errand, a grid worker writes one down with its papers and prints the slip."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import queries as whole_cases
from yizhi.cases.actions import Receipt
from yizhi.cases.city import current
from yizhi.cases.queries import spots
from yizhi.core.actor import Actor, Door
from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import actor, opened, page, refused, show, throttle_reports
from yizhi.doors.sent import sent
from yizhi.services import actions, forms, queries, rules
from yizhi.services import page as pages
from yizhi.services.forms import Form
from yizhi.services.kinds import ERRAND

_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page
def places(request: HttpRequest) -> HttpResponse:
    """Where the person lives, for whoever has no sticker at hand."""
    return show(request, "services/places.html", {"streets": spots.streets(), "way": "errand"}, at=timezone.now())


# No cookie gives any power here (the code in the address does), so no token is asked for.
@csrf_exempt
@_form
@page
def errand(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be done, and whom to ring."""
    at, spot, status = timezone.now(), spots.spot(code), 200
    form = Form.of(request, *forms.ERRAND, agreed="own")
    if request.method == "POST":
        try:
            throttle_reports(request, spot.scan.code)
            receipt = actions.take_on(
                forms.asked_for(form, spot), (), by=Actor(door=spot.source), at=at, key=form.values["key"]
            )
            return redirect(reverse("track", kwargs={"code": receipt.code}) + kept_type(request))
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"spot": spot, "form": form, "years": ERRAND.keep_years}
    return show(request, "services/errand.html", context, at=at, status=status)


@require_safe
@page
def errands(request: HttpRequest) -> HttpResponse:
    """Errands under way, and papers that are still out."""
    at, who = timezone.now(), actor(request)
    rules.require(who)
    context = {"who": who, "errands": queries.errands(who, at), "seat": pages.seat_of(who), "city": current()}
    return show(request, "services/errands.html", context, at=at)


@_form
@page
def write_down(request: HttpRequest) -> HttpResponse:
    """An errand with the papers that were handed over; then its slip."""
    at, who = timezone.now(), actor(request)
    rules.require(who)
    seat, status = pages.seat_of(who), 200
    form = Form.of(request, *forms.ERRAND, several=("papers",)).at_one_of(spots.reporting_places(who, at))
    if request.method == "POST":
        try:
            report = forms.written_down(form, "field" if seat == "field" else "desk")
            key, happened = form.values["key"], sent(request).happened
            receipt = actions.take_on(report, form.several["papers"], by=who, at=at, key=key, happened=happened)
            return _taken_on(request, who, receipt, at)
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"who": who, "form": form, "seat": seat, "agreed": rules.BEHALF, "visit": None}
    return show(request, "services/write_down.html", context, at=at, status=status)


@_form
@page
def on_visit(request: HttpRequest, number: int) -> HttpResponse:
    """The same, asked for on a visit: the name and the place are known."""
    at, who = timezone.now(), actor(request)
    form, status = Form.of(request, *forms.ERRAND, several=("papers",), agreed="own"), 200
    if request.method == "POST":
        try:
            seat: Door = "field" if pages.seat_of(who) == "field" else "desk"
            report = forms.on_visit(form, seat)
            key, happened = form.values["key"], sent(request).happened
            receipt = actions.errand_asked(
                number, report, form.several["papers"], by=who, at=at, key=key, happened=happened
            )
            return _taken_on(request, who, receipt, at) if receipt else redirect("errands")
        except NotFound:
            raise
        except Refusal as refusal:
            status = form.refuse(refusal)
    found = queries.visit(who, number, localdate(at))
    context = {"who": who, "form": form, "seat": pages.seat_of(who), "agreed": rules.BEHALF, "visit": found}
    return show(request, "services/write_down.html", context, at=at, status=status)


def _taken_on(request: HttpRequest, who: Actor, receipt: Receipt, at: datetime) -> HttpResponse:
    papers = queries.papers(receipt.case_id)
    context = {"who": who, "receipt": receipt, "papers": papers, "seat": pages.seat_of(who)}
    return show(request, "services/taken_on.html", context, at=at)


@require_POST
@page
def paper_in(request: HttpRequest, number: str) -> HttpResponse:
    """One more paper was handed over."""
    at, who = timezone.now(), actor(request)
    try:
        actions.hand_over(number, request.POST.get("paper", ""), by=who, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(request, refusal)
    return _to_case(who, number)


@require_POST
@page
def paper_back(request: HttpRequest, number: str, paper: int) -> HttpResponse:
    """A paper was given back."""
    who = actor(request)
    actions.give_back(number, paper, by=who, at=timezone.now())
    return _to_case(who, number)


def _to_case(who: Actor, number: str) -> HttpResponse:
    return redirect(reverse(f"{pages.seat_of(who)}_case", args=[number]) + "#errand")


@_form
@page
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """The hand-over slip on paper; right after the errand was taken on with the code of its page, later without."""
    at, who, code = timezone.now(), actor(request), request.POST.get("code", "")
    whole = whole_cases.case(who, number)
    if code and opened(request, whole_cases.tracked, code).number != number:
        raise NotFound
    return _paper(number, pages.slip(whole, who, at, code=code, a5="a5" in request.GET), at)


def _paper(number: str, content: bytes, at: datetime) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}-{at:%m%d}.pdf"'
    return response
