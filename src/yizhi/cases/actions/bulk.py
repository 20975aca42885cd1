"""Many whole cases at once, by COPY: for measuring, and for a city that brings its past along.

What is written is what single moves would have written: the same rows from the same functions, every link of every
chain made; only the statement is another.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connection

from yizhi import sql
from yizhi.cases.actions.writing import Words, event_row, text_row
from yizhi.cases.words import tracking_hash
from yizhi.core.audit import link
from yizhi.core.case import Case, Event

_CASE = (
    "id", "number", "state", "hands", "about", "secret", "due", "fires", "reported", "lon", "lat", "profile",
    "tracking", "head",
)  # fmt: skip
_EVENT = (
    "case_id", "seq", "move", "recorded", "happened", "account", "unit", "door", "facts", "sets", "puts", "stops",
    "proofs", "hash",
)  # fmt: skip
_TEXT = ("case_id", "seq", "field", "body", "cipher", "salt", "grams")
_JSON = frozenset(("facts", "sets", "puts", "stops", "proofs"))


@dataclass(frozen=True, slots=True)
class Past:
    """A case that has been folded already. `words` by the number of their event; none of them sealed."""

    number: str
    case: Case
    events: tuple[Event, ...]
    words: Mapping[int, Words]
    profile: str
    lon: float | None = None
    lat: float | None = None


def copy_in(pasts: Iterable[Past], *, batch: int = 5_000) -> int:
    """Write cases by COPY, some thousands a transaction; the number written. Numbers must be new and unique."""
    written, rest = 0, iter(pasts)
    while group := [past for past, _ in zip(rest, range(batch), strict=False)]:
        _copy_group(group)
        written += len(group)
    return written


def _copy_group(group: list[Past]) -> None:
    ids = _new_ids(len(group))
    cases, events, texts = [], [], []
    for case_id, past in zip(ids, group, strict=True):
        row, log, words = _rows(case_id, past)
        cases.append(row)
        events += log
        texts += words
    with connection.cursor() as cursor:
        for table, columns, lines in (
            ("cases_case", _CASE, cases), ("cases_event", _EVENT, events), ("cases_text", _TEXT, texts),
        ):  # fmt: skip
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row([line.get(column) for column in columns])


def _new_ids(count: int) -> list[int]:
    statement = "SELECT nextval('cases_case_id_seq') FROM generate_series(1, %(count)s)"
    return [number for (number,) in sql.rows(statement, count=count)]


def _rows(case_id: int, past: Past) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    tracking = head = tracking_hash(secrets.token_hex(16))
    log, texts = [], []
    for seq, event in enumerate(past.events, start=1):
        proofs: dict[str, str] = {}
        if seq in past.words:
            text, proofs[past.words[seq].field] = text_row(past.words[seq], seq, None)
            texts.append(text | {"case_id": case_id, "salt": bytes.fromhex(text["salt"])})
        head = link(head, event, proofs)
        log.append(_line(event_row(event, seq, proofs, head) | {"case_id": case_id}))
    case = past.case
    row = {
        "id": case_id,
        "number": past.number,
        "state": msgspec.json.encode(case).decode(),
        "hands": sorted(case.hands),
        "about": list(case.about),
        "secret": case.secret,
        "due": case.due,
        "fires": case.fires,
        "reported": case.reported,
        "lon": past.lon,
        "lat": past.lat,
        "profile": past.profile,
        "tracking": tracking,
        "head": head,
    }
    return row, log, texts


def _line(row: dict[str, Any]) -> dict[str, Any]:
    encoded = {name: msgspec.json.encode(row[name]).decode() for name in _JSON}
    return row | encoded | {"hash": bytes.fromhex(row["hash"])}
