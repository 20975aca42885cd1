"""A record is typed in where it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, NotFound
from yizhi.core.profile.records import Field, Register
from yizhi.doors import throttle
from yizhi.places.addresses import queries as places
from yizhi.registry import rules
from yizhi.registry.actions.looking import trace
from yizhi.registry.actions.writing import New, digest_of, write
from yizhi.registry.queries.one import any_record


class RecordedAlready(BadFact):
    """Facts: fact, label."""

    message = N_("“{label}”: this is recorded already{where}. Propose a correction there instead of a second record.")


#: So often in an hour one person may hit on somebody who is recorded: by mistake, not to find out who lives here.
HITS = throttle.Limit("records.same", 30, 60)

_THERE = "SELECT id FROM registry_record WHERE key = %(key)s"
_SAME = """
SELECT e.record_id, e.field FROM registry_entry AS e WHERE e.digest = ANY(%(digests)s) AND e.once LIMIT 1
"""


def add(register: str, typed: Mapping[str, str], address: int, *, lang: str, by: Actor, at: datetime, key: str) -> int:
    """A new record at an address; its number. Sent twice it is there once. Raises `NotFound`, `Wrong`, `MissingFact`,
    `RecordedAlready`."""
    known, place = profile().records.registers.get(register), places.address(address)
    post = rules.post_for(by, place.area) if place else None
    if known is None or place is None or post is None:
        raise NotFound
    own = f"{by.account}:{key}"
    if row := sql.row(_THERE, key=own):
        return int(row[0])
    values = rules.read_all(known, typed, today=localdate(at), lang=lang)
    new = New(known, values, place.area, place.id, place.building, household(known, place.id, place.building), own)
    refuse_same(known, values, by=by, lang=lang, at=at)
    try:
        with transaction.atomic():
            (number,) = write([new], unit=post.unit, source="page", by=by, at=at, today=localdate(at))
    except IntegrityError:
        if row := sql.row(_THERE, key=own):  # the same form, a moment earlier
            return int(row[0])
        refuse_same(known, values, by=by, lang=lang, at=at)
        raise
    return number


def refuse_same(
    register: Register, values: Mapping[str, str], *, by: Actor, lang: str, at: datetime, but: int | None = None
) -> None:
    """Raises `RecordedAlready`; says where only to who may know, and leaves a trace of that. Raises `TooMany` for who
    hits on somebody again and again."""
    throttle.take(HITS, str(by.account), at=at)
    once = {digest_of(register, one, values[one.code]): one for one in _once(register, values)}
    row = sql.row(_SAME, digests=list(once)) if once else None
    if row is None or row[0] == but:
        throttle.give_back(HITS, str(by.account), at=at)
        return
    found, field = any_record(row[0]), register.fields[row[1]]
    trace([found], [field.code], "found", "", by=by, at=at)
    place = places.address(found.address) if found.address and rules.post_for(by, found.area) else None
    raise RecordedAlready(fact=field.code, label=field.label[lang], where=f" ({place.full})" if place else "")


def _once(register: Register, values: Mapping[str, str]) -> Sequence[Field]:
    return [one for one in register.fields.values() if one.once and values.get(one.code)]


_AT = """
SELECT id FROM registry_record
WHERE building = %(building)s AND register = %(register)s AND address_id = %(address)s AND ended IS NULL LIMIT 2
"""


def household(register: Register, address: int, building: int) -> int | None:
    """The one record that this belongs to, by where it stands; None when there is none, or when there are several."""
    if not register.part_of:
        return None
    found = sql.rows(_AT, building=building, register=register.part_of, address=address)
    return int(found[0][0]) if len(found) == 1 else None
