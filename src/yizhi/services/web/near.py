"""15分钟服务圈 and 五定: what is offered near by, and who looks after a grid; the list of services is kept here too."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases.city import current, profile
from yizhi.cases.queries import spots
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.pages import actor, page, show
from yizhi.services import actions, circle, forms, queries, rules
from yizhi.services import page as pages
from yizhi.services.forms import Form

_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page
def places(request: HttpRequest) -> HttpResponse:
    """Where one lives, for whoever has no sticker at hand."""
    return show(request, "services/places.html", {"streets": spots.streets(), "way": "near"}, at=timezone.now())


@require_safe
@page
def near(request: HttpRequest, code: str) -> HttpResponse:
    """What is offered near a place. Where the reader is, only their own telephone knows."""
    kinds = profile().services.kinds
    kind = request.GET.get("kind", "")
    found = circle.circle(spots.spot(code), kind if kind in kinds else "")
    context = {"circle": found, "kinds": kinds, "may_use": rules.WHO, "city": current()}
    return show(request, "services/near.html", context, at=timezone.now())


@require_safe
@page
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """Who looks after this grid, what for, when."""
    at = timezone.now()
    found = circle.fixed(spots.spot(code), at)
    return show(request, "services/grid.html", {"fixed": found, "city": current()}, at=at)


@require_safe
@page
def offers(request: HttpRequest) -> HttpResponse:
    """The list of services on one's ground."""
    at, who = timezone.now(), actor(request)
    rules.require(who)
    context = _common(who) | {"offers": queries.offers(who)}
    return show(request, "services/offers.html", context, at=at)


@_form
@page
def offer(request: HttpRequest) -> HttpResponse:
    """A service is put on the list."""
    return _offer(request, None, Form.of(request, *forms.OFFER, who="anyone"))


@_form
@page
def put_right(request: HttpRequest, number: int) -> HttpResponse:
    """What is said of a service is put right."""
    found = queries.offered(actor(request), number)
    return _offer(request, number, Form.of(request, *forms.OFFER, several=(), **forms.offered(found)))


@require_POST
@page
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """It is offered no more."""
    actions.withdraw(number, by=actor(request), at=timezone.now())
    return redirect("offers")


def _offer(request: HttpRequest, number: int | None, form: Form) -> HttpResponse:
    at, who, status = timezone.now(), actor(request), 200
    rules.require(who)
    form.at_one_of(spots.reporting_places(who, at))
    if request.method == "POST":
        try:
            what = forms.offer(form)
            if number is None:
                actions.offer(what, by=who, at=at)
            else:
                actions.put_right(number, what, by=who, at=at)
            return redirect("offers")
        except NotFound:
            raise
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = _common(who) | {"form": form, "number": number, "kinds": profile().services.kinds, "may_use": rules.WHO}
    return show(request, "services/offer.html", context, at=at, status=status)


def _common(who: Actor) -> dict[str, Any]:
    return {"who": who, "seat": pages.seat_of(who), "city": current(), "plan": profile().services}
