"""One case, whole: the row, its log with the words that belong to it, photos, looks, and what may be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.cases.queries.together import main_of
from yizhi.cases.words import masked_name, masked_phone, tracking_hash
from yizhi.core.actor import Actor
from yizhi.core.asked import Fact
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.core.loop import Move
from yizhi.core.standing import open_moves, sees, timely
from yizhi.people.queries import TOWN_VERSION_SQL

#: Everything of a case in one statement. The log's own numbers are left out: a page needs what happened, not how
#: the row was made of it.
_CASE = f"""
SELECT c.id, c.number, c.state, c.lon, c.lat, c.reported, k.sealed, ARRAY[r.register, r.number], {TOWN_VERSION_SQL},
    (SELECT jsonb_agg(jsonb_build_object('seq', e.seq, 'move', e.move, 'recorded', e.recorded,
                'happened', e.happened, 'account', e.account, 'title', coalesce(a.title, ''), 'unit', e.unit,
                'door', e.door, 'facts', e.facts) ORDER BY e.seq)
     FROM cases_event AS e LEFT JOIN people_account AS a ON a.id = e.account WHERE e.case_id = c.id),
    (SELECT jsonb_agg(jsonb_build_object('seq', t.seq, 'field', t.field, 'body', t.body,
                'cipher', translate(encode(t.cipher, 'base64'), E'\\n', '')))
     FROM cases_text AS t WHERE t.case_id = c.id),
    (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'seq', p.seq, 'sha256', p.sha256, 'media_type', p.media_type,
                'width', p.width, 'height', p.height) ORDER BY p.seq, p.place)
     FROM cases_attachment AS p WHERE p.case_id = c.id),
    (SELECT jsonb_agg(jsonb_build_object('field', l.field, 'unit', l.unit, 'purpose', l.purpose, 'at', l.at)
                ORDER BY l.at) FROM cases_look AS l WHERE l.case_id = c.id)
FROM cases_case AS c LEFT JOIN cases_key AS k ON k.case_id = c.id
LEFT JOIN cases_reference AS r ON r.case_id = c.id
WHERE {{which}}
"""
_BY_NUMBER = _CASE.format(which="c.number = %(key)s")
_BY_NUMBERS = _CASE.format(which="c.number = ANY(%(keys)s)")
_BY_CODE = _CASE.format(which="c.tracking = %(key)s")
_BY_ID = _CASE.format(which="c.id = %(key)s")


class Step(msgspec.Struct):
    """One line of the timeline. `note` are the words of who moved; None when there were none or they were erased."""

    seq: int
    move: str
    recorded: datetime
    happened: datetime
    title: str
    unit: str
    door: str
    facts: dict[str, Any]
    account: int | None = None
    note: str | None = None
    photos: list["Picture"] = []
    sounds: list["Picture"] = []


class Picture(msgspec.Struct, frozen=True):
    id: int
    seq: int
    sha256: str
    media_type: str
    width: int
    height: int


class Seen(msgspec.Struct, frozen=True):
    """A look at a personal field."""

    field: str
    unit: str
    purpose: str
    at: datetime


class _Written(msgspec.Struct, frozen=True):
    seq: int
    field: str
    body: str | None = None
    cipher: bytes | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A case as a page or the API shows it. `contact` is masked; `moves` are open to who asked, with their facts.
    `main` is where the work is done, when this one was merged; `reference` another register that keeps the matter, and
    its number there."""

    id: int
    number: str
    state: Case
    city: City
    text: str | None
    place: str | None
    lon: float | None
    lat: float | None
    reported: datetime
    contact: dict[str, str]
    steps: list[Step]
    looks: list[Seen]
    moves: list[tuple[Move, tuple[Fact, ...]]]
    main: Case | None = None
    reference: tuple[str, str] | None = None


def case(who: Actor, number: str) -> Whole:
    """The case of this number. `NotFound` for what is absent and for what may not be seen: the same statement runs."""
    found = _whole(sql.hot_row(_BY_NUMBER, key=number), who)
    if found is None or not _shown(found, who):
        raise NotFound
    return found


