"""What is asked of the register of points of care. They are places: whoever works here may know of a hydrant; what a
list shows is narrowed by the ground that somebody looks after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from yizhi.core.actor import Scope
from yizhi.sql import row, rows


@dataclass(frozen=True, slots=True)
class Point:
    id: int
    kind: str
    area: str
    name: str
    label: str
    lon: float | None
    lat: float | None
    since: date
    until: date | None
    seen: datetime | None


_POINTS = "SELECT id, kind, area, name, label, lon, lat, since, until, seen FROM places_point"
#: An area within a scope: begins like one of `include`, and like none of `exclude`.
WITHIN = (
    "EXISTS (SELECT FROM unnest(%(include)s::text[]) AS inside(code) WHERE starts_with(area, inside.code))"
    " AND NOT EXISTS (SELECT FROM unnest(%(exclude)s::text[]) AS outside(code) WHERE starts_with(area, outside.code))"
)


def point(number: int) -> Point | None:
    """Withdrawn or not."""
    found = row(f"{_POINTS} WHERE id = %(id)s", id=number)
    return Point(*found) if found else None


def points(numbers: Iterable[int]) -> list[Point]:
    """Those still looked after, by kind and name."""
    sql = f"{_POINTS} WHERE id = ANY(%(ids)s) AND until IS NULL ORDER BY kind, name, id"
    return [Point(*found) for found in rows(sql, ids=list(numbers))]


def register(ground: Scope, *, area: str = "", kind: str = "", words: str = "", most: int = 500) -> list[Point]:
    """The places looked after on a ground: in an area of it, of a kind, whose name or label has these words."""
    sql = f"""
        {_POINTS} WHERE until IS NULL AND {WITHIN} AND starts_with(area, %(area)s) AND %(kind)s IN ('', kind)
        AND (strpos(name, %(words)s) > 0 OR strpos(label, %(words)s) > 0) ORDER BY area, kind, name, id LIMIT %(most)s
    """
    return [Point(*found) for found in rows(sql, **_ground(ground), area=area, kind=kind, words=words, most=most)]


def unseen(ground: Scope, *, kinds: Collection[str], before: datetime, area: str, most: int) -> list[Point]:
    """Places that nobody has looked at since `before`, the longest unseen first."""
    sql = f"""
        {_POINTS} WHERE until IS NULL AND {WITHIN} AND starts_with(area, %(area)s) AND kind = ANY(%(kinds)s)
        AND coalesce(seen, since::timestamptz) < %(before)s
        ORDER BY coalesce(seen, since::timestamptz), id LIMIT %(most)s
    """
    return [
        Point(*found) for found in rows(sql, **_ground(ground), kinds=list(kinds), before=before, area=area, most=most)
    ]


def counted(ground: Scope, *, area: str, width: int) -> dict[str, int]:
    """How many places lie in each area of this width."""
    sql = f"""
        SELECT left(area, %(width)s), count(*) FROM places_point
        WHERE until IS NULL AND {WITHIN} AND starts_with(area, %(area)s) GROUP BY 1
    """
    return dict(rows(sql, **_ground(ground), area=area, width=width))


def _ground(ground: Scope) -> dict[str, list[str]]:
    return {"include": list(ground.include), "exclude": list(ground.exclude)}
