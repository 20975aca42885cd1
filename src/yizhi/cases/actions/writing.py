"""The one statement that writes a case: row, events, texts, photos, key and outbox together, or nothing."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from yizhi.cases.actions.repeating import Keyed
from yizhi.cases.keys import sealer
from yizhi.cases.words import grams
from yizhi.core.audit import PHOTO, link, text_hash
from yizhi.core.case import Case, Event, plain
from yizhi.sql import hot_row

_encode = msgspec.json.encode


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that lies on disk already, under the hash of its content (`cases.photos.keep`)."""

    sha256: str
    media_type: str
    bytes: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Words:
    """One text of an event. `sealed` ones are personal, or of a secret kind; `searched` ones enter search."""

    field: str
    text: str
    sealed: bool = False
    searched: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A case after its new events, with all that is written beside them. The words and photos belong to the event
    at place `main` of `events`; `sent` is who sent what under which key, `answer` what a repeat gets."""

    case: Case
    head: bytes
    events: Sequence[Event]
    main: int = 0
    words: Sequence[Words] = ()
    photos: Sequence[Photo] = ()
    sent: Keyed | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    outbox: Sequence[Mapping[str, Any]] = ()


_INSERT_CASE = """
WITH new AS (SELECT nextval('cases_case_id_seq') AS id),
c AS (
    INSERT INTO cases_case (id, number, state, hands, about, secret, due, fires, reported, lon, lat, profile,
                            tracking, head)
    SELECT id, %(prefix)s || lpad(id::text, 7, '0'), %(state)s, %(hands)s, %(about)s, %(secret)s, %(due)s, %(fires)s,
           %(reported)s, %(lon)s, %(lat)s, %(profile)s, %(tracking)s, %(head)s
    FROM new RETURNING id, number
)"""

_UPDATE_CASE = """
WITH c AS (
    UPDATE cases_case SET state = %(state)s, hands = %(hands)s, about = %(about)s, due = %(due)s, fires = %(fires)s,
        head = %(head)s
    WHERE id = %(id)s RETURNING id, number
)"""

_EVENTS = """,
e AS (
    INSERT INTO cases_event (case_id, seq, move, recorded, happened, account, unit, door, facts, sets, puts, stops,
                             proofs, hash)
    SELECT c.id, x.seq, x.move, x.recorded, x.happened, x.account, x.unit, x.door, x.facts, x.sets, x.puts, x.stops,
           x.proofs, decode(x.hash, 'hex')
    FROM c, jsonb_to_recordset(%(events)s) AS x(seq int, move text, recorded timestamptz, happened timestamptz,
        account bigint, unit text, door text, facts jsonb, sets jsonb, puts jsonb, stops jsonb, proofs jsonb, hash text)
)"""

_TEXTS = """,
t AS (
    INSERT INTO cases_text (case_id, seq, field, body, cipher, salt, grams)
    SELECT c.id, x.seq, x.field, x.body, decode(x.cipher, 'hex'), decode(x.salt, 'hex'), x.grams
    FROM c, jsonb_to_recordset(%(texts)s) AS x(seq int, field text, body text, cipher text, salt text, grams text[])
)"""

_KEY = """,
k AS (INSERT INTO cases_key (case_id, sealed) SELECT c.id, %(sealed_key)s FROM c ON CONFLICT DO NOTHING)"""

_PHONE = """,
f AS (INSERT INTO cases_phone (case_id, hash) SELECT c.id, %(phone)s FROM c)"""

_REFERENCE = """,
r AS (
    INSERT INTO cases_reference (case_id, register, number, key)
    SELECT c.id, %(register)s, %(reference)s, %(reference_key)s FROM c
)"""

_PHOTOS = """,
p AS (
    INSERT INTO cases_attachment (case_id, seq, place, sha256, media_type, bytes, width, height)
    SELECT c.id, x.seq, x.place, x.sha256, x.media_type, x.bytes, x.width, x.height
    FROM c, jsonb_to_recordset(%(photos)s) AS x(seq int, place int, sha256 text, media_type text, bytes int,
        width int, height int)
)"""

#: The answer that a repeat gets: the row's own id and number are not known before the statement runs.
_IDEMPOTENCY = """,
i AS (
    INSERT INTO cases_idempotency (who, key, content, case_id, seq, answer, at)
    SELECT %(who)s, %(key)s, %(content)s, c.id, %(seq)s,
           %(answer)s::jsonb || jsonb_build_object('case_id', c.id, 'number', c.number), %(at)s
    FROM c
)"""

_OUTBOX = """,
o AS (
    INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
    SELECT x.subscriber, c.id::text, x.payload || jsonb_build_object('case_id', c.id), %(at)s, %(at)s, 0, ''
    FROM c, jsonb_to_recordset(%(outbox)s) AS x(subscriber text, payload jsonb)
)"""


def insert(entry: Entry, **columns: Any) -> tuple[int, str]:
    """Write a new case; its id and number. `columns`: prefix, lon, lat, profile, tracking, sealed_key, phone; and
    when another register keeps it, too: register, reference, reference_key."""
    return _write(_INSERT_CASE, entry, columns)


def update(entry: Entry, case_id: int, **columns: Any) -> tuple[int, str]:
    """Write what new events made of a case whose row the caller has locked."""
    return _write(_UPDATE_CASE, entry, {"id": case_id, **columns})


def _write(start: str, entry: Entry, columns: dict[str, Any]) -> tuple[int, str]:
    case, first = entry.case, entry.case.seq - len(entry.events) + 1
    texts, proofs = _texts(entry, first + entry.main, columns)
    proofs |= {f"{PHOTO}{place}": photo.sha256 for place, photo in enumerate(entry.photos)}
    events, head = _events(entry, first, proofs)
    at = entry.events[0].recorded
    sql, values = start + _EVENTS, columns
    values |= {
        "state": _encode(case).decode(),
        "hands": sorted(case.hands),
        "about": list(case.about),
        "secret": case.secret,
        "due": case.due,
        "fires": case.fires,
        "reported": case.reported,
        "head": head,
        "events": _encode(events).decode(),
        "at": at,
    }
    if texts:
        sql, values["texts"] = sql + _TEXTS, _encode(texts).decode()
    if values.get("sealed_key"):
        sql += _KEY
    if values.get("phone"):
        sql += _PHONE
    if values.get("reference"):
        sql += _REFERENCE
    if entry.photos:
        sql, values["photos"] = sql + _PHOTOS, _encode(list(_photo_rows(entry, first + entry.main))).decode()
    if entry.sent:
        sql += _IDEMPOTENCY
        values |= {"who": entry.sent.who, "key": entry.sent.key, "content": entry.sent.digest}
        values["answer"], values["seq"] = _encode(entry.answer).decode(), first + entry.main
    if entry.outbox:
        sql, values["outbox"] = sql + _OUTBOX, _encode(entry.outbox).decode()
    written = hot_row(sql + " SELECT id, number FROM c", **values)
    assert written is not None  # an insert has a row, and so has an update of one that is locked
    return written[0], written[1]


#: An event as JSON leaves out what is empty; the columns do not.
_BLANK: dict[str, Any] = {
    "account": None,
    "unit": "",
    "door": "page",
    "facts": {},
    "sets": {},
    "puts": [],
    "stops": [],
}


def _events(entry: Entry, first: int, proofs: Mapping[str, str]) -> tuple[list[dict[str, Any]], bytes]:
    head, written = entry.head, []
    for place, event in enumerate(entry.events):
        known = proofs if place == entry.main else {}
        head = link(head, event, known)
        written.append(event_row(event, first + place, known, head))
    return written, head


def event_row(event: Event, seq: int, proofs: Mapping[str, str], head: bytes) -> dict[str, Any]:
    """A row of the log as JSON-ready values, with the head of the chain after it."""
    said: dict[str, Any] = plain(event)
    return _BLANK | said | {"seq": seq, "proofs": proofs, "hash": head.hex()}


def _texts(entry: Entry, seq: int, columns: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Rows for the texts, and their proofs for the chain. A case without a key gets one when a text is sealed."""
    written, proofs = [], {}
    for words in entry.words:
        row, proofs[words.field] = text_row(words, seq, _case_key(columns) if words.sealed else None)
        written.append(row)
    return written, proofs


