"""How many: of an area, of each area below it, of each unit in it.

Districts and streets are summed from what was counted beforehand, smaller areas from their marks. What was counted
holds no case that is about some unit: those are few, and counted here as far as who asks may know of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.queries.seeing import Condition, not_about_us
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.town import WIDTHS
from yizhi.insight.rules import FLOWS, NEAR_HOURS, NEVER, STANDS, SUMS, WIDE, Period, Piece, pieces

Numbers = Mapping[str, int]
#: The counts divide a day by these.
SLOT = timedelta(minutes=15)

_TIMED = "CASE WHEN m.what <> 'due' THEN m.what || ':late' WHEN m.due < %(now)s THEN 'overdue' ELSE 'near' END"
#: Not by the index of all that falls due in the city: few of it may lie here.
_FALLS_DUE = "m.what = 'due' AND m.day <= %(soon_day)s AND (m.due < %(soon)s) IS TRUE"
#: The quarters of an hour in which it is now, and in which what is near ends: the counts do not divide them.
_DIVIDED = """
m.what = 'due' AND (m.due >= %(slot)s AND m.due < %(next_slot)s OR m.due >= %(last_slot)s AND m.due < %(soon)s)
"""
_ANSWERS_LATE = "m.what IN ('wait:answer', 'watched') AND m.day = %(never)s AND m.due < %(now)s"
_IN_PERIOD = "m.what = ANY(%(flows)s) AND m.day BETWEEN %(since)s AND %(until)s"
#: The day that counts a case in a period is its first one there.
FIRST = f"{_IN_PERIOD} AND (m.again IS NULL OR m.again < %(since)s)"
_STANDS = "m.what = ANY(%(stands)s) AND m.day = %(never)s"

_ASKED = """
WITH a AS MATERIALIZED (
    SELECT * FROM unnest(%(labels)s::text[], %(kinds)s::text[], %(places)s::text[], %(signs)s::int[])
        AS a(label, kind, place, sign)
)
"""
#: As the index says it: without what has been done long ago.
FALLS_DUE_COUNTED = "n.what >= 'due:' AND n.what < 'due;' AND n.n > 0"
_COUNTED = f"""
SELECT a.label, n.what, sum(n.n * a.sign)::int AS n FROM a
JOIN insight_count AS n ON n.place = a.place AND n.kind = a.kind
WHERE n.what = ANY(%(flows)s) AND n.day BETWEEN %(since)s AND %(until)s AND n.again < %(since)s GROUP BY 1, 2
UNION ALL
SELECT a.label, n.what, sum(n.n * a.sign)::int FROM a
JOIN insight_count AS n ON n.place = a.place AND n.kind = a.kind
WHERE n.what = ANY(%(stands)s) AND n.day = %(never)s GROUP BY 1, 2
UNION ALL
SELECT a.label, CASE WHEN (n.day, n.what) < (%(today)s, %(slot_name)s) THEN 'overdue' ELSE 'near' END,
    sum(n.n * a.sign)::int FROM a JOIN insight_count AS n ON n.place = a.place AND n.kind = a.kind
WHERE {FALLS_DUE_COUNTED} AND n.day <= %(soon_day)s AND (n.day, n.what) <> (%(today)s, %(slot_name)s)
  AND (n.day, n.what) < (%(soon_day)s, %(last_slot_name)s) GROUP BY 1, 2
"""
#: Marks are found once, and placed then: the planner takes every district for a grid, and would look for all of them
#: again for each area.
_FOUND = """
WITH m AS MATERIALIZED (
    SELECT m.unit, m.what, m.case_id, m.kind, m.area, m.due FROM insight_mark AS m WHERE {which} AND {within}
)
"""
_PLACED = "m JOIN a ON left(m.area, {width}) = a.place AND m.kind = a.kind AND char_length(a.place) = {width}"
_MARKS = f"({_FOUND} SELECT a.label, {{what}}, sum(a.sign)::int FROM {_PLACED} GROUP BY 1, 2)"
_UNITS = f"""
({_FOUND} SELECT unit, what, sum(sign)::int FROM (
    SELECT m.unit, {{what}} AS what, m.case_id, a.place, a.sign FROM {_PLACED} GROUP BY 1, 2, 3, 4, 5
) AS f GROUP BY 1, 2)
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted: an area (`own`: only what lies in none of the areas below it) over days; one unit's or one
    kind's part when named."""

    area: str
    period: Period
    own: bool = False
    unit: str = ""
    kind: str = ""


def below(city: City, area: str) -> list[str]:
    """The areas one level down, in the order of their codes: the official one."""
    names = city.town.area_names
    width = next((width for width in WIDTHS if width > len(area)), 0)
    return sorted(code for code in names if len(code) == width and code.startswith(area))


def allowed(who: Actor, wanted: Wanted, city: City) -> list[Piece]:
    """The part of what is wanted that somebody may see."""
    kinds = [kind for kind in city.kinds.values() if wanted.kind in ("", kind.code)]
    return pieces(who, kinds, wanted.area, below(city, wanted.area) if wanted.own else ())


def numbers(who: Actor, wanted: Wanted, *, at: datetime) -> Numbers:
    """Of the area as a whole, or of the unit named within it. What there is none of is 0."""
    city = current()
    if wanted.unit:
        return dict(_by_unit(who, wanted, city, at)).get(wanted.unit, _whole({}))
    return _told(who, wanted, {"": allowed(who, wanted, city)}, city, at).get("", _whole({}))


