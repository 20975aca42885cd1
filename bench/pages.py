"""Pages left open: two hundred desks ask every second and a half whether anything is new, while reports come in."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from bench import cases, ground
from bench.figure import Figure, Limit, percentile
from bench.lines import Line
from bench.plan import Plan
from bench.wrk import Request
from yizhi import sql
from yizhi.cases import live
from yizhi.cases.tail import STEP
from yizhi.core.actor import Actor
from yizhi.people import queries as people

DESKS, REPORTS_A_SECOND = 200, 50
EVERY, JITTER = 1.5, 0.5  # as frontend/scripts/seats.js
_FULL = 40.0


@dataclass
class Desk:
    """A page left open. `seen`: when an answer said that something had changed, and how far the log was then."""

    watched: str
    areas: list[str]
    seen: list[tuple[float, int]] = field(default_factory=list)
    polls: int = 0

    def saw(self, event: int) -> float | None:
        """The moment at which an answer counted this event in."""
        return next((moment for moment, mark in self.seen if mark >= event * STEP), None)


@dataclass(frozen=True)
class Sent:
    """A report that was answered at `moment`; `desk` looks after its area."""

    number: str
    moment: float
    desk: Desk


def pages(plan: Plan) -> Iterator[Figure]:
    desks, seconds = lookers(), plan.share(_FULL)
    sent = asyncio.run(_watch(plan.port, desks, seconds))
    first = _first_events([one.number for one in sent])
    seen = [(one.desk.saw(first[one.number]), one.moment) for one in sent]
    waits = [moment - answered for moment, answered in seen if moment is not None]
    polls, missed = sum(desk.polls for desk in desks), sum(moment is None for moment, _ in seen)
    note = (
        f"median {percentile(waits, 0.5):.2f} s, p99 {percentile(waits, 0.99):.2f} s; {len(sent)} reports, "
        f"{polls / seconds:.0f} polls/s of {len(desks)} desks, {missed} never seen"
    )
    yield Figure("open page sees a new case, p95", [percentile(waits, 0.95)], " s", Limit(2, least=False), note=note)


_LOOKERS = """
SELECT DISTINCT service.account_id FROM people_service AS service JOIN people_post AS post ON post.id = service.post_id
WHERE 'see' = ANY(post.acts) ORDER BY 1
"""


def lookers() -> list[Desk]:
    """People who look after an area, each with a page open; some have two when there are not enough."""
    at, grids = ground.now(), cases.grids()
    actors = [people.actor_of(account, at) for (account,) in sql.rows(_LOOKERS)]
    found = [Desk(live.watch(actor), areas) for actor in actors if actor and (areas := _areas(actor, grids))]
    return [Desk(desk.watched, desk.areas) for desk in (found * DESKS)[:DESKS]]


def _areas(actor: Actor, grids: Sequence[str]) -> list[str]:
    scopes = [post.scope for post in actor.posts if "see" in post.acts]
    return [grid for grid in grids if any(scope.holds(grid) for scope in scopes)]


async def _watch(port: int, desks: Sequence[Desk], seconds: float) -> list[Sent]:
    """The polls begin first and end last, so that every report may be seen."""
    async with asyncio.TaskGroup() as group:
        polling = [group.create_task(_poll(port, desk)) for desk in desks]
        await asyncio.sleep(EVERY * 2)
        sent = await report(port, desks, seconds)
        await asyncio.sleep(EVERY * 3)
        for task in polling:
            task.cancel()
    return sent


async def _poll(port: int, desk: Desk) -> None:
    line, mark = Line(port), 0
    await asyncio.sleep(EVERY * random.random())
    while True:
        status, body = await line.ask(Request(f"/live/{desk.watched}/{mark}/"))
        desk.polls += 1
        if status == 200:
            mark = int(body)
            desk.seen.append((time.perf_counter(), mark))
        await asyncio.sleep(EVERY + JITTER * random.random())


async def report(port: int, desks: Sequence[Desk], seconds: float) -> list[Sent]:
    free: list[Line] = []
    sent: list[Sent] = []

    async def one() -> None:
        line, desk = free.pop() if free else Line(port), random.choice(desks)
        story, area = random.choice(cases.some_stories()), random.choice(desk.areas)
        body = msgspec.json.encode({"text": story.text, "place": {"area": area}}).decode()
        status, answer = await line.ask(Request("/api/v1/reports", "POST", body=body))
        if status == 201:
            sent.append(Sent(msgspec.json.decode(answer)["number"], time.perf_counter(), desk))
        free.append(line)

    async with asyncio.TaskGroup() as group:
        for _ in range(round(REPORTS_A_SECOND * seconds)):
            group.create_task(one())
            await asyncio.sleep(random.expovariate(REPORTS_A_SECOND))
    return sent


def _first_events(numbers: Sequence[str]) -> dict[str, int]:
    statement = """
        SELECT c.number, min(e.id) FROM cases_case AS c JOIN cases_event AS e ON e.case_id = c.id
        WHERE c.number = ANY(%(numbers)s) GROUP BY c.number
    """
    return dict(sql.rows(statement, numbers=list(numbers)))
