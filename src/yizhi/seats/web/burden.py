"""What the product costs whoever works with it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.doors.pages import actor, page, show
from yizhi.seats import burden


@require_safe
@page
def minutes(request: HttpRequest) -> HttpResponse:
    """Minutes a week, by seat and by form; what is switched on by exception."""
    at, who = timezone.now(), actor(request)
    told = burden.page(burden.asked_area(request, who), at)
    return show(request, "seats/burden.html", {"who": who, **told}, at=at)
