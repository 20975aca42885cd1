"""Following the log: work that stands on every event, each taken in once and none left out.

Numbers are given out before they are committed, so a later one may be seen first. A reader that remembers only the
last number it saw loses what was committed behind its back. Here a reader looks how far numbers are given out and who
is writing at that moment, and reads so far only when all of those have finished: then nothing can come in behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import msgspec
from django.db import transaction

from yizhi import sql
from yizhi.core.case import Case, Event, restore_case, restore_event


@dataclass(frozen=True, slots=True)
class Change:
    """An event of the log, and its case as it stands now: later events may be in it already."""

    id: int
    case_id: int
    number: str
    seq: int
    event: Event
    case: Case


@dataclass(frozen=True, slots=True)
class Touched:
    """That an event touched a case, for who only asks which cases to look at."""

    id: int
    case_id: int


T = TypeVar("T", Change, Touched)

_ANYTHING_NEW = """
SELECT coalesce((SELECT seen FROM cases_follower WHERE name = %(name)s), -1), last_value FROM cases_event_id_seq
"""

_BEGIN = """
INSERT INTO cases_follower (name, seen, goal, writers) VALUES (%(name)s, 0, 0, '{}') ON CONFLICT DO NOTHING
"""

#: Every writer of an event also writes its case: with this held, none is on its way.
_NOBODY_WRITES = "LOCK TABLE cases_case IN SHARE MODE"

_TAKE = "SELECT seen, goal, writers FROM cases_follower WHERE name = %(name)s FOR UPDATE SKIP LOCKED"

_PUT_BACK = """
UPDATE cases_follower SET seen = %(seen)s, goal = %(goal)s, writers = %(writers)s WHERE name = %(name)s
"""

_GIVEN_OUT = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM cases_event_id_seq"

#: Whoever writes in the log holds this lock from before the number is given out until the commit can be seen.
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'cases_event'::regclass AND mode = 'RowExclusiveLock'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""

_EVENTS = """
SELECT e.id, e.case_id, c.number, e.seq, jsonb_build_object('move', e.move, 'recorded', e.recorded,
    'happened', e.happened, 'account', e.account, 'unit', e.unit, 'door', e.door, 'facts', e.facts, 'sets', e.sets,
    'puts', e.puts, 'stops', e.stops), c.state
FROM cases_event AS e JOIN cases_case AS c ON c.id = e.case_id
WHERE e.id > %(seen)s AND e.id <= %(goal)s AND e.recorded >= coalesce(%(since)s, '-infinity'::timestamptz)
ORDER BY e.id LIMIT %(limit)s
"""

_TOUCHED = """
SELECT id, case_id FROM cases_event WHERE id > %(seen)s AND id <= %(goal)s ORDER BY id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a follower is: everything up to `seen` was handled, nothing behind `goal` is asked for before all of
    `writers` have finished."""

    seen: int
    goal: int
    writers: frozenset[str]


def follow(
    name: str,
    handle: Callable[[Sequence[Change]], None],
    *,
    begin: Callable[[], None] | None = None,
    since: datetime | None = None,
    limit: int = 500,
) -> int:
    """Hand what is new in the log to `handle`, in the order of the log; how many events that were.

    Exactly once: `handle` writes in the same transaction that moves the follower on; when it fails neither happened.
    Two workers under one name do not disturb each other. What one writer keeps open longest is how late this can be;
    so a follower asks often and nothing holds a transaction open for long.

    A new follower begins at the present. With `begin` it first counts what there is already: `begin` sees the whole
    log as far as it goes, and no case can be written until it is done. What was recorded before `since` is passed
    over: a city's past that was filled in is no news.
    """
    return _follow(name, handle, begin, limit, partial(_changes, since=since))


def follow_cases(
    name: str, handle: Callable[[Sequence[Touched]], None], *, begin: Callable[[], None] | None = None, limit: int = 500
) -> int:
    """As `follow`, for who only asks which cases were touched and looks at them anew."""
    return _follow(name, handle, begin, limit, _touched)


def _follow(
    name: str,
    handle: Callable[[Sequence[T]], None],
    begin: Callable[[], None] | None,
    limit: int,
    read: Callable[[_Place, int], list[T]],
) -> int:
    seen, last = sql.rows(_ANYTHING_NEW, name=name)[0]
    if seen < 0:
        return _start(name, begin)
    if seen == last:
        return 0
    with transaction.atomic():
        place = _next(name)
        if place is None:
            return 0
        changes = [] if place.writers else read(place, limit)
        if changes:
            handle(changes)
        if not place.writers:
            seen = changes[-1].id if len(changes) == limit else place.goal
        _put_back(name, seen, place)
    return len(changes)


def _start(name: str, begin: Callable[[], None] | None) -> int:
    with transaction.atomic():
        if sql.run(_BEGIN, name=name):
            if begin:
                sql.run(_NOBODY_WRITES)
                begin()
            given = _given_out()
            _put_back(name, given, _Place(given, given, frozenset()))
    return 0


def _next(name: str) -> _Place | None:
    """The follower's place, its row locked, with those of its writers who have not finished; None when another worker
    has it."""
    taken = sql.row(_TAKE, name=name)
    if taken is None:
        return None
    seen, goal, writers = taken
    if goal > seen:
        return _Place(seen, goal, frozenset(writers) & _writing())
    # First how far, in a statement of its own, and who writes after that: whoever has a number by then is among them.
    goal = _given_out()
    return _Place(seen, goal, _writing())


def _changes(place: _Place, limit: int, since: datetime | None) -> list[Change]:
    cases: dict[int, Case] = {}
    found = []
    rows = sql.rows(_EVENTS, seen=place.seen, goal=place.goal, limit=limit, since=since)
    for number, case_id, called, seq, event, state in rows:
        if case_id not in cases:
            cases[case_id] = restore_case(msgspec.json.decode(state))
        said = restore_event(msgspec.json.decode(event))
        found.append(Change(number, case_id, called, seq, said, cases[case_id]))
    return found


def _touched(place: _Place, limit: int) -> list[Touched]:
    found = sql.rows(_TOUCHED, seen=place.seen, goal=place.goal, limit=limit)
    return [Touched(number, case_id) for number, case_id in found]


def _put_back(name: str, seen: int, place: _Place) -> None:
    sql.run(_PUT_BACK, name=name, seen=seen, goal=place.goal, writers=sorted(place.writers))


def _given_out() -> int:
    return int(sql.rows(_GIVEN_OUT)[0][0])


def _writing() -> frozenset[str]:
    return frozenset(who for (who,) in sql.rows(_WRITERS))
