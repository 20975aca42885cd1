"""心愿邮箱: somebody wishes for something, by a code or by choosing the place; a postman writes one down, and sees
which wait."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yizhi.cases import actions as cases
from yizhi.cases.city import current, profile
from yizhi.cases.queries import spots
from yizhi.core.actor import Actor
from yizhi.core.errors import Refusal
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import actor, page, show, throttle_reports
from yizhi.wishes import postbox
from yizhi.wishes.forms import WISH_FIELDS, WishForm
from yizhi.wishes.kinds import WISH


@require_safe
@page
def places(request: HttpRequest) -> HttpResponse:
    """Where the wish belongs, for whoever has no sticker at hand."""
    return show(request, "wishes/places.html", {"streets": spots.streets(), "way": "wish"}, at=timezone.now())


# No cookie gives any power here (the code in the address does), so no token is asked for.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def wish(request: HttpRequest, code: str) -> HttpResponse:
    """What somebody wishes for."""
    at, spot, plan = timezone.now(), spots.spot(code), profile().wishes
    form, status = WishForm.of(request, *WISH_FIELDS, what="wish", whose="own"), 200
    if request.method == "POST":
        try:
            throttle_reports(request, spot.scan.code)
            anybody = Actor(door="wish")
            receipt = cases.report(form.at_spot(spot, plan), by=anybody, at=at, key=form.values["key"])
            return redirect(reverse("track", kwargs={"code": receipt.code}) + kept_type(request))
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"spot": spot, "form": form, "plan": plan, "years": WISH.keep_years}
    return show(request, "wishes/wish.html", context, at=at, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def write_down(request: HttpRequest) -> HttpResponse:
    """A wish that was told to whoever works here."""
    at, who, plan = timezone.now(), replace(actor(request), door="wish"), profile().wishes
    postbox.require(who)
    form, status = WishForm.of(request, *WISH_FIELDS, what="wish", whose="own"), 200
    form.places = spots.reporting_places(who, at)
    if request.method == "POST":
        try:
            receipt = cases.report(form.on_the_spot(plan), by=who, at=at, key=form.values["key"])
            return show(request, "wishes/written.html", {"who": who, "receipt": receipt}, at=at)
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"who": who, "form": form, "plan": plan, "seat": postbox.seat_of(who)}
    return show(request, "wishes/write_down.html", context, at=at, status=status)


@require_safe
@page
def box(request: HttpRequest) -> HttpResponse:
    """The wishes that a postman sees: those that nobody has taken, those under way, those that wait for the person's
    word."""
    at, who = timezone.now(), actor(request)
    postbox.require(who)
    context = {"who": who, "groups": postbox.groups(who, at), "seat": postbox.seat_of(who), "city": current()}
    return show(request, "wishes/box.html", context, at=at)