def text_row(words: Words, seq: int, key: bytes | None) -> tuple[dict[str, Any], str]:
    """A row beside the log as JSON-ready values, sealed when there is a key, and its proof for the chain."""
    salt = os.urandom(16)
    row: dict[str, Any] = {"seq": seq, "field": words.field, "salt": salt.hex()}
    if key is not None:
        cipher = sealer().seal(key, words.text, words.field)
        return row | {"cipher": cipher.hex()}, text_hash(salt, cipher).hex()
    row |= {"body": words.text, "grams": grams(words.text) if words.searched else None}
    return row, text_hash(salt, words.text.encode()).hex()


def _case_key(columns: dict[str, Any]) -> bytes:
    if not columns.get("sealed_key"):
        _, columns["sealed_key"] = sealer().new_key()
    return sealer().open_key(bytes(columns["sealed_key"]))


def _photo_rows(entry: Entry, seq: int) -> Iterable[dict[str, Any]]:
    for place, photo in enumerate(entry.photos):
        yield {
            "seq": seq,
            "place": place,
            "sha256": photo.sha256,
            "media_type": photo.media_type,
            "bytes": photo.bytes,
            "width": photo.width,
            "height": photo.height,
        }


def follow_ups(photos: Sequence[Photo]) -> list[dict[str, Any]]:
    """What has to be done because of this entry, for the outbox."""
    files = [photo.sha256 for photo in photos if photo.media_type.startswith("image/")]
    return [{"subscriber": "thumbnails", "payload": {"photos": files}}] if files else []
