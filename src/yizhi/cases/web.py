"""What open pages ask every second or two."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yizhi.cases import live
from yizhi.core.errors import NotFound


@require_GET
def changes(request: HttpRequest, watched: str, since: int) -> HttpResponse:
    """204 when nothing changed since that mark (this process may be a moment behind the one that gave it); else the
    event `changed` for the page and the new mark. Neither session nor database is asked."""
    try:
        mark = live.mark(watched)
    except NotFound:
        return HttpResponse(status=404)
    if mark <= since:
        return HttpResponse(status=204)
    answer = HttpResponse(str(mark), content_type="text/plain")
    answer["HX-Trigger"] = "changed"
    return answer
