"""Rows of records: written by COPY, one or half a million of them; changed and ended one by one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection, transaction

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.profile.records import Field, Register
from yizhi.registry import rules, vault
from yizhi.registry.queries.one import Record

_TABLES = {
    "registry_record": (
        "id", "register", "area", "address_id", "building", "data", "sealed", "grams", "since", "expires", "head",
        "key",
    ),
    "registry_recordkey": ("record_id", "sealed"),
    "registry_entry": ("record_id", "field", "digest", "once"),
    "registry_part": ("record_id", "of_id"),
    "registry_change": ("record_id", "seq", "at", "account", "unit", "act", "source", "fields", "hash"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class New:
    """A record to be written. `values` have been read (`rules.read_all`); `area` is its grid."""

    register: Register
    values: Mapping[str, str]
    area: str
    address: int | None = None
    building: int | None = None
    part_of: int | None = None
    key: str | None = None


def write(news: Sequence[New], *, unit: str, source: str, by: Actor, at: datetime, today: date) -> list[int]:
    """Write records, each with a key and a log of its own; their numbers. Joins an outer transaction. The database
    refuses a value of a field that is `once` and is there already (`IntegrityError`)."""
    ids = _new_ids(len(news))
    lines: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _TABLES}
    for number, new in zip(ids, news, strict=True):
        _tell(number, new, lines, unit=unit, source=source, by=by, at=at, today=today)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in _TABLES.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for line in lines[table]:
                    copy.write_row(line)
    return ids


def _new_ids(count: int) -> list[int]:
    statement = "SELECT nextval('registry_record_id_seq') FROM generate_series(1, %(count)s)"
    return [number for (number,) in sql.rows(statement, count=count)]


def _tell(
    number: int,
    new: New,
    lines: Mapping[str, list[tuple[Any, ...]]],
    *,
    unit: str,
    source: str,
    by: Actor,
    at: datetime,
    today: date,
) -> None:
    plain, personal = parted(new.register, new.values)
    sealed = None
    if personal:
        key, kept = vault.new_key()
        sealed = vault.seal(key, personal)
        lines["registry_recordkey"].append((number, kept))
    fields = sorted(new.values)
    head = rules.linked(b"", said(number, 1, at, by.account, None, unit, "add", source, fields), None)
    lines["registry_record"].append(
        (
            number, new.register.code, new.area, new.address, new.building, msgspec.json.encode(plain).decode(), sealed,
            grams(new.register, new.values), today, rules.expires(new.register, today, new.values), head, new.key,
        )
    )  # fmt: skip
    lines["registry_entry"] += [(number, *entry) for entry in entries(new.register, new.values)]
    if new.part_of:
        lines["registry_part"].append((number, new.part_of))
    lines["registry_change"].append((number, 1, at, by.account, unit, "add", source, fields, head))


def said(
    record: int, seq: int, at: datetime, account: int | None, second: int | None, unit: str, act: str, source: str,
    fields: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """What a link of the chain says of a change."""
    return {
        "record": record, "seq": seq, "at": round(at.timestamp() * 1_000_000), "account": account, "second": second,
        "unit": unit, "act": act, "source": source, "fields": list(fields),
    }  # fmt: skip


def parted(register: Register, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What lies open, and what is sealed; beside a field lies what belongs to it."""
    open_ones = {field.code for field in register.fields.values() if not field.personal}
    plain = {name: value for name, value in values.items() if name in open_ones}
    return plain, {name: value for name, value in values.items() if name not in open_ones}


def entries(register: Register, values: Mapping[str, str]) -> list[tuple[str, bytes, bool]]:
    """Field, keyed hash, whether nobody else may have it."""
    return [
        (field.code, digest_of(register, field, values[field.code]), field.once)
        for field in register.fields.values()
        if field.indexed and values.get(field.code)
    ]


def digest_of(register: Register, field: Field, value: str) -> bytes:
    return vault.digest(register.code, field.code, rules.looked_for(field.type, value))


def grams(register: Register, values: Mapping[str, str]) -> list[str] | None:
    public = [one.code for one in register.fields.values() if one.indexed and not one.personal]
    found = {pair for code in public for pair in rules.pairs(rules.looked_for("text", values.get(code, "")))}
    return sorted(found) or None


# -- changing -----------------------------------------------------------------------------------------------------

_CHANGE = """
UPDATE registry_record SET data = %(data)s, sealed = %(sealed)s, grams = %(grams)s, since = %(since)s,
    expires = %(expires)s, head = %(head)s WHERE id = %(id)s
"""
_DROP_ENTRIES = "DELETE FROM registry_entry WHERE record_id = %(id)s"
_ENTRY = """
INSERT INTO registry_entry (record_id, field, digest, once)
VALUES (%(id)s, %(field)s, %(digest)s, %(once)s)
"""
_LINE = """
INSERT INTO registry_change (record_id, seq, at, account, second, unit, act, source, fields, cipher, hash)
VALUES (%(record)s, %(seq)s, %(at)s, %(account)s, %(second)s, %(unit)s, %(act)s, %(source)s, %(fields)s, %(cipher)s,
        %(hash)s)
"""
_SEQ = "SELECT max(seq) + 1 FROM registry_change WHERE record_id = %(record)s"


@dataclass(frozen=True, slots=True)
class Why:
    """What the log says of a change: `act`, `source`, who asked for it and who decided, and words that are sealed."""

    act: str
    source: str
    unit: str
    account: int | None
    second: int | None = None
    reason: str = ""


