"""What stands on the pages of rounds and of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from yizhi.cases.city import current
from yizhi.core.actor import Actor, Scope
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.doors import words
from yizhi.doors.forms import Group, Option
from yizhi.patrols import queries, rules
from yizhi.patrols.queries import Stand, Waiting
from yizhi.places import queries as places
from yizhi.places.points.queries import Point, counted, point, register

_GRID = 15
_MOST_WAITING = 30


@dataclass(frozen=True, slots=True)
class Line:
    """An area in the overview: how its rounds stand today, and how many places its register has."""

    area: str
    name: str
    stand: Stand
    places: int
    deeper: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """An area that somebody looks after, and the areas in it."""

    area: str
    path: Sequence[tuple[str, str]]
    lines: list[Line]
    whole: Stand
    week: Stand
    waiting: list[Waiting]
    unseen: list[Point]
    reasons: list[tuple[str, int]]
    city: City


def overview(who: Actor, asked: str, at: datetime) -> Overview:
    """`NotFound` for an area that is not theirs."""
    ground, city, day = rules.ground(who, "points"), current(), localdate(at)
    area = asked or _common(ground)
    if area not in city.town.area_names or (asked and not ground.holds(asked)):
        raise NotFound
    width = next((width for width in (9, 12, _GRID) if width > len(area)), _GRID)
    today = {one.area: one for one in queries.stands(ground, area, width, day, day)}
    known = counted(ground, area=area, width=width)
    return Overview(
        area=area,
        path=_path(area, ground, city),
        lines=_lines(today, known, city, width),
        whole=_sum(area, list(today.values())),
        week=_sum(area, queries.stands(ground, area, width, day - timedelta(days=6), day)),
        waiting=queries.waiting(ground, area, day, _MOST_WAITING),
        unseen=queries.long_unseen(ground, area, at),
        reasons=[(why, times) for why, times in queries.reasons(ground, area, day - timedelta(days=6), day) if why],
        city=city,
    )


def _common(ground: Scope) -> str:
    """The smallest area that holds all the ground."""
    first, *others = ground.include
    widths = [width for width in (_GRID, 12, 9, 6, 4, 2) if width <= len(first)]
    return next((first[:width] for width in widths if all(one.startswith(first[:width]) for one in others)), first[:2])


def _path(area: str, ground: Scope, city: City) -> list[tuple[str, str]]:
    """The areas above that are theirs as well, widest first, each with its name."""
    above = [area[:width] for width in (6, 9, 12) if width < len(area) and ground.holds(area[:width])]
    return [(code, words.place_name(city.town.area_names, code, since=len(code))) for code in above]


def _lines(today: dict[str, Stand], known: dict[str, int], city: City, width: int) -> list[Line]:
    names = city.town.area_names
    return [
        Line(
            area=area,
            name=words.place_name(names, area, since=max(width - 3, 9)).split(" ")[-1],
            stand=today.get(area) or Stand(area, 0, 0, 0, 0, 0),
            places=known.get(area, 0),
            deeper=width < _GRID,
        )
        for area in sorted(today.keys() | known.keys())
    ]


def _sum(area: str, found: list[Stand]) -> Stand:
    return Stand(
        area,
        sum(one.asked for one in found),
        sum(one.made for one in found),
        sum(one.over for one in found),
        sum(one.findings for one in found),
        sum(one.unreached for one in found),
    )


# ----- the register


@dataclass(frozen=True, slots=True)
class Choices:
    """The kinds of places, and the grids that somebody looks after under their communities."""

    kinds: tuple[Option, ...]
    grids: list[Group]


def choices(who: Actor, at: datetime) -> Choices:
    ground, city = rules.ground(who, "points"), current()
    kinds = city.profile.patrols.kinds.values()
    return Choices(
        kinds=tuple(Option(kind.code, str(words.in_language(kind.title))) for kind in kinds),
        grids=_grids(ground, city, at),
    )


def _grids(ground: Scope, city: City, at: datetime) -> list[Group]:
    names = city.town.area_names
    groups: dict[str, list[Option]] = {}
    for include in ground.include:
        for code in places.codes_under(include, at):
            if len(code) == _GRID and ground.holds(code):
                option = Option(code, words.place_name(names, code, since=_GRID))
                groups.setdefault(code[:12], []).append(option)
    return [
        Group(words.place_name(names, area, since=9), tuple(dict.fromkeys(options)))
        for area, options in sorted(groups.items())
    ]


def listed(who: Actor, asked: str, kind: str, typed: str, most: int) -> list[Point]:
    """The register as it is narrowed."""
    return register(rules.ground(who, "points"), area=asked, kind=kind, words=typed.strip(), most=most)


def point_of(who: Actor, number: int) -> Point:
    """`NotFound` for what is absent, withdrawn, or on somebody else's ground."""
    ground, found = rules.ground(who, "points"), point(number)
    if found is None or found.until is not None or not ground.holds(found.area):
        raise NotFound
    return found
