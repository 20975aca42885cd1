"""What an official found, or was told at the window, is typed in."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yizhi.cases import actions
from yizhi.core.errors import Refusal
from yizhi.doors.pages import actor, page, show
from yizhi.doors.sent import sent
from yizhi.seats import forms, showing
from yizhi.seats.rules import Seat


@require_http_methods(["GET", "HEAD", "POST"])
@page
def register(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What an official found, or was told at the window, is typed in."""
    at, who = timezone.now(), replace(actor(request), door=seat)
    forms.require(who, "report")
    form = showing.register_form(request, who, at)
    status = 200
    if request.method == "POST":
        try:
            receipt = actions.report(
                form.report(request, seat), by=who, at=at, key=form.values["key"], happened=sent(request).happened
            )
            return showing.registered(request, receipt, form, seat, at)
        except Refusal as refusal:
            status = form.refuse(refusal)
    return show(request, "seats/register.html", {"form": form, "seat": seat, "who": who}, at=at, status=status)
