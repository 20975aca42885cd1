"""What was reported already around a place: for whoever is about to report it again, and may rather follow it.

Only what anybody may know (`public`): which sort, about where, how far it has come. Words play no part in the search:
else whoever asks often enough could find out what others wrote.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from math import ceil, cos, radians

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.queries.public import DELAY, public_categories
from yizhi.cases.queries.seeing import Condition
from yizhi.core.city import City

MOST = 3
#: How far apart two reports of one thing lie; of things whose sort is not known only what lies on the spot is asked.
METRES, ON_THE_SPOT = 300, 50
_DEGREE = 111_320.0
_GRID, _COMMUNITY = 15, 12
#: So many of each way are looked at.
_EACH = 20
#: Distances are told as roughly as places are.
_STEP = 100

_WAY = """
SELECT c.id, c.number, c.category, c.stage, c.reported,
    (point(c.lon * %(narrowed)s, c.lat) <-> point(%(lon)s * %(narrowed)s, %(lat)s)) * %(degree)s AS metres
FROM cases_case AS c WHERE {where} ORDER BY {order} LIMIT %(each)s
"""
_ALIKE = """
SELECT f.number, f.category, f.stage, f.metres FROM ({ways}) AS f
ORDER BY f.metres NULLS LAST, f.reported DESC, f.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """A matter that may be the same. `metres`: at most so far away; None where nobody knows."""

    number: str
    category: str
    stage: str
    metres: int | None


def alike(area: str, category: str, *, lon: float | None, lat: float | None, at: datetime) -> list[Alike]:
    """What is open and of the same sort in a grid, or around a point; the nearest first. Without a category only what
    lies at the very point."""
    city = current()
    found = _around(area, category, lon, lat)
    wanted = public_categories(city.profile) & ({category} if category else public_categories(city.profile))
    if not found.ways or not wanted:
        return []
    _public(found, city, wanted, at)
    ways = (f"({_WAY.format(where=found.where(way), order=_order(way))})" for way in found.ways)
    rows = sql.hot_rows(_ALIKE.format(ways=" UNION ".join(ways)), **found.values, most=MOST, each=_EACH)
    return [Alike(number, code, stage, _roughly(metres)) for number, code, stage, metres in rows]


def _around(area: str, category: str, lon: float | None, lat: float | None) -> Condition:
    """Ways that an index walks: the open ones of the grid, when their sort is known, and those around the point."""
    found = Condition(values={"lon": lon, "lat": lat, "narrowed": 1.0, "degree": _DEGREE})
    if category and len(area) >= _COMMUNITY:
        # A matter whose grid nobody knew stands for its community.
        found.values |= {"sort": category, "grid": area[:_GRID], "community": area[:_COMMUNITY]}
        for place in ("grid", "community"):
            found.ways.append(f"c.a{_GRID} = %({place})s AND c.category = %(sort)s AND c.due IS NOT NULL")
    if lon is not None and lat is not None:
        narrowed = max(cos(radians(lat)), 0.01)
        up = (METRES if category else ON_THE_SPOT) / _DEGREE
        found.ways.append(
            "c.due IS NOT NULL AND c.lon IS NOT NULL AND"
            " point(c.lon, c.lat) <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))"
        )
        across = up / narrowed
        found.values |= {"west": lon - across, "east": lon + across, "south": lat - up, "north": lat + up}
        found.values["narrowed"] = narrowed
    return found


def _order(way: str) -> str:
    """As the index of the way has them: the newest of a place, the nearest to a point."""
    return "c.reported DESC" if "c.category" in way else "metres"


def _public(found: Condition, city: City, categories: Collection[str], at: datetime) -> None:
    kinds = sorted(code for code, kind in city.kinds.items() if kind.public)
    found.add("c.kind = ANY(%(kinds)s) AND c.category = ANY(%(categories)s)", categories=sorted(categories))
    found.add("NOT c.secret AND c.about = '{}' AND c.reported <= %(until)s", kinds=kinds, until=at - DELAY)


def _roughly(metres: float | None) -> int | None:
    return None if metres is None else max(_STEP, ceil(metres / _STEP) * _STEP)
