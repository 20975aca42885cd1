"""The 15-minute circle around a place, and who looks after a grid: what the pages of these show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from yizhi.cases.city import current
from yizhi.cases.queries.spots import Spot
from yizhi.core.calendar import Calendar
from yizhi.core.profile.patrols import RoundPlan
from yizhi.core.town import Unit
from yizhi.doors import words
from yizhi.people.queries import roster
from yizhi.places.queries import centres
from yizhi.services import queries, rules
from yizhi.services.models import Place

_COMMUNITY, _GRID = 12, 15


@dataclass(frozen=True, slots=True)
class Near:
    """A service; `metres` in a straight line from where one stands, None when that is not known."""

    place: Place
    metres: int | None


@dataclass(frozen=True, slots=True)
class Circle:
    """`origin` says in words from where distances are measured, "" when nothing is known of it."""

    spot: Spot
    origin: str
    near: Sequence[Near]
    farther: Sequence[Near]
    kind: str


def circle(spot: Spot, kind: str) -> Circle:
    """What lies near a place, nearest first, and what else the street offers."""
    plan = spot.city.profile.services
    point, said = _origin(spot)
    found = [one for one in queries.around(spot.scan.area, point, plan.circle_metres) if kind in ("", one.kind)]
    known = sorted((_far(one, point) for one in found), key=lambda one: (one[1] is None, one[1] or 0))
    near = [Near(one, rules.rounded(far)) for one, far in known if far is not None and far <= plan.circle_metres]
    rest = [
        Near(one, None if far is None else rules.rounded(far))
        for one, far in known
        if far is None or far > plan.circle_metres
    ]
    return Circle(spot, said, near, rest, kind)


def _far(one: Place, point: tuple[float, float] | None) -> tuple[Place, float | None]:
    if point is None or one.lon is None or one.lat is None:
        return one, None
    return one, rules.straight(point, (one.lon, one.lat))


def _origin(spot: Spot) -> tuple[tuple[float, float] | None, str]:
    """Where one stands: the sticker, the middle of a surveyed area, or the place that the community put on its list
    first: its own hall."""
    scan, names = spot.scan, spot.city.town.area_names
    if scan.lon is not None and scan.lat is not None:
        return (scan.lon, scan.lat), scan.label or words.place_name(names, scan.area, since=_COMMUNITY)
    for area in (scan.area, scan.area[:_COMMUNITY]):
        if middle := centres([area]).get(area):
            return middle, words.place_name(names, area, since=_COMMUNITY)
    halls = [one for one in queries.around(scan.area, None, 0) if one.area.startswith(scan.area[:_COMMUNITY])]
    hall = min((one for one in halls if one.lon is not None), key=lambda one: one.id, default=None)
    return ((hall.lon, hall.lat), hall.name) if hall and hall.lon is not None and hall.lat is not None else (None, "")


# -- who looks after a grid -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fixed:
    """五定: which ground, by which office and telephone, in which posts, what for, when. Posts, never persons."""

    spot: Spot
    grid: Unit | None
    desk: Unit
    station: Unit | None
    posts: Sequence[str]
    rounds: Sequence[RoundPlan]
    calendar: Calendar


def fixed(spot: Spot, at: datetime) -> Fixed:
    town, area = spot.city.town, spot.scan.area
    grid = town.find("grid", area) if len(area) >= _GRID else None
    return Fixed(
        spot=spot,
        grid=grid,
        desk=spot.desk,
        station=town.find("station", area),
        posts=list(_posts(grid, at)) if grid else [],
        rounds=[plan for plan in spot.city.profile.patrols.rounds.values() if _walks(plan, area)],
        calendar=current().profile.calendar,
    )


def _posts(grid: Unit, at: datetime) -> Iterator[str]:
    """What the posts of a grid are called, each once."""
    roles = current().profile.roles
    for role in dict.fromkeys(seat.role for seat in roster(grid.code, at)):
        if role in roles:
            yield str(words.in_language({"zh": roles[role].title_zh, "en": roles[role].title_en}))


def _walks(plan: RoundPlan, area: str) -> bool:
    return plan.unit == "grid" and (not plan.areas or area.startswith(plan.areas))
