"""One record, what became of it, who looked at it, what is proposed."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag

from yizhi import sql
from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.core.profile.records import Register
from yizhi.places.addresses.queries import scoped
from yizhi.registry import rules, vault

_logger = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(dict[str, str]).decode

RECORDS = """
SELECT r.id, r.register, r.area, r.address_id, r.building, r.data::text, r.sealed, k.sealed, r.since, r.expires,
    p.of_id, r.head
FROM registry_record AS r LEFT JOIN registry_recordkey AS k ON k.record_id = r.id
LEFT JOIN registry_part AS p ON p.record_id = r.id WHERE r.ended IS NULL AND
"""


@dataclass(frozen=True, slots=True)
class Record:
    """`values` are all of its fields, opened: whoever shows them masks them first (`shown`)."""

    id: int
    register: Register
    area: str
    address: int | None
    building: int | None
    values: Mapping[str, str]
    since: date
    expires: date | None
    part_of: int | None
    head: bytes = b""
    kept: bytes | None = field(default=None, repr=False)

    @property
    def masked(self) -> dict[str, str]:
        fields = self.register.fields.values()
        return {one.code: rules.masked(one, self.values[one.code]) for one in fields if one.code in self.values}

    @property
    def personal(self) -> tuple[str, ...]:
        """The personal fields that it has."""
        return tuple(one.code for one in self.register.fields.values() if one.personal and one.code in self.values)


def made(row: tuple[Any, ...]) -> Record | None:
    """From a row of `RECORDS`; None when the profile knows its register no more."""
    number, register, area, address, building, data, sealed, kept, since, expires, of, head = row
    known = profile().records.registers.get(register)
    if known is None:
        return None
    values = _decode(data) | vault.opened(kept, sealed)
    return Record(number, known, area, address, building, values, since, expires, of, bytes(head), kept)


def any_record(number: int, *, lock: bool = False) -> Record:
    """Whoever asks: for actions, which look at the post themselves. Raises `NotFound`."""
    row = sql.row(f"{RECORDS} r.id = %(id)s{' FOR UPDATE OF r' if lock else ''}", id=number)
    found = made(row) if row else None
    if found is None:
        raise NotFound
    return found


def record(who: Actor, number: int) -> Record:
    """Raises `NotFound`, also for what lies outside the areas in which somebody uses records."""
    found = any_record(number)
    if rules.post_for(who, found.area) is None:
        raise NotFound
    return found


# -- what became of it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One change. `fields` are the labels' codes; what was before stays sealed."""

    seq: int
    at: datetime
    by: str
    second: str
    act: str
    source: str
    fields: list[str]


_LOG = """
SELECT c.seq, c.at, coalesce(a.title, ''), coalesce(b.title, ''), c.act, c.source, c.fields
FROM registry_change AS c LEFT JOIN people_account AS a ON a.id = c.account
LEFT JOIN people_account AS b ON b.id = c.second
WHERE c.record_id = %(record)s ORDER BY c.seq DESC LIMIT 50
"""


def log(found: Record) -> list[Line]:
    return [Line(*row) for row in sql.rows(_LOG, record=found.id)]


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody looked. Never who by name: the post and the unit answer for it."""

    at: datetime
    way: str
    fields: list[str]
    unit: str
    purpose: str


_LOOKS = """
SELECT at, way, fields, unit, purpose FROM registry_recordlook WHERE record_id = %(record)s ORDER BY id DESC LIMIT 100
"""


def looks(found: Record) -> list[Seen]:
    return [Seen(*row) for row in sql.rows(_LOOKS, record=found.id)]


# -- proposals ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposed:
    """`wanted` are the fields as they should be, opened; `reason` the words of who proposes."""

    id: int
    record: Record
    act: str
    at: datetime
    account: int | None
    by: str
    source: str
    wanted: Mapping[str, str]
    reason: str


_PROPOSALS = """
SELECT p.id, p.record_id, p.act, p.at, p.account, coalesce(a.title, ''), p.source, p.cipher
FROM registry_proposal AS p LEFT JOIN people_account AS a ON a.id = p.account
WHERE p.decided IS NULL AND
"""
REASON = "."
_MOST = 50


def proposals(who: Actor, record: int | None = None) -> list[Proposed]:
    """What waits in the areas in which somebody uses records, the oldest first; or about one record. One whose record
    is gone or cannot be read hides no other."""
    scopes = [post.scope for post in who.posts if rules.POWER in post.acts]
    values: dict[str, Any] = {"most": _MOST, "record": record}
    where = scoped(scopes, "p.area", values)
    rows = sql.rows(
        f"{_PROPOSALS} {where} AND p.record_id = coalesce(%(record)s, p.record_id) ORDER BY p.id LIMIT %(most)s",
        **values,
    )
    about = _readable([row[1] for row in rows])
    return [_proposed(row, about[row[1]]) for row in rows if row[1] in about]


def _readable(numbers: list[int]) -> dict[int, Record]:
    found = {}
    for row in sql.rows(f"{RECORDS} r.id = ANY(%(ids)s)", ids=numbers):
        try:
            one = made(row)
        except (InvalidTag, ValueError):
            _logger.exception("record_not_read", extra={"record_id": row[0]})
            continue
        if one is not None:
            found[one.id] = one
    return found


def proposal(who: Actor, number: int) -> Proposed:
    """One that waits. Raises `NotFound`."""
    row = sql.row(f"{_PROPOSALS} p.id = %(id)s", id=number)
    if row is None:
        raise NotFound
    found = _proposed(row, any_record(row[1]))
    if rules.post_for(who, found.record.area) is None:
        raise NotFound
    return found


def _proposed(row: tuple[Any, ...], about: Record) -> Proposed:
    number, _, act, at, account, by, source, cipher = row
    said = vault.note(about.kept, cipher)
    wanted = {name: value for name, value in said.items() if name != REASON}
    return Proposed(number, about, act, at, account, by, source, wanted, said.get(REASON, ""))


_RELATED = """
(r.id IN (SELECT record_id FROM registry_part WHERE of_id = %(id)s) OR r.id = %(of)s)
AND r.register = ANY(%(registers)s) ORDER BY r.id LIMIT %(most)s
"""


def related(who: Actor, found: Record) -> list[Record]:
    """The record that it is part of, and those that are part of it, as far as somebody may see them."""
    rows = sql.rows(
        f"{RECORDS} {_RELATED}",
        id=found.id,
        of=found.part_of,
        registers=list(profile().records.registers),
        most=_MOST,
    )
    near = (made(row) for row in rows)
    return [one for one in near if one is not None and rules.post_for(who, one.area)]
