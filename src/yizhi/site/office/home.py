"""The first page of the back office: what is to do next, for this administrator."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yizhi.cases import city
from yizhi.connect import queries as connect
from yizhi.core.actor import Actor
from yizhi.office import by, now
from yizhi.people import queries
from yizhi.places.queries import codes_under, scan_codes
from yizhi.site.office import changing
from yizhi.site.office.frame import office, show

_COMMUNITY, _GRID = 12, 15


@dataclass(frozen=True, slots=True)
class ToDo:
    """`figure` 0: in order."""

    title: str
    figure: int
    said: str
    link: str
    button: str


@office("office_home")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    who = by(request)
    work = list(_work(who))
    context = {
        "open": [one for one in work if one.figure],
        "in_order": [one for one in work if not one.figure],
        "who": who,
        "city": city.current().profile.name_zh,
    }
    return show(request, "office/home.html", _("What is to do"), context)


def _work(who: Actor) -> Iterator[ToDo]:
    own = {"system": _of_system, "security": _of_security, "audit": _of_audit}
    yield from own[who.admin](who)


def _of_system(who: Actor) -> Iterator[ToDo]:
    told = changing.checked(city.current().profile)
    link = reverse("office_rules") + "#check"
    said = _("A case could lie for ever: correct these first.")
    yield ToDo(_("Faults in the rules"), len(told.refusals), said, link, _("See each fault"))
    yield _grids()
    yield _codes()
    mail = 0 if settings.ENV.get("YIZHI_SMTP_URL") else 1
    said = _("Without it nobody gets notices by e-mail; everything else works.")
    yield ToDo(_("Mail servers still missing"), mail, said, reverse("office_mail"), _("How to set it up"))
    yield _systems(_("Nothing is lost; it is tried again by itself. Ask whoever runs them."))
    yield _gaps(who, _("The security administrator puts people into posts."))


def _systems(said: str) -> ToDo:
    """Departments' systems that are on and do not take what they are told, or whose agreement has run out."""
    day = localdate(now())
    found = [one for one in connect.connections() if one.since and (one.trouble or not one.is_on(day))]
    link = reverse("office_connections")
    return ToDo(_("Departments' systems out of order"), len(found), said, link, _("See each"))


def _grids() -> ToDo:
    codes = codes_under(city.current().profile.root_area, now())
    with_grids = {code[:_COMMUNITY] for code in codes if len(code) == _GRID}
    bare = sum(len(code) == _COMMUNITY and code not in with_grids for code in codes)
    said = _("Codes to scan and grid workers belong to grids: divide the communities first.")
    link = reverse("admin:places_area_changelist")
    return ToDo(_("Communities without grids"), bare, said, link, _("Areas and grids"))


def _codes() -> ToDo:
    root = city.current().profile.root_area
    have = {scan.area for scan in scan_codes(root)}
    missing = sum(len(code) == _GRID and code not in have for code in codes_under(root, now()))
    said = _("Nobody can scan there.")
    return ToDo(_("Grids without a code"), missing, said, reverse("office_stickers"), _("Make and print codes"))


def _gaps(who: Actor, said: str) -> ToDo:
    profile = city.current().profile
    found = queries.staffing_gaps(who, profile.staffing, profile.roles, area=profile.root_area, at=now())
    return ToDo(_("Staffing gaps"), len(found), said, reverse("office_gaps"), _("See each gap"))


def _second(who: Actor) -> ToDo:
    _all, without = queries.accounts_without(who)
    said = _("Whoever knows such a password gets in. Each turns it on under “Code generator”.")
    return ToDo(_("Administrators without a code generator"), without, said, reverse("second_factor"), _("My own"))


def _of_security(who: Actor) -> Iterator[ToDo]:
    yield _gaps(who, _("Put people into posts, one by one or with a sheet."))
    ending = queries.held_posts(who, at=now(), filling="ending").count
    said = _("Decide who comes next, or pass the posts on.")
    link = reverse("office_staff") + "?filling=ending"
    yield ToDo(_("Services that end"), ending, said, link, _("See them"))
    yield _second(who)


def _of_audit(who: Actor) -> Iterator[ToDo]:
    yield _second(who)
    yield _gaps(who, _("Shown for your knowledge; you change nothing."))
