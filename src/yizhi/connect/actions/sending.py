"""Sending what waits: each case in its order, nothing given up but by a person.

A connection is sent to by one worker at a time (a lease), one event after another. What a receiver refuses waits longer
each time, and with it what follows of the same case; other cases go on. A receiver that is down is tried with one event
in half a minute, and when it answers everything else follows at once. Who dies between the answer and writing it down
sends once more: the receiver knows the event by its id.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import translation
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.connect import rules
from yizhi.connect.actions.agreeing import SECRET
from yizhi.connect.envelope import Event, body_of, message_id
from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.errors import Refusal
from yizhi.doors.answers import answer_for
from yizhi.notices import outgoing
from yizhi.people.actions.trail import leave

log = logging.getLogger(__name__)
#: A worker that dies gives a connection back after this long; it stops by itself well before.
LEASE = timedelta(seconds=30)
_SECONDS: Final = 5.0
_AT_ONCE: Final = 200
#: How long what was sent is kept for the list, and can be sent again.
KEPT = timedelta(days=30)

_CLAIM = """
UPDATE connect_connection SET lease = %(until)s
WHERE id = %(connection)s AND since IS NOT NULL AND url <> '' AND expires >= %(day)s
  AND coalesce(not_before, %(at)s) <= %(at)s AND coalesce(lease, %(at)s) <= %(at)s
RETURNING unit, url, sealed_key, cipher, fields, failures
"""

#: In the log's order; of a case whose earlier event waits for its time none. None of a case about the unit.
_NEXT = """
SELECT d.id, d.case_id, d.tries, c.number, e.seq, e.move, e.recorded, d.gone
FROM connect_delivery AS d
JOIN cases_case AS c ON c.id = d.case_id
JOIN cases_event AS e ON e.case_id = d.case_id AND e.seq = d.seq
WHERE d.connection_id = %(connection)s AND d.sent IS NULL AND d.dropped IS NULL AND d.not_before <= %(at)s
  AND NOT c.about && %(above)s
  AND NOT EXISTS (
      SELECT FROM connect_delivery AS earlier
      WHERE earlier.connection_id = d.connection_id AND earlier.case_id = d.case_id AND earlier.id < d.id
        AND earlier.sent IS NULL AND earlier.dropped IS NULL AND earlier.not_before > %(at)s)
ORDER BY d.id LIMIT %(limit)s
"""

_SENT = """
UPDATE connect_delivery SET sent = %(at)s, tries = tries + 1, status = %(status)s, trouble = '' WHERE id = %(id)s
"""
_NOT_SENT = """
UPDATE connect_delivery
SET not_before = %(later)s, tries = tries + 1, status = %(status)s, trouble = %(trouble)s WHERE id = %(id)s
"""
_AFTERWARDS = """
UPDATE connect_connection
SET lease = NULL, failures = %(failures)s, trouble = %(trouble)s, not_before = %(not_before)s,
    last_sent = CASE WHEN %(sent)s > 0 THEN %(at)s ELSE last_sent END,
    since = CASE WHEN %(gone)s THEN NULL ELSE since END
WHERE id = %(connection)s
"""


@dataclass(slots=True)
class _Round:
    """One worker's turn with one connection."""

    number: int
    unit: str
    url: str
    secret: str
    fields: frozenset[str]
    at: datetime
    failures: int
    sent: int = 0
    trouble: str = ""
    pause: bool = False
    gone: bool = False
    held_up: set[int] = field(default_factory=set)


def deliver(connection: int, at: datetime) -> int:
    """Send what is due to one connection; how many events it took."""
    turn = _claim(connection, at)
    if turn is None:
        return 0
    try:
        _send(turn)
    finally:
        _give_back(turn)
    return turn.sent


def _claim(connection: int, at: datetime) -> _Round | None:
    row = sql.row(_CLAIM, connection=connection, at=at, day=localdate(at), until=at + LEASE)
    if row is None:
        return None
    unit, url, sealed, cipher, fields, failures = row
    secret = sealer().open(sealer().open_key(bytes(sealed)), bytes(cipher), SECRET)
    return _Round(connection, unit, url, secret, frozenset(fields), at, failures)


