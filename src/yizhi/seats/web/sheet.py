"""A list, taken out as an Excel file."""

from io import BytesIO
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yizhi.cases.actions.exporting import exported
from yizhi.cases.city import current
from yizhi.cases.queries import sheet as filed
from yizhi.doors.pages import actor, page
from yizhi.seats import filters, workbook

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@page
def sheet(request: HttpRequest) -> HttpResponse:
    """The list that the address shows, from its beginning, with all that officials file of a case."""
    at, who, city = timezone.now(), actor(request), current()
    wanted = filters.exported(request, who, at)
    made = BytesIO()
    said = filters.said(request, "desk", city)
    rows = filed.sheet(who, wanted, at=at)
    count = workbook.write(made, rows, city, at=at, most=filed.MOST_ROWS, narrowed=said)
    exported(wanted, rows=count, by=who, at=at)
    response = HttpResponse(made.getvalue(), content_type=_TYPE)
    name = _("matters-{time}.xlsx").format(time=f"{localtime(at):%Y%m%d-%H%M}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