def by_area(who: Actor, wanted: Wanted, *, at: datetime) -> list[tuple[str, Numbers]]:
    """Of each area one level down of which `who` may see something."""
    city = current()
    parts = {
        code: allowed(who, Wanted(code, wanted.period, kind=wanted.kind), city) for code in below(city, wanted.area)
    }
    asked = {code: part for code, part in parts.items() if part}
    found = _told(who, wanted, asked, city, at)
    return [(code, found.get(code, _whole({}))) for code in asked]


def by_unit(who: Actor, wanted: Wanted, *, at: datetime) -> list[tuple[str, Numbers]]:
    """Of each unit that has a part in the area's matters, in the order of the register."""
    city = current()
    found = dict(_by_unit(who, wanted, city, at))
    order = {code: place for place, code in enumerate(city.town.units)}
    return sorted(((unit, n) for unit, n in found.items() if unit), key=lambda one: order.get(one[0], len(order)))


def _told(
    who: Actor, wanted: Wanted, asked: Mapping[str, Iterable[Piece]], city: City, at: datetime
) -> dict[str, Numbers]:
    lines = [(label, piece.kind, piece.place, piece.sign) for label, part in asked.items() for piece in part]
    if not lines:
        return {}
    widths = sorted({len(place) for _, _, place, _ in lines})
    hidden, values = values_of(who, wanted, city, at)
    branches = [_COUNTED] if set(widths) & set(WIDE) else []
    for width in widths:
        branches += (
            _MARKS.format(what=what, width=width, which=which, within=within(wanted.area))
            for what, which in _live(width in WIDE, hidden)
        )
    return _summed(_ASKED + " UNION ALL ".join(branches), _columns(lines) | values)


def _live(wide: bool, hidden: str) -> list[tuple[str, str]]:
    """What is looked up mark by mark: what it is called, and which marks."""
    shy = f"m.shy AND {hidden}"
    found = [("m.what", f"{shy} AND {FIRST}"), ("m.what", f"{shy} AND {_STANDS}")]
    found += [(_TIMED, f"{shy} AND {_FALLS_DUE}"), (_TIMED, f"(NOT m.shy OR {hidden}) AND {_ANSWERS_LATE}")]
    if wide:
        return [*found, (_TIMED, f"NOT m.shy AND {_DIVIDED}")]
    found += [("m.what", f"NOT m.shy AND {which}") for which in (FIRST, _STANDS)]
    return [*found, (_TIMED, f"NOT m.shy AND {_FALLS_DUE}")]


def _by_unit(who: Actor, wanted: Wanted, city: City, at: datetime) -> list[tuple[str, Numbers]]:
    lines = [("", piece.kind, piece.place, piece.sign) for piece in allowed(who, wanted, city)]
    if not lines:
        return []
    hidden, values = values_of(who, wanted, city, at)
    of_one = " AND m.unit = %(unit)s" if wanted.unit else ""
    branches = [
        _UNITS.format(
            what=what, width=width, which=f"(NOT m.shy OR {hidden}) AND {which}{of_one}", within=within(wanted.area)
        )
        for width in sorted({len(place) for _, _, place, _ in lines})
        for what, which in (("m.what", _IN_PERIOD), ("m.what", _STANDS), (_TIMED, _FALLS_DUE), (_TIMED, _ANSWERS_LATE))
    ]
    found = _summed(_ASKED + " UNION ALL ".join(branches), _columns(lines) | values | {"unit": wanted.unit})
    return list(found.items())


def _columns(lines: list[tuple[str, str, str, int]]) -> dict[str, Any]:
    names = ("labels", "kinds", "places", "signs")
    return {name: list(column) for name, column in zip(names, zip(*lines, strict=True), strict=True)}


def within(area: str) -> str:
    return "m.area >= %(within)s AND m.area < %(beyond)s" if area else "true"


def values_of(who: Actor, wanted: Wanted, city: City, at: datetime) -> tuple[str, dict[str, Any]]:
    """Whether a shy case may be known to who asks, and the values of every branch."""
    unhidden, soon = Condition(), at + timedelta(hours=NEAR_HOURS)
    not_about_us(who, city, unhidden)
    hidden = f"EXISTS (SELECT FROM cases_case AS c WHERE c.id = m.case_id AND {' AND '.join(unhidden.parts)})"
    today, slot, last_slot = localtime(at).date(), _slot(at), _slot(soon)
    return hidden, unhidden.values | {
        "since": wanted.period.since,
        "until": wanted.period.until,
        "never": NEVER,
        "today": today,
        "now": at,
        "slot": slot,
        "next_slot": slot + SLOT,
        "slot_name": f"due:{localtime(slot):%H:%M}",
        "soon": soon,
        "soon_day": localtime(soon).date(),
        "last_slot": last_slot,
        "last_slot_name": f"due:{localtime(last_slot):%H:%M}",
        "flows": sorted(FLOWS),
        "stands": sorted(STANDS),
        "within": wanted.area,
        "beyond": f"{wanted.area}:",
    }


def _slot(moment: datetime) -> datetime:
    local = localtime(moment)
    return local - timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)


def _summed(statement: str, values: dict[str, Any]) -> dict[str, Numbers]:
    found: dict[str, dict[str, int]] = {}
    for label, what, n in sql.rows(statement, **values):
        told = found.setdefault(label, {})
        told[what] = told.get(what, 0) + n
    return {label: _whole(told) for label, told in found.items()}


class _Whole(dict[str, int]):
    """What there is none of is 0."""

    def __missing__(self, what: str) -> int:
        return 0


def _whole(told: Mapping[str, int]) -> Numbers:
    whole = _Whole(told)
    for name, parts in SUMS.items():
        whole[name] = sum(whole[part] for part in parts)
    return whole
