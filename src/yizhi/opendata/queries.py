"""What is told to everybody, and the deadlines behind a secret link."""

from dataclasses import dataclass
from datetime import date, datetime

from yizhi import sql
from yizhi.cases import queries as cases
from yizhi.cases.city import current
from yizhi.cases.queries import Filter, Row
from yizhi.cases.queries.public import Public, PublicFilter, public
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.opendata.actions import CALENDAR
from yizhi.opendata.rules import By, Counted, Told, told
from yizhi.people import queries as people

_MONTH = """
SELECT month, by, code, reported, closed, declined, pending, other, confirmed, hours FROM opendata_month
WHERE month = ANY(%(months)s) ORDER BY month DESC, by, code
"""
#: To a community, as far as a matter's place is told at all.
_WIDTHS = (2, 4, 6, 9, 12)
_MOST = 200


@dataclass(frozen=True, slots=True)
class Figures:
    """A month by street and by group of categories; `total` of all. None before it was counted."""

    month: date
    areas: list[Told]
    categories: list[Told]
    total: Told


def figures(months: list[date]) -> list[Figures]:
    """Those of these months that have been counted, the newest first."""
    found: dict[date, dict[By, list[Counted]]] = {}
    for month, by, *numbers in sql.rows(_MONTH, months=months):
        found.setdefault(month, {"all": [], "area": [], "category": []})[by].append(Counted(*numbers))
    return [_figures(month, rows) for month, rows in found.items()]


def _figures(month: date, rows: dict[By, list[Counted]]) -> Figures:
    """Of the sum the same is left out in either table (`rules.covered`)."""
    (total,) = rows["all"]
    *areas, whole = told(rows["area"], total)
    *categories, _same = told(rows["category"], total)
    return Figures(month, areas, categories, whole)


@dataclass(frozen=True, slots=True)
class Feed:
    area: str
    city: City
    matters: list[Public]


def feed(area: str, *, at: datetime) -> Feed:
    """The newest fifty of an area. `NotFound` for one that is none, or too small to be told."""
    city = current()
    inside = area.startswith(city.profile.root_area) or city.profile.root_area.startswith(area)
    if area not in city.town.area_names or len(area) not in _WIDTHS or not inside:
        raise NotFound
    return Feed(area, city, public(PublicFilter(area=area), city, at=at))


def deadlines(secret: str, *, at: datetime) -> list[Row]:
    """What falls due next in the hands of whoever made the link. `NotFound` for a link that has ended."""
    program = people.program_by_token(secret, CALENDAR, at)
    who = people.actor_of(program.account, at) if program else None
    if who is None:
        raise NotFound
    return cases.inbox(who, Filter(mine=True, limit=_MOST), at=at).rows


def has_link(who: Actor, *, at: datetime) -> bool:
    return who.account is not None and people.has_token(who.account, CALENDAR, at)
