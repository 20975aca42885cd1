"""The list of a seat, and its filters."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.cases import queries as cases
from yizhi.cases.city import current
from yizhi.doors.pages import actor, page, show
from yizhi.seats import forms, queries, showing
from yizhi.seats.rules import Seat


@require_safe
@page
def inbox(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list of a seat."""
    at, who = timezone.now(), actor(request)
    found = queries.inbox(who, forms.filter_of(request, showing.view_of(request, seat)), at=at)
    context = {"inbox": found, "seat": seat, "who": who, **showing.filters(request, who, seat, found.city)}
    if seat == "field":
        context |= showing.field(request, found, who, at)
    return show(request, f"seats/{seat}.html", context, part=f"seats/_{seat}_list.html", at=at)


@require_safe
@page
def counts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The filters once more, with how many lie behind each."""
    at, who = timezone.now(), actor(request)
    asked = forms.filter_of(request, showing.view_of(request, seat))
    wanted = replace(asked, stage="", overdue=False, text="", after="")
    context = {"counts": cases.counts(who, wanted, at=at), "seat": seat}
    context |= showing.filters(request, who, seat, current())
    return show(request, "seats/_filters.html", context, part="seats/_filters.html", at=at)
