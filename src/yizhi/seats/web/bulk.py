"""Several cases at once: chosen in the list, shown, moved, and told in one summary."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yizhi.doors.pages import actor, page, show
from yizhi.seats import bulk


@require_http_methods(["GET", "HEAD", "POST"])
@page
def several(request: HttpRequest) -> HttpResponse:
    """GET shows the chosen cases and asks what the move asks, POST makes the move on each."""
    at, who = timezone.now(), replace(actor(request), door="desk")
    found = bulk.make(request, who, at) if request.method == "POST" else bulk.opened(request, who)
    context = {"bulk": found, "who": who, "seat": "desk", "back": bulk.back(request), "each": bulk.EACH}
    return show(request, "seats/bulk.html", context, at=at, status=found.status)
