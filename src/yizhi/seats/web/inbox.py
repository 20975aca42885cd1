"""The list of a seat, and its filters."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.cases.city import current
from yizhi.doors.pages import actor, page, show
from yizhi.seats import filters, queries, showing
from yizhi.seats.rules import Seat


@require_safe
@page
def inbox(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list of a seat."""
    at, who = timezone.now(), actor(request)
    found = queries.inbox(who, filters.filter_of(request, seat, at), at=at)
    context = {"inbox": found, "seat": seat, "who": who, **filters.filters(request, who, seat, found.city)}
    if seat == "field":
        context |= showing.field(request, found, who, at)
    return show(request, f"seats/{seat}.html", context, part=f"seats/_{seat}_list.html", at=at)


@require_safe
@page
def counts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The filters once more, with how many lie behind each."""
    at, who = timezone.now(), actor(request)
    context = {"counts": filters.counted(request, who, seat, at), "seat": seat}
    context |= filters.filters(request, who, seat, current())
    return show(request, "seats/_filters.html", context, part="seats/_filters.html", at=at)
