"""Records that are taken out in a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.places.addresses.queries import scoped
from yizhi.registry import rules
from yizhi.registry.queries.find import scopes
from yizhi.registry.queries.one import RECORDS, Record, made

_MOST = 30
_PIECE = 2_000


@dataclass(frozen=True, slots=True)
class Taking:
    """`purpose`: "" for a masked sheet. `granted`: since when it may be fetched; `granted_by`: None without a second
    person."""

    id: int
    register: str
    area: str
    purpose: str
    account: int
    by: str
    at: datetime
    rows: int
    granted: datetime | None
    grantor: str
    taken: datetime | None
    granted_by: int | None


_TAKINGS = """
SELECT t.id, t.register, t.area, t.purpose, t.account, coalesce(a.title, ''), t.at, t.rows, t.granted,
    coalesce(g.title, ''), t.taken, t.granted_by
FROM registry_taking AS t LEFT JOIN people_account AS a ON a.id = t.account
LEFT JOIN people_account AS g ON g.id = t.granted_by WHERE
"""


def takings(who: Actor) -> list[Taking]:
    """The last ones of one's areas: one's own, and those that others want."""
    values: dict[str, Any] = {"most": _MOST}
    where = scoped(scopes(who), "t.area", values)
    return [Taking(*row) for row in sql.rows(f"{_TAKINGS} {where} ORDER BY t.id DESC LIMIT %(most)s", **values)]


def taking(who: Actor, number: int) -> Taking:
    """Raises `NotFound`."""
    row = sql.row(f"{_TAKINGS} t.id = %(id)s", id=number)
    if row is None or rules.post_for(who, row[2]) is None:
        raise NotFound
    return Taking(*row)


_UNDER = "r.register = %(register)s AND starts_with(r.area, %(area)s)"


def count(register: str, area: str) -> int:
    row = sql.row(
        f"SELECT count(*) FROM registry_record AS r WHERE r.ended IS NULL AND {_UNDER}", register=register, area=area
    )
    return int(row[0]) if row else 0


def under(who: Actor, register: str, area: str) -> Iterator[Record]:
    """All records of an area, some thousands at a time; those that lie in somebody's own scopes."""
    last = 0
    while rows := sql.rows(
        f"{RECORDS} {_UNDER} AND r.id > %(last)s ORDER BY r.id LIMIT %(piece)s",
        register=register, area=area, last=last, piece=_PIECE,
    ):  # fmt: skip
        last = rows[-1][0]
        found = (made(row) for row in rows)
        yield from (one for one in found if one is not None and rules.post_for(who, one.area))