def _send(turn: _Round) -> None:
    ends = time.monotonic() + _SECONDS
    above = [turn.unit, *(one.code for one in current().town.chain(turn.unit))]
    waiting = sql.rows(_NEXT, connection=turn.number, at=turn.at, above=above, limit=_AT_ONCE)
    for row, case_id, tries, *event in waiting:
        if case_id not in turn.held_up:
            _send_one(turn, row, case_id, tries, Event(*event))
        if turn.pause or turn.gone or time.monotonic() > ends:
            return


def _send_one(turn: _Round, row: int, case_id: int, tries: int, event: Event) -> None:
    said, status, trouble = _tried(turn, event)
    if said == "good":
        sql.run(_SENT, id=row, at=turn.at, status=status)
        turn.sent, turn.failures, turn.trouble = turn.sent + 1, 0, ""
        return
    turn.failures, turn.trouble, turn.gone = turn.failures + 1, trouble, said == "gone"
    turn.held_up.add(case_id)
    turn.pause = said == "down" or turn.failures >= rules.MOST_REFUSED
    later = turn.at + rules.wait(tries) if said == "refused" else turn.at
    sql.run(_NOT_SENT, id=row, later=later, status=status, trouble=trouble)


def _tried(turn: _Round, event: Event) -> tuple[rules.Verdict, int | None, str]:
    """What became of it, the status of the answer, and what is wrong."""
    try:
        body = body_of(event, turn.unit, turn.fields)
        answer = outgoing.post(turn.url, body, _headers(turn, event, body))
    except Refusal as refusal:  # the address leads into a closed network: looked at anew with every connection
        with translation.override(settings.LANGUAGE_CODE):
            return "down", None, answer_for(refusal).sentence
    except outgoing.NoAnswer as error:
        return "down", None, str(error)
    except DatabaseError:
        raise
    except Exception as error:  # a fault of ours in one event does not hold up the others
        log.exception("event_not_made", extra={"case": event.number, "seq": event.seq})
        return "refused", None, f"{type(error).__name__}: {error}"[:200]
    return rules.verdict(answer.status), answer.status, "" if answer.good else f"HTTP {answer.status}"


def _headers(turn: _Round, event: Event, body: bytes) -> Mapping[str, str]:
    moment, message = int(turn.at.timestamp()), message_id(event)
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "Yizhi",
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": rules.signature(turn.secret, message, moment, body),
    }


def _give_back(turn: _Round) -> None:
    sql.run(
        _AFTERWARDS,
        connection=turn.number,
        at=turn.at,
        sent=turn.sent,
        failures=turn.failures,
        trouble=turn.trouble,
        gone=turn.gone,
        not_before=turn.at + rules.PAUSE if turn.pause else None,
    )


# -- by hand ------------------------------------------------------------------------------------------------------

_AGAIN = """
UPDATE connect_delivery AS d
SET sent = NULL, dropped = NULL, tries = 0, status = NULL, trouble = '', not_before = %(at)s
FROM connect_connection AS n
WHERE n.id = d.connection_id AND d.connection_id = %(connection)s
  AND CASE WHEN %(one)s::bigint IS NULL THEN d.made >= %(since)s AND d.dropped IS NULL ELSE d.id = %(one)s END
"""
_DROP = """
UPDATE connect_delivery SET dropped = %(at)s
WHERE connection_id = %(connection)s AND id = %(one)s AND sent IS NULL AND dropped IS NULL
"""
_TRY_NOW = "UPDATE connect_connection SET not_before = NULL, failures = 0 WHERE id = %(connection)s"


@transaction.atomic
def send_again(
    connection: int, *, by: Actor, at: datetime, one: int | None = None, since: datetime | None = None
) -> int:
    """One event once more, or all since a time, in their order; what still waits is tried at once. How many."""
    require(by, "system")
    found = sql.run(_AGAIN, connection=connection, one=one, since=since or at, at=at)
    sql.run(_TRY_NOW, connection=connection)
    leave("connection_again", by=by, at=at, connection=connection, events=found)
    return found


@transaction.atomic
def drop(connection: int, one: int, *, by: Actor, at: datetime) -> None:
    """A person gives up one event, so that what follows of its case can go on."""
    require(by, "system")
    if sql.run(_DROP, connection=connection, one=one, at=at):
        leave("connection_drop", by=by, at=at, connection=connection, event=one)


_FORGET = """
DELETE FROM connect_delivery WHERE made < %(before)s AND NOT (sent IS NULL AND dropped IS NULL)
"""


def forget(at: datetime) -> int:
    """What was sent or dropped long ago leaves the list."""
    return sql.run(_FORGET, before=at - KEPT)
