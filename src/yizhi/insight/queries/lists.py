"""Which: the cases behind a number, and the oldest knots."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.queries import Row
from yizhi.cases.queries.lists import statement
from yizhi.cases.queries.seeing import Condition, in_sight
from yizhi.core.actor import Actor
from yizhi.core.case import OPEN
from yizhi.core.city import City
from yizhi.insight.queries.numbers import Wanted, below, values_of
from yizhi.insight.rules import FLOWS, SUMS

PAGE = 50
KNOTS = 10

_OLD = """
(SELECT c.id, c.reported FROM cases_case AS c WHERE {seen} AND c.stage = '{stage}'
 ORDER BY c.reported, c.id LIMIT %(most)s)
"""
_FIRST = """
SELECT f.id, (c.state->>'moved')::timestamptz FROM ({stages}) AS f JOIN cases_case AS c ON c.id = f.id
ORDER BY f.reported, f.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Knot:
    """An old open case; `since` it has stood where it stands."""

    row: Row
    since: datetime


def cases(
    who: Actor, wanted: Wanted, what: str, *, at: datetime, page: int = 1, size: int = PAGE
) -> tuple[list[Row], bool]:
    """A page of the cases that a number counts, and whether there are more. What happened: the newest first; what
    stands now: what falls due first."""
    city = current()
    found = _seen(who, wanted, city)
    _add_marks(found, who, wanted, what, city, at)
    rows = _rows(found, by_age=what in FLOWS, limit=size * page + 1)[size * (page - 1) :]
    return rows[:size], len(rows) > size


def oldest(who: Actor, area: str) -> list[Knot]:
    """The open cases that were reported longest ago."""
    found = in_sight(who, current(), area)
    stages = " UNION ALL ".join(_OLD.format(seen=found.where(), stage=stage) for stage in sorted(OPEN))
    since = dict(sql.rows(_FIRST.format(stages=stages), **found.values, most=KNOTS))
    those = Condition(ways=["c.id = ANY(%(ids)s)"], values={"ids": list(since)})
    return [Knot(row, since[row.id]) for row in reversed(_rows(those, by_age=True, limit=KNOTS))]


def _rows(found: Condition, *, by_age: bool, limit: int) -> list[Row]:
    return [Row(*row) for row in sql.rows(statement(found, by_age), **found.values, limit=limit)]


def _seen(who: Actor, wanted: Wanted, city: City) -> Condition:
    found = in_sight(who, city, wanted.area)
    if wanted.kind:
        found.add("c.kind = %(kind)s", kind=wanted.kind)
    codes = below(city, wanted.area) if wanted.own else []
    if codes:
        found.add("NOT left(c.area, %(width)s) = ANY(%(below)s)", below=codes, width=len(codes[0]))
    return found


def _add_marks(found: Condition, who: Actor, wanted: Wanted, what: str, city: City, at: datetime) -> None:
    """Which marks a number counts."""
    sorts = {"overdue": "due", "near": "due"}.get(what, what.removesuffix(":late"))
    parts = ["m.what = ANY(%(whats)s)"]
    if what == "overdue" or what.endswith(":late"):
        parts.append("m.due < %(now)s")
    elif what == "near":
        parts.append("m.due >= %(now)s AND m.due < %(soon)s AND m.day <= %(soon_day)s")
    elif what in FLOWS:
        parts.append("m.day BETWEEN %(since)s AND %(until)s")
    if wanted.unit:
        parts.append("m.unit = %(unit)s")
    if wanted.area:
        parts.append("m.area >= %(within)s AND m.area < %(beyond)s")
    _, values = values_of(who, wanted, city, at)
    more: dict[str, Any] = {"whats": list(SUMS.get(what, (sorts,))), "unit": wanted.unit}
    found.values = values | more | found.values
    found.add(f"c.id IN (SELECT m.case_id FROM insight_mark AS m WHERE {' AND '.join(parts)})")
