"""Twenty desks at work: each opens its list, reads, opens a case, reads, and its open pages ask what is new."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bench import cases, ground
from bench.figure import Figure, Limit, percentile
from bench.ground import Person
from bench.lines import Line
from bench.pages import EVERY, JITTER
from bench.plan import Plan
from bench.wrk import Request
from yizhi.cases import live
from yizhi.people import queries as people

DESKS = 20
_FULL = 20.0
#: A clerk who clicks as fast as one can read.
_READS = 0.6, 1.4
_WARM = 4.0
_HEAVIEST = 300_000
Times = dict[str, list[float]]


@dataclass(frozen=True)
class Desk:
    """Somebody's desk: the cases before them, and what their open page watches."""

    seat: Person
    numbers: list[str]
    watched: str


def desks(plan: Plan) -> Iterator[Figure]:
    """How long a page takes for whoever waits for it, in milliseconds, and how heavy it is at most."""
    found = [_desk(plan.ground.people[name]) for name in ("community", "street", "district", "unit")]
    took, weights = asyncio.run(_work(plan, (found * DESKS)[:DESKS], plan.share(_FULL)))
    for name, waits in took.items():
        note = f"median {percentile(waits, 0.5):.1f} ms; {len(waits)} pages of {DESKS} busy desks, polls meanwhile"
        yield Figure(f"{name} under {DESKS} busy desks, p95", [percentile(waits, 0.95)], " ms", _most(60), note=note)
    heaviest = max(chain.from_iterable(weights.values()))
    yield Figure("heaviest page of a desk, not compressed", [heaviest / 1000], " kB", _most(_HEAVIEST / 1000))


def _most(value: float) -> Limit:
    return Limit(value, least=False)


def _desk(seat: Person) -> Desk:
    column = "lead" if seat.name == "unit" else "area"
    numbers = cases.sample(f"starts_with(c.{column}, %(place)s) AND c.due IS NOT NULL", 500, place=seat.place)
    actor = people.actor_of(seat.account, ground.now())
    assert actor is not None
    return Desk(seat, numbers, live.watch(actor))


async def _work(plan: Plan, found: Sequence[Desk], seconds: float) -> tuple[Times, Times]:
    """Times and sizes of the pages, by name."""
    took: Times = defaultdict(list)
    weights: Times = defaultdict(list)
    async with asyncio.TaskGroup() as group:
        for desk in found:
            group.create_task(_clerk(plan.port, desk, seconds, (took, weights)))
            group.create_task(_poll(plan.port, desk.watched, seconds))
    return took, weights


async def _clerk(port: int, desk: Desk, seconds: float, found: tuple[Times, Times]) -> None:
    """The first pages warm the processes up and are not counted."""
    line, start = Line(port), time.perf_counter()
    pages = {"desk list as HTML": ("",), "case page as HTML": [f"{number}/" for number in desk.numbers]}
    await asyncio.sleep(random.uniform(*_READS))
    while time.perf_counter() < start + _WARM + seconds:
        for name, paths in pages.items():
            asked = time.perf_counter()
            size = await _open(line, f"/desk/{random.choice(paths)}", desk.seat)
            if asked > start + _WARM:
                for told, value in zip(found, ((time.perf_counter() - asked) * 1000, size), strict=True):
                    told[name].append(float(value))
            await asyncio.sleep(random.uniform(*_READS))
    line.close()


async def _open(line: Line, path: str, seat: Person) -> int:
    """The bytes of a page."""
    status, body = await line.ask(Request(path, cookie=seat.cookie))
    if status != 200:
        raise SystemExit(f"bench: {path} answered {status} to {seat.name}")
    return len(body)


async def _poll(port: int, watched: str, seconds: float) -> None:
    line, end, mark = Line(port), time.perf_counter() + _WARM + seconds, 0
    while time.perf_counter() < end:
        await asyncio.sleep(EVERY + JITTER * random.random())
        status, body = await line.ask(Request(f"/live/{watched}/{mark}/"))
        mark = int(body) if status == 200 else mark
    line.close()
