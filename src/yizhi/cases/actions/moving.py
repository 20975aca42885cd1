"""A move on a case: key → access → lock → expected version → decide → one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from yizhi import sql
from yizhi.cases import city as cities
from yizhi.cases.actions import writing
from yizhi.cases.actions.repeating import Keyed, first_answer, keyed, require_earlier, sender
from yizhi.cases.actions.writing import Entry, Photo, Words
from yizhi.core.actor import Actor
from yizhi.core.case import Case, Event, evolve
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.errors import N_, BadFact, KeyReused, NotFound, OldVersion, Refusal
from yizhi.core.loop import MOVES
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
class Done:
    """What a move made. `moves` are all events of it, the move itself and what ended or followed with it."""

    case_id: int
    number: str
    seq: int
    version: int
    stage: str
    holder: str
    moves: tuple[str, ...]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """A case whose row is locked until the transaction ends."""

    id: int
    number: str
    case: Case
    head: bytes
    sealed_key: bytes | None
    city: City


def move(
    number: str | int,
    name: str,
    facts: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
    expected: int | None = None,
    key: str | None = None,
    after: str | None = None,
    happened: datetime | None = None,
    photos: tuple[Photo, ...] = (),
    draw: float = 1.0,
) -> Done:
    """Make a move on a case, by its number or id.

    Raises `NotFound` (also for a case that may not be seen), `OldVersion`, `KeyReused`, `OutOfOrder`, or what
    `core.decide.decide` refuses. It joins an outer transaction.
    """
    asked = {"number": number, "move": name, "facts": dict(facts or {}), "photos": [photo.sha256 for photo in photos]}
    sent = keyed(by, key, asked)
    if answer := first_answer(sent, at):
        return _done(answer)
    require_earlier(sender(by), after)
    ask = Ask(name, by, at, facts or {}, happened=happened, draw=draw)
    try:
        with transaction.atomic():
            found = lock(number, by)
            _check_version(found, ask, expected)
            return apply(found, ask, photos=photos, sent=sent)
    except (Refusal, IntegrityError) as error:
        # The same key twice at the same moment: the second waited for the row, and finds the first one's answer.
        if not isinstance(error, KeyReused) and (answer := first_answer(sent, at)):
            return _done(answer)
        raise


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


def apply(found: Locked, ask: Ask, *, photos: tuple[Photo, ...] = (), sent: Keyed | None = None) -> Done:
    """Decide on a locked case and write what happened."""
    _check_claimed(found.city, ask)
    if ask.move == "merge":
        ask = _into(found, ask)
    return write(found, decide(found.case, ask, found.city), ask, photos=photos, sent=sent)


def write(
    found: Locked,
    events: tuple[Event, ...],
    ask: Ask,
    *,
    photos: tuple[Photo, ...] = (),
    sent: Keyed | None = None,
) -> Done:
    """Write what was decided on a locked case."""
    case = found.case
    for event in events:
        case = evolve(case, event)
    moves = tuple(event.move for event in events)
    answer = {"seq": case.seq, "version": case.version, "stage": case.stage, "holder": case.holder, "moves": moves}
    entry = Entry(
        case=case,
        head=found.head,
        events=events,
        main=_place_of_main(events, ask.move),
        words=_words(found, ask),
        photos=photos,
        sent=sent,
        answer=answer,
        outbox=writing.follow_ups(photos),
    )
    writing.update(entry, found.id, sealed_key=found.sealed_key)
    return Done(found.id, found.number, case.seq, case.version, case.stage, case.holder, moves)


def _place_of_main(events: tuple[Event, ...], move: str) -> int:
    """The event that the words and photos belong to: the move asked for, or what it became (a third return)."""
    names = [event.move for event in events]
    return names.index(move) if move in names else 0


def _words(found: Locked, ask: Ask) -> list[Words]:
    """The text that the move asked for; personal and secret kinds are sealed."""
    asked = found.city.kinds[found.case.kind].facts(MOVES[ask.move])
    sealed = found.case.secret
    texts = {fact.key: str(ask.facts.get(fact.key) or "").strip() for fact in asked if fact.kind == "text"}
    return [Words(name, text, sealed=sealed) for name, text in texts.items() if text]


_SINCE = """
SELECT move FROM (
    SELECT seq, move, count(*) FILTER (WHERE sets ?| ARRAY['stage', 'holder', 'lead']) OVER (ORDER BY seq) AS version
    FROM cases_event WHERE case_id = %(case)s
) AS e WHERE version > %(expected)s ORDER BY seq
"""


def _check_version(found: Locked, ask: Ask, expected: int | None) -> None:
    """Who was slower is told which moves came between."""
    move = MOVES.get(ask.move)
    if expected is not None and move and move.rehomes and expected != found.case.version:
        changed = [name for (name,) in sql.rows(_SINCE, case=found.id, expected=expected)]
        raise OldVersion(expected=expected, version=found.case.version, changed=changed)


def _check_claimed(city: City, ask: Ask) -> None:
    """A claimed time is bounded: not in the future, not longer ago than the city allows."""
    oldest = ask.at - timedelta(days=city.profile.limits.happened_days)
    if ask.happened and not oldest <= ask.happened <= ask.at:
        why = N_("it is too long ago, or in the future")
        raise BadFact(fact="happened", label=N_("When it happened"), why=why)


def _into(found: Locked, ask: Ask) -> Ask:
    """The main case of a merge: seen by the same actor, of the same kind and secrecy, open, and another one."""
    label, given = MOVES["merge"].facts[0].label, ask.facts.get("into")
    try:
        main = lock(given if isinstance(given, int) else str(given or ""), ask.by)
    except NotFound as error:
        raise BadFact(fact="into", label=label, why=N_("there is no such matter")) from error
    alike = (main.case.kind, main.case.secret) == (found.case.kind, found.case.secret)
    if not alike or not main.case.is_open or main.id == found.id:
        raise BadFact(fact="into", label=label, why=N_("it is closed, the same, or of another kind"))
    return Ask(ask.move, ask.by, ask.at, {**ask.facts, "into": main.id}, ask.happened, ask.draw)


def _done(answer: dict[str, Any]) -> Done:
    return Done(
        case_id=answer["case_id"],
        number=answer["number"],
        seq=answer["seq"],
        version=answer["version"],
        stage=answer["stage"],
        holder=answer["holder"],
        moves=tuple(answer["moves"]),
        replayed=True,
    )
