"""The style guide: every part that pages are made of, in its states. For developers only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.doors.pages import page, show
from yizhi.seats.guide import guide


@require_safe
@page
def styleguide(request: HttpRequest) -> HttpResponse:
    """Absent where the product is at work."""
    if not settings.DEBUG:
        raise Http404
    at = timezone.now()
    return show(request, "seats/styleguide.html", {"guide": guide(at)}, at=at)
