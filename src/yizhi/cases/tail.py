"""The end of the log, followed by each process: which unit or area saw the last change.

A page left open asks every second or two whether anything changed; two hundred of them must not ask the database.
"""

import logging
import threading
import time
from collections.abc import Iterable

from django.db import DatabaseError, connection

from yizhi import sql
from yizhi.core.town import ancestors

log = logging.getLogger(__name__)

EVERY_SECONDS = 0.5
#: Numbers are given out before they are committed, so they arrive out of order; one that has not come after this
#: long never will (its transaction was rolled back).
_GIVE_UP_SECONDS = 10.0

_NEW = """
SELECT e.id, c.area, c.hands FROM cases_event AS e JOIN cases_case AS c ON c.id = e.case_id
WHERE e.id > %(floor)s ORDER BY e.id LIMIT 5000
"""


class Tail:
    """`mark` tells how far the log is for some units and areas; it grows when one of them saw a change."""

    def __init__(self) -> None:
        self._marks: dict[str, int] = {}
        self._floor: int | None = None
        self._early: dict[int, float] = {}
        self._last = 0

    def mark(self, places: Iterable[str]) -> int:
        """The last change that any of these units or areas saw since this process began; 0: none."""
        return max((self._marks.get(place, 0) for place in places), default=0)

    def read(self, now: float) -> int:
        """Read on in the log; `now` are seconds of the monotonic clock. Returns how many events were new."""
        if self._floor is None:
            row = sql.row("SELECT coalesce(max(id), 0) FROM cases_event")
            self._floor = self._last = int(row[0]) if row else 0
            return 0
        new = [row for row in sql.rows(_NEW, floor=self._floor) if row[0] not in self._early]
        for number, area, hands in new:
            self._early[number] = now
            self._last += 1
            for place in (*hands, *ancestors(area)):
                self._marks[place] = self._last
        self._raise_floor(now)
        return len(new)

    def _raise_floor(self, now: float) -> None:
        """Up to the first number that is still to come."""
        floor = self._floor or 0
        for number in sorted(self._early):
            if number != floor + 1 and now - self._early[number] < _GIVE_UP_SECONDS:
                break
            floor = number
            del self._early[number]
        self._floor = floor


_tail = Tail()


def mark(places: Iterable[str]) -> int:
    """As `Tail.mark`, for this process."""
    return _tail.mark(places)


def start() -> None:
    """Follow the log from now on, in a thread of its own; called once by each process that serves pages."""
    threading.Thread(target=_follow, name="tail", daemon=True).start()


def _follow() -> None:
    while True:
        try:
            _tail.read(time.monotonic())
        except DatabaseError:
            log.warning("the tail waits for the database")
        connection.close()  # back to the pool
        time.sleep(EVERY_SECONDS)
