"""Where officials come in, and what is their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.doors.pages import actor, anybody, page, show
from yizhi.seats import showing


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
    """One's posts, and the way out."""
    who = actor(request)
    return show(request, "seats/me.html", {"who": who, "kinds": showing.kinds_of(who)}, at=timezone.now())
