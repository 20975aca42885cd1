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
from yizhi.insight.queries.numbers import Wanted, allowed, values_of, within
from yizhi.insight.rules import FLOWS, STANDS, SUMS

PAGE = 50
KNOTS = 10

_IDS = """
SELECT m.case_id FROM insight_mark AS m WHERE {which} GROUP BY m.case_id ORDER BY {order}
LIMIT %(limit)s OFFSET %(offset)s
"""
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
    which, values = _marked(who, wanted, what, city, at)
    order = "max(m.day) DESC, m.case_id DESC" if what in FLOWS else "min(m.due), m.case_id"
    limits = {"limit": size + 1, "offset": size * (page - 1)}
    ids = [case for (case,) in sql.rows(_IDS.format(which=which, order=order), **values, **limits)]
    found = in_sight(who, city, wanted.area)  # asked of the case itself: it may have changed this very second
    found.add("c.id = ANY(%(ids)s)", ids=ids[:size])
    places = {case: place for place, case in enumerate(ids)}
    return sorted(_rows(found, by_age=True, limit=size), key=lambda row: places[row.id]), len(ids) > size


def oldest(who: Actor, area: str) -> list[Knot]:
    """The open cases that were reported longest ago."""
    found = in_sight(who, current(), area)
    stages = " UNION ALL ".join(_OLD.format(seen=found.where(), stage=stage) for stage in sorted(OPEN))
    since = dict(sql.rows(_FIRST.format(stages=stages), **found.values, most=KNOTS))
    those = Condition(ways=["c.id = ANY(%(ids)s)"], values={"ids": list(since)})
    return [Knot(row, since[row.id]) for row in reversed(_rows(those, by_age=True, limit=KNOTS))]


def _rows(found: Condition, *, by_age: bool, limit: int) -> list[Row]:
    return [Row(*row) for row in sql.rows(statement(found, by_age), **found.values, limit=limit)]


def _marked(who: Actor, wanted: Wanted, what: str, city: City, at: datetime) -> tuple[str, dict[str, Any]]:
    """Which marks a number counts, of those that `who` may know of."""
    hidden, values = values_of(who, wanted, city, at)
    sort = {"overdue": "due", "near": "due"}.get(what, what.removesuffix(":late"))
    whats = SUMS.get(what, (sort,))
    parts = ["m.what = ANY(%(whats)s)", within(wanted.area), f"(NOT m.shy OR {hidden})"]
    parts.append(_seen(who, wanted, city, values))
    if STANDS.issuperset(whats):
        parts.append("m.day = %(never)s")
    if what == "overdue" or what.endswith(":late"):
        parts.append("m.due < %(now)s")
    elif what == "near":
        parts.append("m.due >= %(now)s AND m.due < %(soon)s")
    elif what in FLOWS:
        parts.append("m.day BETWEEN %(since)s AND %(until)s")
    if wanted.unit:
        parts.append("m.unit = %(unit)s")
    return " AND ".join(parts), values | {"whats": list(whats), "unit": wanted.unit}


def _seen(who: Actor, wanted: Wanted, city: City, values: dict[str, Any]) -> str:
    """Marks in what `who` may see of the area: added and taken away as they are counted."""
    found = []
    for number, piece in enumerate(allowed(who, wanted, city)):
        values |= {f"place{number}": piece.place, f"beyond{number}": f"{piece.place}:", f"kind{number}": piece.kind}
        inside = f"m.kind = %(kind{number})s AND m.area >= %(place{number})s AND m.area < %(beyond{number})s"
        found.append(f"{piece.sign} * ({inside})::int")
    return f"{' + '.join(found) or '0'} > 0"
