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

EVERY_SECONDS = 0.25
#: Marks are event numbers times this, so that what arrives late can still raise a mark, and no mark of one process is
#: ahead of the next event in another: a page may ask now this one, now that one.
STEP = 16
#: Numbers are given out before they are committed, so they arrive out of order; one that has not come after this
#: long never will (its transaction was rolled back).
_GIVE_UP_SECONDS = 10.0
#: More numbers than these are not waited for: somebody fills in a city's past.
_MOST_GAPS = 5_000
#: A process that begins reads back so far: pages that were open before it ask it too.
_BACK = 2_000

_NEW = """
SELECT e.id, c.area, c.hands FROM cases_event AS e JOIN cases_case AS c ON c.id = e.case_id
WHERE e.id > %(top)s OR e.id = ANY(%(gaps)s) ORDER BY e.id LIMIT 5000
"""


class Tail:
    """`mark` tells how far the log is for some units and areas; it grows when one of them saw a change."""

    def __init__(self) -> None:
        self._marks: dict[str, int] = {}
        self._top: int | None = None
        self._gaps: dict[int, float] = {}

    def mark(self, places: Iterable[str]) -> int:
        """The last change that any of these units or areas saw; 0: none of late."""
        return max((self._marks.get(place, 0) for place in places), default=0)

    def read(self, now: float) -> int:
        """Read on in the log; `now` are seconds of the monotonic clock. Returns how many events were new."""
        if self._top is None:
            row = sql.row("SELECT coalesce(max(id), 0) FROM cases_event")
            self._top = max(int(row[0]) - _BACK, 0) if row else 0
        new = sql.rows(_NEW, top=self._top, gaps=list(self._gaps))
        for number, area, hands in new:
            for place in (*hands, *ancestors(area)):
                self._marks[place] = max(self._marks.get(place, 0) + 1, number * STEP)
        self._await_gaps({row[0] for row in new}, now)
        return len(new)

    def _await_gaps(self, came: set[int], now: float) -> None:
        """Numbers that were passed over may still come."""
        top = self._top or 0
        last = max(came, default=top)
        for number in range(max(top, last - _MOST_GAPS) + 1, last):
            self._gaps.setdefault(number, now)
        self._gaps = {
            number: since
            for number, since in self._gaps.items()
            if number not in came and now - since < _GIVE_UP_SECONDS
        }
        self._top = max(top, last)


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
