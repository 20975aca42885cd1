"""Codes to scan: sheets of stickers for an area, a single one, a new code for one that was torn off or misused."""

import subprocess
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import city
from yizhi.core.errors import NotFound
from yizhi.core.town import ancestors
from yizhi.office import by, now
from yizhi.places import actions, queries, stickers
from yizhi.places.queries import Scan
from yizhi.site.office.frame import acted, office, refuse, show
from yizhi.site.office.staff_page import attachment

#: What rings when a place has no number of its own: the city's hotline.
HOTLINE = "12345"
#: So many stickers are printed while somebody waits; a whole city is the command line's work.
MOST = 120


@office("office_stickers")
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """An area and what lies in it, with its codes. POST makes those that are missing."""
    area = _area(request)
    if request.method == "POST":
        made = actions.make_codes(area, by=by(request), at=now())
        said = ngettext("%(count)s code was made.", "%(count)s codes were made.", made) % {"count": made}
        messages.success(request, said if made else _("Every grid here has its code already."))
        return redirect(f"{request.path}?area={area}")
    found, at = queries.scan_codes(area), now()
    context = {
        "area": queries.area(area),
        "path": [(code, _name(code)) for code in reversed(list(ancestors(area))) if len(code) >= len(_root())],
        "below": [(one, sum(scan.area.startswith(one.code) for scan in found)) for one in queries.children(area, at)],
        "found": found[:MOST],
        "count": len(found),
        "paths": queries.name_paths(scan.area for scan in found[:MOST]),
        "rings": _rings(found[:MOST]),
        "most": MOST,
        "grids": sum(len(code) == 15 for code in queries.codes_under(area, at)),
    }
    return show(request, "office/stickers.html", _("Codes to scan"), context)


def _root() -> str:
    return city.profile().root_area


def _area(request: HttpRequest) -> str:
    asked = request.GET.get("area") or request.POST.get("area") or ""
    known = asked.isdecimal() and asked.startswith(_root()) and queries.area(asked) is not None
    return asked if known else _root()


def _name(code: str) -> str:
    return city.current().town.area_names.get(code, code)


def _rings(found: Sequence[Scan]) -> dict[str, str]:
    """The office number of whoever is nearest to each place: the grid's, else its community's, else upward."""
    return {area: _ring(area) for area in {scan.area for scan in found}}


def _ring(area: str) -> str:
    """An office number, never a person's own."""
    town = city.current().town
    first = town.find("grid", area) or town.desk_for(area)
    return next((unit.phone for unit in town.chain(first.code) if unit.phone), HOTLINE)


@office("office_stickers_print")
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """A PDF: four on a page of A4 for an area, or one of A6 for a single code."""
    code = request.GET.get("code", "")
    single = queries.scan_code(code) if code else None
    found = [single] if single else [] if code else queries.scan_codes(_area(request))[:MOST]
    if not found:
        messages.error(request, _("There is no code here yet: make them first."))
        return redirect("office_stickers")
    paths = queries.name_paths(scan.area for scan in found)
    try:
        made = stickers.pdf(found, paths, rings=_rings(found), paper="a6" if "a6" in request.GET else "a4")
    except subprocess.CalledProcessError:
        messages.error(request, _("The sheet could not be made. Look into the server's log, or try fewer."))
        return redirect("office_stickers")
    return attachment(made, f"{code or _area(request)}.pdf", "application/pdf")


@office("office_sticker_new")
@require_POST
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """For a sticker that was copied or misused: the place gets another code."""
    scan = queries.scan_code(code)
    if scan is None:
        refuse(request, NotFound())
        return redirect("office_stickers")
    actions.replace_code(code, by=by(request), at=now())
    messages.success(
        request, _("The place has a new code. Print it and hang it up; the old sticker opens nothing now.")
    )
    return redirect(f"{_list()}?area={scan.area[:12]}")


def _list() -> str:
    return reverse("office_stickers")


@office("office_sticker_down")
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """A sticker that hangs no more."""
    done = _("The code opens nothing any more.")
    return acted(request, lambda: actions.take_down(code, by=by(request), at=now()), done, "office_stickers")
