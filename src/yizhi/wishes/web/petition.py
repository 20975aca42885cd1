"""信访引导: the lawful place for each sort of demand. Nothing is asked, nothing kept: there is no form, no address of
a single demand, no cookie, no limit; the log of the web server says that somebody read the page, like every other."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.cases.city import current
from yizhi.doors.pages import actor, page, show


@require_safe
@page
def guide(request: HttpRequest) -> HttpResponse:
    """For everybody."""
    return show(request, "wishes/petition.html", {"city": current()}, at=timezone.now())


@require_safe
@page
def card(request: HttpRequest) -> HttpResponse:
    """For desks: the same on one screen, to be read out or printed for whoever stands there."""
    context = {"city": current(), "who": actor(request)}
    return show(request, "wishes/petition_card.html", context, at=timezone.now())
