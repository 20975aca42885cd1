"""Taking what is in the outbox: in batches, under a lease, each topic in its order; nothing is given up silently."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import msgspec

from yizhi import sql

#: A worker that dies gives its rows back after this long.
LEASE: Final = timedelta(seconds=15)
#: The longest wait between two tries of a row that fails.
_LONGEST_WAIT = timedelta(minutes=30)
#: What `Many.handle_all` says of a row that it did not come to.
NOT_TRIED: Final = ""

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

_TROUBLE = """
UPDATE notices_outbox AS o SET not_before = x.later, trouble = x.trouble, tries = x.tries
FROM jsonb_to_recordset(%(rows)s) AS x(id bigint, later timestamptz, trouble text, tries int) WHERE o.id = x.id
"""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`handle` gets a payload and may get the same one again: it must stand that. `at_once`: so many are under way
    when a worker dies."""

    name: str
    handle: Callable[[dict[str, Any], datetime], None]
    at_once: int = 200

    @property
    def lease(self) -> timedelta:
        return LEASE

    def handle_all(self, payloads: Sequence[dict[str, Any]], at: datetime) -> list[str | None]:
        return [self._trouble(payload, at) for payload in payloads]

    def _trouble(self, payload: dict[str, Any], at: datetime) -> str | None:
        try:
            self.handle(payload, at)
        except Exception as error:  # whatever a provider or a file throws: the row stays and says why
            return f"{type(error).__name__}: {error}"
        return None


class Many(Protocol):
    """Who takes several rows together. `handle_all` says of each: None, it is done; `NOT_TRIED`; or what went wrong."""

    @property
    def name(self) -> str: ...

    @property
    def at_once(self) -> int: ...

    @property
    def lease(self) -> timedelta: ...

    def handle_all(self, payloads: Sequence[dict[str, Any]], at: datetime) -> list[str | None]: ...


def drain(subscriber: Many, at: datetime) -> int:
    """Take and handle what is due for a subscriber; the number of rows taken.

    A row that fails waits longer each time and keeps the reason; the rows of other topics go on.
    """
    taken = sorted(_take(subscriber, at))
    if not taken:
        return 0
    troubles = subscriber.handle_all([msgspec.json.decode(payload) for _, payload, _ in taken], at)
    said = list(zip(taken, troubles, strict=True))
    done = [row for (row, _, _), trouble in said if trouble is None]
    if done:
        sql.run("DELETE FROM notices_outbox WHERE id = ANY(%(done)s)", done=done)
    left = [_left(row, tries, trouble, at) for (row, _, tries), trouble in said if trouble is not None]
    if left:
        sql.run(_TROUBLE, rows=msgspec.json.encode(left).decode())
    return len(taken)


def _take(subscriber: Many, at: datetime) -> list[tuple[Any, ...]]:
    lease = at + subscriber.lease
    return sql.rows(_TAKE, subscriber=subscriber.name, at=at, lease=lease, limit=subscriber.at_once)


def _left(row: int, tries: int, trouble: str, at: datetime) -> dict[str, object]:
    if trouble == NOT_TRIED:
        return {"id": row, "later": at, "trouble": "", "tries": tries - 1}
    wait = min(timedelta(seconds=2 ** min(tries, 11)), _LONGEST_WAIT)
    return {"id": row, "later": at + wait, "trouble": trouble[:500], "tries": tries}
