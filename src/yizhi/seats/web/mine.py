"""Where officials come in, and what is their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.cases import queries as cases
from yizhi.doors.pages import actor, anybody, page, show
from yizhi.seats import burden, own, showing


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """For officials their own seat; for everybody else the ways in. A code typed here opens its matter."""
    if code := "".join(request.GET.get("code", "").split()):
        return redirect("track", code=code)
    return showing.home(request, anybody(request), timezone.now())


@require_safe
@page
def me(request: HttpRequest) -> HttpResponse:
    """One's posts, what one reported and did, and the way out."""
    at, who = timezone.now(), actor(request)
    context = {"who": who, "kinds": showing.kinds_of(who), "week": burden.mine(who, at)}
    return show(request, "seats/me.html", context, at=at)


@require_safe
@page
def raised(request: HttpRequest) -> HttpResponse:
    """What I reported, and what became of it."""
    at, who = timezone.now(), actor(request)
    return show(request, "seats/raised.html", {"who": who, **own.raised(cases.raised(who), who)}, at=at)


@require_safe
@page
def work(request: HttpRequest) -> HttpResponse:
    """What I did in a month, for my eyes only: whose page it is, is not in the address."""
    at, who = timezone.now(), actor(request)
    month = own.month_of(request.GET.get("month", ""), at)
    did = cases.did(who, month.since, month.until)
    return show(request, "seats/work.html", {"who": who, "month": month, **own.statement(did)}, at=at)
