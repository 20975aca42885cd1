"""Slow uploads: two hundred bodies trickle in while others read cases."""

import asyncio
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench import reads, wrk
from bench.figure import Figure, Limit
from bench.lines import raw
from bench.plan import Plan
from bench.wrk import Request

_COUNT, _BYTES_A_SECOND, _SIZE = 200, 1000, 3_000_000


@dataclass
class Trickle:
    """Uploads in a thread of their own until `stop`. `open`: how many the server still takes."""

    port: int
    open: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        asyncio.run(self._all())

    def stop(self) -> None:
        self._stop.set()

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(_COUNT)))

    async def _one(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw(Request("/api/v1/reports", "POST"), _SIZE))
        self.open += 1
        await asyncio.sleep(random.random())
        while not self._stop.is_set() and not reader.at_eof():
            writer.write(b" " * _BYTES_A_SECOND)
            await asyncio.sleep(1)
        self.open -= reader.at_eof()
        writer.close()


def uploads(plan: Plan) -> Iterator[Figure]:
    requests = reads.some_cases(plan)
    usual = wrk.rounds(plan, requests)
    trickle = Trickle(plan.port)
    thread = threading.Thread(target=trickle.run)
    thread.start()
    busy = wrk.rounds(plan, requests)
    held = trickle.open
    trickle.stop()
    thread.join()
    note = (
        f"p95 {usual.p95:.1f} ms before, {busy.p95:.1f} ms with {held} uploads at {_BYTES_A_SECOND} bytes/s each; "
        f"{busy.rates[0]:.0f} cases/s"
    )
    yield Figure("detail with uploads held open, times its usual p95", [busy.p95 / usual.p95], "",
                 Limit(2, least=False), note=note)  # fmt: skip
