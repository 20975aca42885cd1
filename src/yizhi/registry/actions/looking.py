"""Looking at what is personal: with a purpose from the closed list, and never without a trace that the person reads."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from yizhi import sql
from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, MissingFact, NotFound
from yizhi.registry import rules
from yizhi.registry.queries import Record, by_value, record

_LOOK = """
INSERT INTO registry_recordlook (record_id, way, fields, account, unit, purpose, at)
SELECT x.record, %(way)s, x.fields, %(account)s, x.unit, %(purpose)s, %(at)s
FROM jsonb_to_recordset(%(looks)s) AS x(record bigint, fields text[], unit text)
"""


def expect_purpose(purpose: str) -> None:
    """Raises `MissingFact`."""
    if purpose not in profile().records.purposes:
        raise MissingFact(fact="purpose", label=N_("Purpose"))


def trace(
    found: Iterable[Record], fields: Sequence[str] | None, way: str, purpose: str, *, by: Actor, at: datetime
) -> None:
    """Who saw what, why. `fields`: None for all that are personal."""
    looks = [
        {"record": one.id, "fields": list(one.personal if fields is None else fields), "unit": post.unit}
        for one in found
        if (post := rules.post_for(by, one.area)) is not None
    ]
    if looks:
        sql.run(_LOOK, way=way, looks=msgspec.json.encode(looks).decode(), account=by.account, purpose=purpose, at=at)


def look(number: int, purpose: str, *, by: Actor, at: datetime) -> Record:
    """A whole record. Raises `NotFound`, `MissingFact`."""
    with transaction.atomic():
        found = record(by, number)
        expect_purpose(purpose)
        trace([found], None, "whole", purpose, by=by, at=at)
    return found


def look_for(name: str, typed: str, purpose: str, *, by: Actor, at: datetime) -> list[Record]:
    """Records found by one exact value of a personal field (`name`: register and field, with a dot between); shown
    masked. Raises `NotFound`, `MissingFact`."""
    register, _, field = name.partition(".")
    known = profile().records.registers.get(register)
    if known is None or field not in known.fields or not known.fields[field].indexed or not rules.may(by):
        raise NotFound
    if not typed.strip():
        raise MissingFact(fact="typed", label=N_("What to look for"))
    expect_purpose(purpose)
    with transaction.atomic():
        found = by_value(by, register, field, typed)
        trace(found, [field], "found", purpose, by=by, at=at)
    return found
