"""Taking what is in the outbox: in batches, under a lease, each topic in its order; nothing is given up silently."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from yizhi import sql

#: A worker that dies gives its rows back after this long.
LEASE = timedelta(seconds=15)
#: The longest wait between two tries of a row that fails.
_LONGEST_WAIT = timedelta(minutes=30)

_TAKE = """
WITH next AS (
    SELECT id FROM notices_outbox AS o
    WHERE subscriber = %(subscriber)s AND not_before <= %(at)s
      AND NOT EXISTS (
          SELECT FROM notices_outbox AS earlier
          WHERE earlier.subscriber = o.subscriber AND earlier.topic = o.topic AND earlier.id < o.id)
    ORDER BY not_before LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE notices_outbox AS o SET not_before = %(lease)s, tries = tries + 1
FROM next WHERE o.id = next.id RETURNING o.id, o.payload, o.tries
"""

_TROUBLE = "UPDATE notices_outbox SET not_before = %(later)s, trouble = %(trouble)s WHERE id = %(row)s"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`handle` gets a payload and may get the same one again: it must stand that. `at_once`: so many are under way
    when a worker dies."""

    name: str
    handle: Callable[[dict[str, Any], datetime], None]
    at_once: int = 200


def drain(subscriber: Subscriber, at: datetime) -> int:
    """Take and handle what is due for a subscriber; the number of rows taken.

    A row that fails waits longer each time and keeps the reason; the rows of other topics go on.
    """
    taken = _take(subscriber.name, at, subscriber.at_once)
    done = [row for row, payload, tries in taken if _handled(subscriber, row, payload, tries, at)]
    if done:
        sql.run("DELETE FROM notices_outbox WHERE id = ANY(%(done)s)", done=done)
    return len(taken)


def _take(subscriber: str, at: datetime, limit: int) -> list[tuple[Any, ...]]:
    return sql.rows(_TAKE, subscriber=subscriber, at=at, lease=at + LEASE, limit=limit)


def _handled(subscriber: Subscriber, row: int, payload: str, tries: int, at: datetime) -> bool:
    try:
        subscriber.handle(msgspec.json.decode(payload), at)
    except Exception as error:  # whatever a provider or a file throws: the row stays and says why
        wait = min(timedelta(seconds=2 ** min(tries, 11)), _LONGEST_WAIT)
        trouble = f"{type(error).__name__}: {error}"[:500]
        sql.run(_TROUBLE, later=at + wait, trouble=trouble, row=row)
        return False
    return True
