"""What a supervisor and a leader look at: numbers, each of which opens its cases."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.doors.pages import actor, page, show
from yizhi.insight import queries as insight
from yizhi.seats import figure_pages
from yizhi.seats.figures import asked, asked_list


@require_safe
@page
def figures(request: HttpRequest) -> HttpResponse:
    """The supervisor's table: an area by what lies below it, or by unit."""
    at, who = timezone.now(), actor(request)
    found = asked(request, who, at)
    return show(request, "seats/figures.html", figure_pages.overview(found, who, at), at=at)


@require_safe
@page
def sheet(request: HttpRequest) -> HttpResponse:
    """The same table for Excel."""
    at, who = timezone.now(), actor(request)
    return figure_pages.sheet(asked(request, who, at), who, at)


@require_safe
@page
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that a number counts."""
    at, who = timezone.now(), actor(request)
    found = asked_list(request, who, at)
    rows, more = insight.cases(who, found.wanted, found.what, at=at, page=found.page)
    return show(request, "seats/figure_cases.html", figure_pages.behind(found, who, rows, more, at), at=at)


@require_safe
@page
def brief(request: HttpRequest) -> HttpResponse:
    """The leader's page: two minutes, one sheet of paper."""
    at, who = timezone.now(), actor(request)
    return show(request, "seats/brief.html", figure_pages.brief(asked(request, who, at), who, at), at=at)
