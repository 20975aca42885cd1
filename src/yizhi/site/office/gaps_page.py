"""Staffing gaps: every post that the city's norms ask for and nobody serves, on the screen, in print and as a sheet."""

from io import BytesIO
from itertools import groupby

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yizhi.cases import city
from yizhi.doors import words
from yizhi.office import by, now
from yizhi.people.queries import Gap, staffing_gaps
from yizhi.places.queries import children
from yizhi.sheets import harmless
from yizhi.site.office.frame import office, show
from yizhi.site.office.staff_page import SHEET, attachment

_STREET = 9


@office("office_gaps")
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """By street, and within it by place."""
    found, area = _found(request)
    names = city.current().town.area_names
    streets = [
        (words.place_name(names, code), list(those)) for code, those in groupby(found, lambda gap: gap.area[:_STREET])
    ]
    profile = city.current().profile
    context = {
        "streets": streets,
        "count": len(found),
        "area": area,
        "areas": children(profile.root_area, now()),
        "norms": len(profile.staffing),
        "ground": words.clock_ground,
    }
    return show(request, "office/gaps.html", _("Staffing gaps"), context)


@office("office_gaps_sheet")
@require_safe
def gaps_sheet(request: HttpRequest) -> HttpResponse:
    found, _area = _found(request)
    return attachment(_sheet(found), "gaps.xlsx", SHEET)


def _found(request: HttpRequest) -> tuple[list[Gap], str]:
    profile = city.current().profile
    asked = request.GET.get("area", "")
    area = asked if asked.isdecimal() and asked.startswith(profile.root_area) else profile.root_area
    return staffing_gaps(by(request), profile.staffing, profile.roles, area=area, at=now()), area


def _sheet(found: list[Gap]) -> bytes:
    profile, names = city.current().profile, city.current().town.area_names
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, bold = book.add_worksheet(_("Staffing gaps")), book.add_format({"bold": True})
    for place, (head, width) in enumerate(
        ((_("Area code"), 18), (_("Place"), 36), (_("Role"), 24), (_("Needed"), 8), (_("There"), 8), (_("Ground"), 50))
    ):
        page.write(0, place, head, bold)
        page.set_column(place, place, width)
    for line, gap in enumerate(found, 1):
        role = profile.roles[gap.role].title_zh if gap.role in profile.roles else gap.role
        page.write_string(line, 0, gap.area)
        page.write_row(line, 1, [harmless(words.place_name(names, gap.area)), harmless(role), gap.least, gap.served])
        page.write_string(line, 5, harmless(words.clock_ground(gap.ground)))
    book.close()
    return file.getvalue()
