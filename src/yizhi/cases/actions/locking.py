"""A case taken in hand: found by somebody who may know of it, its row locked until the transaction ends."""

from dataclasses import dataclass
from typing import Any

import msgspec

from yizhi import sql
from yizhi.cases import city as cities
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.core.standing import sees
from yizhi.people.queries import TOWN_VERSION_SQL

#: A case for `locked`; `which` says which.
LOCK = f"""
SELECT c.id, c.number, c.state, c.head, k.sealed, {TOWN_VERSION_SQL}
FROM cases_case AS c LEFT JOIN cases_key AS k ON k.case_id = c.id
WHERE {{which}} FOR UPDATE OF c
"""
_LOCK_BY_NUMBER = LOCK.format(which="c.number = %(key)s")
_LOCK_BY_ID = LOCK.format(which="c.id = %(key)s")


@dataclass(frozen=True, slots=True)
class Locked:
    """A case whose row is locked until the transaction ends."""

    id: int
    number: str
    case: Case
    head: bytes
    sealed_key: bytes | None
    city: City


def lock(number: str | int, by: Actor) -> Locked:
    """The case, locked. The same statement runs for what is absent and for what may not be seen."""
    row = sql.hot_row(_LOCK_BY_ID if isinstance(number, int) else _LOCK_BY_NUMBER, key=number)
    if row is None:
        raise NotFound
    found = locked(row)
    if by.door not in ("clock", "rule") and by.reporter_of != found.id and not sees(found.case, by, found.city):
        raise NotFound
    return found


def locked(row: tuple[Any, ...]) -> Locked:
    """From a row that `LOCK` found."""
    case_id, number, state, head, sealed_key, town_version = row
    city, case = cities.current(town_version), msgspec.json.decode(state, type=Case)
    return Locked(case_id, number, case, bytes(head), bytes(sealed_key) if sealed_key else None, city)