def several(who: Actor, numbers: Sequence[str]) -> list[Whole]:
    """Those of these numbers that may be seen, in the same order; by one statement, however many."""
    rows = {row[1]: row for row in sql.rows(_BY_NUMBERS, keys=list(numbers))}
    wholes = (_whole(rows.get(number), who) for number in numbers)
    return [found for found in wholes if found is not None and _shown(found, who)]


def _shown(found: Whole, who: Actor) -> bool:
    return who.reporter_of == found.id or sees(found.state, who, found.city)


def tracked(code: str) -> Whole:
    """The case that a reporter's code opens, seen as its reporter. `NotFound` for a code that opens nothing."""
    row = sql.hot_row(_BY_CODE, key=tracking_hash(code))
    found = _whole(row, Actor(reporter_of=row[0] if row else None, door="scan"))
    if found is None:
        raise NotFound
    return found


def state(case_id: int) -> Case:
    """The folded case alone, for the platform itself. `NotFound` when there is none."""
    row = sql.row("SELECT state FROM cases_case WHERE id = %(id)s", id=case_id)
    if row is None:
        raise NotFound
    return msgspec.json.decode(row[0], type=Case)


def main_case(who: Actor, merged: Case) -> Whole | None:
    """Where the work on a merged case is done, for the reporter of the merged one."""
    if merged.merged_into is None:
        return None
    further = main_of(merged.merged_into)
    return _whole(sql.row(_BY_ID, key=further[0] if further else merged.merged_into), who)


def _whole(row: tuple[Any, ...] | None, who: Actor) -> Whole | None:
    if row is None:
        return None
    case_id, number, state, lon, lat, reported, sealed_key, elsewhere, version, log, written, pictures, looks = row
    city, found = current(version), msgspec.json.decode(state, type=Case)
    texts = msgspec.json.decode(written or "[]", type=list[_Written])
    key = sealer().open_key(bytes(sealed_key)) if sealed_key else None
    first = {text.field: _open(text, key) for text in texts if text.seq == 1}
    steps = msgspec.json.decode(log, type=list[Step])
    _hang_on(steps, texts, msgspec.json.decode(pictures or "[]", type=list[Picture]), key)
    kind = city.kinds[found.kind]
    main = main_of(case_id) if found.merged_into else None
    return Whole(
        id=case_id,
        number=number,
        state=found,
        city=city,
        text=first.get("text"),
        place=first.get("place"),
        lon=lon,
        lat=lat,
        reported=reported,
        contact=_masked(first),
        steps=steps,
        looks=msgspec.json.decode(looks or "[]", type=list[Seen]),
        moves=[
            (move, kind.facts(move))
            for move in open_moves(found, who, city)
            if main is None or timely(move.name, main[1])
        ],
        main=main[1] if main else None,
        reference=(elsewhere[0], elsewhere[1]) if elsewhere[0] else None,
    )


def _open(text: _Written, key: bytes | None) -> str | None:
    """None when the key was destroyed."""
    if text.cipher is None:
        return text.body
    return sealer().open(key, text.cipher, text.field) if key else None


def _masked(first: dict[str, str | None]) -> dict[str, str]:
    """What everybody with a hand in the case sees of the contact; the rest is asked for with a purpose."""
    name, phone = first.get("name"), first.get("phone")
    return ({"name": masked_name(name)} if name else {}) | ({"phone": masked_phone(phone)} if phone else {})


def _hang_on(steps: list[Step], texts: list[_Written], pictures: list[Picture], key: bytes | None) -> None:
    notes = {text.seq: text for text in texts if text.field == "note"}
    for step in steps:
        if step.seq in notes:
            step.note = _open(notes[step.seq], key)
        own = [picture for picture in pictures if picture.seq == step.seq]
        step.sounds = [one for one in own if one.media_type.startswith("audio/")]
        step.photos = [one for one in own if one not in step.sounds]
