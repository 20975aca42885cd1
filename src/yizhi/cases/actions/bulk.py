"""Many whole cases at once, by COPY: for measuring, and for a city that brings its past along.

What is written is what single moves would have written: the same rows from the same functions, every link of every
chain made; only the statement is another. A past may be written many times; what its copies share is made once.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec
from django.db import connection, transaction

from yizhi import sql
from yizhi.cases.actions.writing import Words, event_row, text_row
from yizhi.cases.words import tracking_hash
from yizhi.core.audit import linked, said
from yizhi.core.case import Case, Event

_CASE = (
    "id", "number", "tracking", "head", "state", "hands", "about", "secret", "due", "fires", "reported", "lon", "lat",
    "profile",
)  # fmt: skip
_EVENT = (
    "case_id", "proofs", "hash", "seq", "move", "recorded", "happened", "account", "unit", "door", "facts", "sets",
    "puts", "stops",
)  # fmt: skip
_TEXT = ("case_id", "seq", "field", "body", "cipher", "salt", "grams")
_JSON = frozenset(("facts", "sets", "puts", "stops"))
_NO_PROOFS = "{}"

Line = Sequence[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A case that has been folded already. `words` by the number of their event, none of them sealed; `prefix`
    begins its number, as a report's does."""

    prefix: str
    case: Case
    events: tuple[Event, ...]
    words: Mapping[int, Words]
    profile: str
    lon: float | None = None
    lat: float | None = None


@dataclass(slots=True)
class _Lines:
    """What a group writes, by table."""

    cases: list[Line] = field(default_factory=list)
    events: list[Line] = field(default_factory=list)
    texts: list[Line] = field(default_factory=list)

    def write(self) -> None:
        tables = (
            ("cases_case", _CASE, self.cases),
            ("cases_event", _EVENT, self.events),
            ("cases_text", _TEXT, self.texts),
        )
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns, lines in tables:
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for line in lines:
                        copy.write_row(line)


def copy_in(pasts: Iterable[Past], *, batch: int = 5_000) -> int:
    """Write cases by COPY, some thousands a transaction; the number written. A past that is the same object is told
    fastest when its copies come together."""
    written, rest = 0, iter(pasts)
    while group := list(islice(rest, batch)):
        lines = _Lines()
        for case_id, past in zip(_new_ids(len(group)), group, strict=True):
            _tell(case_id, past, lines)
        lines.write()
        written += len(group)
    return written


def _new_ids(count: int) -> list[int]:
    statement = "SELECT nextval('cases_case_id_seq') FROM generate_series(1, %(count)s)"
    return [number for (number,) in sql.rows(statement, count=count)]


def _tell(case_id: int, past: Past, lines: _Lines) -> None:
    """The lines of one case: a chain, codes and salts of its own."""
    tracking = head = tracking_hash(secrets.token_hex(16))
    shared, events = _shared(past)
    for event, (line, unsaid) in zip(past.events, events, strict=True):
        seq, proofs = line[0], _NO_PROOFS
        if seq in past.words:
            text, proof = text_row(past.words[seq], seq, None)
            lines.texts.append(
                (case_id, seq, text["field"], text["body"], None, bytes.fromhex(text["salt"]), text["grams"])
            )
            known = {past.words[seq].field: proof}
            proofs, unsaid = msgspec.json.encode(known).decode(), said(event, known)
        head = linked(head, unsaid)
        lines.events.append((case_id, proofs, head, *line))
    lines.cases.append((case_id, f"{past.prefix}{case_id:07d}", tracking, head, *shared))


@lru_cache(maxsize=2_000)
def _shared(past: Past) -> tuple[Line, list[tuple[Line, bytes]]]:
    """What all copies of a past have in common: columns of the row; for each event its columns and what the chain
    says of it when it brings no words."""
    case = past.case
    row = (
        msgspec.json.encode(case).decode(), sorted(case.hands), list(case.about), case.secret, case.due, case.fires,
        case.reported, past.lon, past.lat, past.profile,
    )  # fmt: skip
    return row, [(_columns(event, seq), said(event, {})) for seq, event in enumerate(past.events, start=1)]


def _columns(event: Event, seq: int) -> Line:
    row = event_row(event, seq, {}, b"")
    return [msgspec.json.encode(row[name]).decode() if name in _JSON else row[name] for name in _EVENT[3:]]
