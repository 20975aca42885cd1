"""The paper that a unit keeps of what it handed on."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.cases import queries as cases
from yizhi.doors.pages import actor, page, show
from yizhi.seats import own, rules
from yizhi.seats.rules import Seat


@require_safe
@page
def handover(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Who handed what to whom, when: for the unit that did, also when the matter is no longer its own."""
    who = actor(request)
    found = cases.handed_on(who, number, rules.HANDING_ON)
    context = {"handed": found, "slip": own.handover(found), "seat": seat, "who": who}
    return show(request, "seats/handover.html", context, at=timezone.now())
