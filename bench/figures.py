"""What leaders look at: their page, and how far what it counts lies behind the log while the city works."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence

import msgspec

from bench import cases, ground, pages
from bench.figure import Figure, Limit, percentile
from bench.lines import Line
from bench.plan import Plan
from bench.wrk import Request
from yizhi.insight import queries as insight

_PAGES, _LOOK, _MOVES_A_SECOND, _FULL = 100, 0.05, 20, 30.0


def figures(plan: Plan) -> Iterator[Figure]:
    """One reader, page after page; then reports and moves, and every fiftieth of a second how old the counts are."""
    for name, path, limit in (("leader's page", "/figures/brief", Limit(50, least=False)),
                              ("supervisor's table", "/figures/", None)):  # fmt: skip
        took = asyncio.run(_read(plan, path))
        note = f"p95 of {len(took)}, median {percentile(took, 0.5):.0f} ms"
        yield Figure(f"{name}, p95", [percentile(took, 0.95)], " ms", limit, note=note)
    place = plan.ground.people["community"].place
    numbers = cases.sample("starts_with(c.area, %(place)s) AND c.due IS NOT NULL", 2_000, place=place)
    ages = asyncio.run(_while_busy(plan, pages.lookers(), numbers))
    note = f"median {percentile(ages, 0.5):.2f} s, longest {max(ages):.2f} s; {len(ages)} looks, "
    note += f"{pages.REPORTS_A_SECOND} reports and {_MOVES_A_SECOND} moves a second"
    yield Figure("counts behind the log, p95", [percentile(ages, 0.95)], " s", Limit(1, least=False), note=note)


async def _read(plan: Plan, path: str) -> list[float]:
    """Milliseconds of each, for an officer of the district; the first ones warm up."""
    line, took = Line(plan.port), []
    request = Request(path, cookie=plan.ground.people["district"].cookie)
    for _ in range(5 + round(plan.share(_PAGES))):
        start = time.perf_counter()
        status, _ = await line.ask(request)
        assert status == 200, f"{path} answers {status}"
        took.append((time.perf_counter() - start) * 1000)
    return took[5:]


async def _while_busy(plan: Plan, desks: Sequence[pages.Desk], numbers: Sequence[str]) -> list[float]:
    seconds = plan.share(_FULL)
    done = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        looking = group.create_task(_ages(done))
        moving = group.create_task(_move(plan, numbers, done))
        await pages.report(plan.port, desks, seconds)
        done.set()
    await moving
    return await looking


async def _ages(done: asyncio.Event) -> list[float]:
    found = []
    while not done.is_set():
        found.append(await asyncio.to_thread(_age))
        await asyncio.sleep(_LOOK)
    return found


def _age() -> float:
    at = ground.now()
    told = insight.reading(at)
    return (at - told.upto).total_seconds() if told else 0.0


async def _move(plan: Plan, numbers: Sequence[str], done: asyncio.Event) -> None:
    """Progress on what the community has in hand."""
    person, line = plan.ground.people["community"], Line(plan.port)
    body = msgspec.json.encode({"facts": {"note": "今天去看过"}}).decode()
    while not done.is_set():
        path = f"/api/v1/cases/{random.choice(numbers)}/moves/progress"
        await line.ask(Request(path, "POST", token=person.token, body=body))
        await asyncio.sleep(random.expovariate(_MOVES_A_SECOND))