def change(found: Record, values: Mapping[str, str], why: Why, *, since: date, at: datetime) -> None:
    """Other values, for a record whose row is locked. Of what is personal the log says that it changed, never what
    was before: consent that was withdrawn and a time that is over would end nothing."""
    plain, personal = parted(found.register, values)
    kept = found.kept
    if kept is None and personal:
        _, kept = vault.new_key()
        sql.run("INSERT INTO registry_recordkey (record_id, sealed) VALUES (%(id)s, %(kept)s)", id=found.id, kept=kept)
    key = vault.open_key(kept) if kept else None
    fields = differing(found.values, values)
    was, _ = parted(found.register, {name: found.values.get(name, "") for name in fields})
    note = was | ({"reason": why.reason} if why.reason else {})
    cipher = vault.seal_note(key, note) if key and note else None
    head = _log(found, fields, why, cipher, at)
    sql.run(
        _CHANGE,
        id=found.id,
        data=msgspec.json.encode(plain).decode(),
        sealed=vault.seal(key, personal) if key and personal else None,
        grams=grams(found.register, values),
        since=since,
        expires=rules.expires(found.register, since, values),
        head=head,
    )
    sql.run(_DROP_ENTRIES, id=found.id)
    for field, digest, once in entries(found.register, values):
        sql.run(_ENTRY, id=found.id, field=field, digest=digest, once=once)


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The names of what is not the same in both."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def _log(found: Record, fields: Sequence[str], why: Why, cipher: bytes | None, at: datetime) -> bytes:
    row = sql.row(_SEQ, record=found.id)
    seq = row[0] if row else 1
    told = said(found.id, seq, at, why.account, why.second, why.unit, why.act, why.source, fields)
    head = rules.linked(found.head, told, cipher)
    values = {"account": why.account, "second": why.second, "unit": why.unit, "act": why.act, "source": why.source}
    sql.run(_LINE, record=found.id, seq=seq, at=at, fields=list(fields), cipher=cipher, hash=head, **values)
    return head


_ENDED = """
UPDATE registry_record SET data = '{}', sealed = NULL, grams = NULL, address_id = NULL, building = NULL, expires = NULL,
    key = NULL, head = %(head)s, ended = %(at)s WHERE id = %(id)s
"""
_GONE: Iterable[str] = (
    "DELETE FROM registry_recordkey WHERE record_id = %(id)s",
    _DROP_ENTRIES,
    "DELETE FROM registry_part WHERE record_id = %(id)s OR of_id = %(id)s",
    "UPDATE registry_proposal SET cipher = NULL, decided = %(at)s WHERE record_id = %(id)s AND decided IS NULL",
    "UPDATE registry_proposal SET cipher = NULL WHERE record_id = %(id)s",
)


def end(found: Record, why: Why, *, at: datetime) -> None:
    """The key is destroyed, and with it every personal field, here and in every backup whose keys are newer. The log
    says that it ended, and stays whole."""
    head = _log(found, (), why, None, at)
    for statement in _GONE:
        sql.run(statement, id=found.id, at=at)
    sql.run(_ENDED, id=found.id, head=head, at=at)


_HEADS = """
SELECT r.id, r.head, (SELECT max(seq) + 1 FROM registry_change AS c WHERE c.record_id = r.id)
FROM registry_record AS r WHERE r.id = ANY(%(ids)s) AND r.ended IS NULL ORDER BY r.id FOR UPDATE
"""
_ENDED_ALL = """
UPDATE registry_record AS r SET data = '{}', sealed = NULL, grams = NULL, address_id = NULL, building = NULL,
    expires = NULL, key = NULL, head = x.head, ended = %(at)s
FROM unnest(%(ids)s::bigint[], %(heads)s::bytea[]) AS x(id, head) WHERE r.id = x.id
"""
_LINES = ("record_id", "seq", "at", "account", "second", "unit", "act", "source", "fields", "hash")


def end_all(numbers: Sequence[int], why: Why, *, at: datetime) -> int:
    """As `end`, for many: how many there were."""
    found = sql.rows(_HEADS, ids=list(numbers))
    heads = {
        number: rules.linked(
            bytes(head), said(number, seq, at, why.account, why.second, why.unit, why.act, why.source, ()), None
        )
        for number, head, seq in found
    }
    with connection.cursor() as cursor, cursor.copy(f"COPY registry_change ({', '.join(_LINES)}) FROM STDIN") as copy:
        for number, _, seq in found:
            copy.write_row((number, seq, at, why.account, why.second, why.unit, why.act, why.source, [], heads[number]))
    for statement in _GONE:
        sql.run(statement.replace("= %(id)s", "= ANY(%(ids)s)"), ids=list(heads), at=at)
    sql.run(_ENDED_ALL, ids=list(heads), heads=list(heads.values()), at=at)
    return len(heads)


_KEYLESS = """
SELECT r.id FROM registry_record AS r WHERE r.sealed IS NOT NULL AND r.ended IS NULL
AND NOT EXISTS (SELECT FROM registry_recordkey AS k WHERE k.record_id = r.id) ORDER BY r.id
"""


@transaction.atomic
def end_keyless(at: datetime) -> int:
    """What an old backup brought back after its key was destroyed is ended again; how many."""
    found = [number for (number,) in sql.rows(_KEYLESS)]
    return end_all(found, Why("end", "restore", "", None), at=at) if found else 0
