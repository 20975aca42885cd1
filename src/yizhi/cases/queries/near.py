"""What else was reported hereabouts: the matters that a clerk reads before starting the same work twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from yizhi import sql
from yizhi.cases.queries.one import Whole
from yizhi.cases.queries.seeing import COLUMNS, Condition, in_sight, not_about_us
from yizhi.core.actor import Actor
from yizhi.core.case import OPEN

MOST = 10
METRES = 300
#: How long ago something may have ended and still be told of: asked by the day it came in, which an index knows.
_ENDED = timedelta(days=30)
_CAME_IN = timedelta(days=90)
#: One degree of latitude.
_DEGREE = 111_320.0
#: Wider than a community nothing is near.
_NARROW = COLUMNS[-2]

_WAY = """
SELECT c.id, c.number, c.stage, c.kind, coalesce(c.category, '') AS category, c.lon, c.lat, c.reported,
    c.due IS NOT NULL AS open, (c.category = %(category)s) IS TRUE AS same,
    (point(c.lon * %(narrowed)s, c.lat) <-> point(%(lon)s * %(narrowed)s, %(lat)s)) * %(degree)s AS metres
FROM cases_case AS c WHERE {where}
"""
_ORDER = "f.open DESC, f.same DESC, f.metres, f.reported DESC, f.id"
_NEAR = f"""
SELECT f.number, coalesce(left(t.body, 80), ''), f.stage, f.kind, f.category, f.lon, f.lat, round(f.metres)::int,
    f.reported, f.open
FROM (SELECT * FROM ({{ways}}) AS f ORDER BY {_ORDER} LIMIT %(most)s) AS f
LEFT JOIN cases_text AS t ON t.case_id = f.id AND t.seq = 1 AND t.field = 'text' ORDER BY {_ORDER}
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A matter nearby. `metres` is None where one of the two has no point; `gist` is how its text begins, "" when
    that is not shown."""

    number: str
    gist: str
    stage: str
    kind: str
    category: str
    lon: float | None
    lat: float | None
    metres: int | None
    reported: datetime
    open: bool


def near(who: Actor, whole: Whole, *, at: datetime) -> list[Near]:
    """What `who` may see around a case: open within some 300 metres, open or ended of late in the same grid; of the
    same sort, or not yet sorted. Ten at most: open first, then the same category, then what is nearest."""
    found = _around(whole, at)
    if not found.ways:
        return []
    _visible(found, who, whole)
    statement = _NEAR.format(ways=" UNION ".join(_WAY.format(where=found.where(way)) for way in found.ways))
    return [Near(*row) for row in sql.hot_rows(statement, **found.values, most=MOST)]


def _around(whole: Whole, at: datetime) -> Condition:
    """Ways that an index walks: the open ones of the place, those that ended there of late, the open ones nearby."""
    case, found = whole.state, Condition()
    found.values |= {"degree": _DEGREE, "lon": whole.lon, "lat": whole.lat, "narrowed": _narrowed(whole)}
    width = max((width for width in COLUMNS if width <= len(case.area)), default=0)
    if width >= _NARROW:
        place = f"c.a{width} = %(place)s AND "
        stages = ", ".join(f"'{stage}'" for stage in sorted(OPEN))
        found.ways.append(f"{place} c.stage IN ({stages})")
        found.ways.append(
            f"{place} c.stage = 'closed' AND c.reported > %(came_in)s AND (c.state->>'moved')::timestamptz > %(ended)s"
        )
        found.values |= {"place": case.area[:width], "came_in": at - _CAME_IN, "ended": at - _ENDED}
    if whole.lon is not None and whole.lat is not None:
        found.ways.append(
            "c.due IS NOT NULL AND c.lon IS NOT NULL AND"
            " point(c.lon, c.lat) <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))"
        )
        found.values |= _box(whole.lon, whole.lat, _narrowed(whole))
    return found


def _narrowed(whole: Whole) -> float:
    """How much shorter a degree of longitude is here than one of latitude."""
    return cos(radians(whole.lat)) if whole.lat is not None else 1.0


def _box(lon: float, lat: float, narrowed: float) -> dict[str, float]:
    up, across = METRES / _DEGREE, METRES / _DEGREE / max(narrowed, 0.01)
    return {"west": lon - across, "east": lon + across, "south": lat - up, "north": lat + up}


def _visible(found: Condition, who: Actor, whole: Whole) -> None:
    """Another matter of the same sort that `who` may see: in an area of theirs, or with a hand of theirs in it."""
    seen = in_sight(who, whole.city)
    sort = whole.state.category[:2]
    either = " OR ".join(f"({way})" for way in (*seen.ways, "c.hands && %(mine)s"))
    found.add(f"({either})", **{name: value for name, value in seen.values.items() if name != "above_me"})
    found.add("NOT c.secret AND c.id <> %(this)s", mine=sorted(who.units), this=whole.id)
    found.add("(%(sort)s = '' OR coalesce(c.category, '') = '' OR starts_with(c.category, %(sort)s))", sort=sort)
    found.values["category"] = whole.state.category
    not_about_us(who, whole.city, found)
