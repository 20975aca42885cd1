"""What the pages of sheets ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yizhi import sql
from yizhi.cases.city import current, profile
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.registry import rules

_MOST = 30
#: The place of `told` among the columns.
_TOLD = 12
ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Batch:
    """A sheet that was handed in. `faults`: line, what is wrong, whether it is only left out."""

    id: int
    register: str
    name: str
    status: str
    skip: bool
    unit: str
    account: int
    by: str
    at: datetime
    rows: int
    progress: int
    skipped: int
    faults: list[dict[str, Any]]
    asked_by: int | None
    asker: str
    reason: str
    stayed: int


_SHEETS = """
SELECT s.id, s.register, s.name, s.status, s.skip, s.unit, s.account, coalesce(a.title, ''), s.at, s.rows, s.progress,
    s.skipped, coalesce(s.told, '[]'::jsonb)::text, s.asked_by, coalesce(w.title, ''), s.reason, s.stayed
FROM registry_sheet AS s LEFT JOIN people_account AS a ON a.id = s.account
LEFT JOIN people_account AS w ON w.id = s.asked_by WHERE s.unit = ANY(%(units)s)
"""


def sorts() -> list[str]:
    """What a sheet may hold: addresses, or the records of one register."""
    return [ADDRESS, *profile().records.registers]


def sheets(who: Actor) -> list[Batch]:
    """The last ones of one's own units and those below."""
    _require(who)
    rows = sql.rows(f"{_SHEETS} ORDER BY s.id DESC LIMIT %(most)s", units=_units(who), most=_MOST)
    return [_batch(row) for row in rows]


def sheet(who: Actor, number: int) -> Batch:
    """Raises `NotFound`."""
    _require(who)
    row = sql.row(f"{_SHEETS} AND s.id = %(id)s", units=_units(who), id=number)
    if row is None:
        raise NotFound
    return _batch(row)


def _require(who: Actor) -> None:
    if not rules.may(who):
        raise NotFound


def _batch(row: tuple[Any, ...]) -> Batch:
    values = list(row)
    values[_TOLD] = msgspec.json.decode(row[_TOLD])
    return Batch(*values)


def _units(who: Actor) -> list[str]:
    """One's own, and those below: the desk above may confirm what a small desk cannot with two persons."""
    mine, town = {post.unit for post in who.posts if rules.POWER in post.acts}, current().town
    return [code for code in town.units if code in mine or any(town.is_above(one, code) for one in mine)]
