"""Clocks: a hundred due each second; ten thousand due at once while people go on reading lists."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle

import psycopg

from bench import cases, ground
from bench.figure import Figure, Limit, percentile
from bench.lines import paced
from bench.plan import Plan
from bench.wrk import Request
from yizhi.site import database

_EACH_SECOND, _SECONDS, _AT_ONCE = 100, 30.0, 10_000
#: Lists asked each second while clocks fire: ten times what two hundred desks ask that turn a page every half minute.
_LISTS_A_SECOND = 60
_LOOK = 0.02
_PATIENCE = 240.0


class Watcher:
    """Looks at the end of the log every 20 ms and notes when the breach of a case was there to be read."""

    _NEW = "SELECT id, case_id FROM cases_event WHERE id > %s AND move = 'breach' ORDER BY id"

    def __init__(self) -> None:
        self.seen: dict[int, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        with database.connect(database.url("app")) as link:
            last = self._last(link)
            while not self._stop.wait(_LOOK):
                for number, case in link.execute(self._NEW, (last,)):
                    last = max(last, number)
                    self.seen.setdefault(case, time.time())  # own time: compared with when it was due

    @staticmethod
    def _last(link: "psycopg.Connection[tuple[int]]") -> int:
        row = link.execute("SELECT coalesce(max(id), 0) FROM cases_event").fetchone()
        return int(row[0]) if row else 0

    def wait(self, first: int, count: int) -> list[float]:
        """When each of these cases was seen to fire; gives up after some minutes."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found = [self.seen[case] for case in range(first, first + count) if case in self.seen]
            if len(found) == count:
                return found
            time.sleep(0.1)
        return found


def steady(plan: Plan) -> Iterator[Figure]:
    """How late a clock is that shares its second with a hundred others."""
    seconds = plan.share(_SECONDS)
    count = round(_EACH_SECOND * seconds)
    start = _soon(count)
    moments = [start + timedelta(seconds=number / _EACH_SECOND) for number in range(count)]
    with Watcher() as watcher:
        first = cases.ringing(iter(moments), cases.grids())
        watcher.wait(first, count)
    due = {first + number: moment.timestamp() for number, moment in enumerate(moments)}
    late = [watcher.seen[case] - moment for case, moment in due.items() if case in watcher.seen]
    note = f"median {percentile(late, 0.5):.2f} s; {len(late)} of {count} clocks, 100 each second"
    yield Figure("clock late, p99", [percentile(late, 0.99)], " s", Limit(1, least=False), note=note)


def at_once(plan: Plan) -> Iterator[Figure]:
    """How long ten thousand take, and what becomes of the lists meanwhile."""
    count = round(plan.share(_AT_ONCE))
    usual = asyncio.run(_lists(plan, plan.share(10)))
    start = _soon(count)
    with Watcher() as watcher:
        first = cases.ringing(iter([start] * count), cases.grids())
        time.sleep(max(start.timestamp() - time.time(), 0))  # own time: until they fall due
        busy = _lists_until(plan, watcher, first, count)
        took = max(watcher.wait(first, count), default=0.0) - start.timestamp()
    fired = sum(first + number in watcher.seen for number in range(count))
    limit = Limit(60 * count / _AT_ONCE, least=False)
    yield Figure(f"{count:,} clocks due at once", [took], " s", limit, note=f"{fired / took:.0f}/s; {fired} fired")
    before, during = percentile(usual, 0.95), percentile(busy, 0.95)
    note = f"p95 {before:.1f} ms before, {during:.1f} ms meanwhile, at {_LISTS_A_SECOND} lists/s; {len(busy)} lists"
    yield Figure("list meanwhile, times its usual p95", [during / before], "", Limit(2, least=False), note=note)


def _soon(count: int) -> datetime:
    """Far enough away to write so many cases first (3 ms each at worst)."""
    return (ground.now() + timedelta(seconds=5 + count * 0.003)).replace(microsecond=0)


def _lists_until(plan: Plan, watcher: Watcher, first: int, count: int) -> list[float]:
    """Lists as long as the clocks fire."""
    took: list[float] = []
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and sum(first + number in watcher.seen for number in range(count)) < count:
        took += asyncio.run(_lists(plan, 2.0))
    return took


async def _lists(plan: Plan, seconds: float) -> list[float]:
    people = plan.ground.people
    paths = ["/api/v1/cases", "/api/v1/cases?stage=handling"]
    wanted = [Request(path, token=people[name].token) for path in paths for name in ("community", "street")]
    return await paced(plan.port, cycle(wanted), _LISTS_A_SECOND, seconds)
