"""Writing: reports, and moves on fresh cases."""

import random
import time
from collections.abc import Iterator, Sequence

import msgspec
from django.test import Client

from bench import beside, cases, ground, wrk
from bench.cases import Fresh
from bench.figure import Figure, Limit
from bench.ground import Person
from bench.plan import Plan
from bench.wrk import Request
from yizhi import sql
from yizhi.people import queries as people

_FULL = 60.0
#: More than this a second nothing reaches here.
_MOST_MOVES = 1200
_REPORTS = "/api/v1/reports"
_STREET = 9


def reports(plan: Plan) -> Iterator[Figure]:
    """Reports from everybody: a third names a grid, a third a point, a third a grid and a contact to be sealed."""
    kinds = [list(_reports(kind)) for kind in ("area", "point", "contact")]
    seconds = plan.share(_FULL) / plan.rounds
    load = wrk.rounds(plan, wrk.mixed(*kinds), seconds)
    left = _follow_up_work()
    client = ground.client()
    with beside.copies():
        scripts = [_report_script(client, kind[0]) for kind in kinds]
        limit = beside.pgbench(scripts, plan.share(3), copies=True)
    yield load.figure("report", 400, limit, f"{plan.rounds * seconds:.0f} s without a pause")
    yield Figure("follow-up work left after them", [left], " s", Limit(1, least=False))


def _reports(kind: str) -> Iterator[Request]:
    dice, grids, told = random.Random(kind), cases.grids(), cases.some_stories()
    points = [(lon, lat) for lon, lat in sql.rows("SELECT lon, lat FROM places_area WHERE lon IS NOT NULL")]
    for _ in range(2000):
        story, (lon, lat) = dice.choice(told), dice.choice(points)
        place = {"lon": lon, "lat": lat} if kind == "point" else {"area": dice.choice(grids)}
        body = {"text": story.text, "place": place}
        if kind == "contact":
            body |= {"contact": {"name": "王女士", "phone": f"138{dice.randrange(10**8):08d}"}}
        yield Request(_REPORTS, "POST", body=msgspec.json.encode(body).decode())


def _report_script(client: Client, request: Request) -> str:
    statements = beside.caught(lambda: client.post(request.path, request.body, content_type="application/json"))
    return beside.script(statements, {"tracking": "sha256(random()::text::bytea)"})


_LEFT = """
SELECT (SELECT count(*) FROM notices_outbox WHERE not_before <= %(at)s)
     + (SELECT count(*) FROM cases_case WHERE fires <= %(at)s)
"""


def _follow_up_work() -> float:
    """Seconds until nothing is left to send and no clock is late."""
    start = time.monotonic()
    while (row := sql.row(_LEFT, at=ground.now())) and row[0] and time.monotonic() - start < 60:
        time.sleep(0.05)
    return time.monotonic() - start


def moves(plan: Plan) -> Iterator[Figure]:
    """On fresh cases of one street: first an answer to how it goes on by the community's desk, many times on each;
    then each is accepted, once."""
    street = plan.ground.people["street"].place
    areas = [code for code in cases.grids() if code.startswith(street)]
    count = round(_MOST_MOVES * (plan.rounds * plan.seconds + 1))
    found = cases.fresh(count, areas, ground.now())
    clerks = {desk: _clerk(desk) for desk in {case.desk for case in found}}
    found = [case for case in found if clerks[case.desk]]
    yield _progress(plan, found, clerks)
    yield _accept(plan, found, clerks)


def _clerk(desk: str) -> Person | None:
    for seat in people.roster(desk, ground.now()):
        actor = people.actor_of(seat.account, ground.now()) if seat.account else None
        if actor and actor.may("accept", "matter", frozenset((desk,))):
            return ground.person(desk, actor.account or 0, desk)
    return None


def _progress(plan: Plan, found: Sequence[Fresh], clerks: dict[str, Person | None]) -> Figure:
    requests = [_move(case, clerks, "progress", {"note": "已联系物业，明天上午清理。"}) for case in found]
    random.Random(2).shuffle(requests)
    load = wrk.rounds(plan, requests)
    return load.figure("move: progress", 300, _beside(plan, found, requests[-1]))


def _accept(plan: Plan, found: Sequence[Fresh], clerks: dict[str, Person | None]) -> Figure:
    requests = [_move(case, clerks, "accept", {"category": "0401"}) for case in found]
    load = wrk.rounds_once(plan, iter(requests[2:]), _MOST_MOVES)
    return load.figure("move: accept", 300, _beside(plan, found, requests[0], requests[1]))


def _move(case: Fresh, clerks: dict[str, Person | None], move: str, facts: dict[str, str]) -> Request:
    clerk = clerks[case.desk]
    body = msgspec.json.encode({"facts": facts}).decode()
    return Request(f"/api/v1/cases/{case.number}/moves/{move}", "POST", token=clerk.token if clerk else "", body=body)


def _beside(plan: Plan, found: Sequence[Fresh], *requests: Request) -> list[float]:
    """The last of the requests is caught; the first keeps in memory what a server has in memory."""
    rest = iter([*requests, *requests])

    def call() -> None:
        request = next(rest)
        client = ground.client()
        headers = {"authorization": f"Bearer {request.token}"}
        client.post(request.path, request.body, content_type="application/json", headers=headers)

    statements = beside.caught(call)
    first, last = found[0].id, found[-1].id
    prefix = found[0].number[: len(found[0].number) - len(f"{first:07d}")]
    with beside.copies():
        beside.copy_cases(first, last)
        script = beside.script(
            statements,
            {
                "key": f"({beside.literal(prefix)} || lpad(:case::text, 7, '0'))",
                "id": ":case",
                "events": _numbered(statements, "events"),
                "texts": _numbered(statements, "texts"),
            },
            f"case random({first}, {last})",
            "seq random(100, 2000000000)",
        )
        return beside.pgbench([script], plan.share(3), copies=True)


def _numbered(statements: Sequence[beside.Statement], name: str) -> str:
    """The events or texts of a move, under another number each time."""
    written = [one.values for one in statements if isinstance(one.values, dict) and name in one.values]
    if not written:
        return "NULL"
    return f"jsonb_set({beside.literal(written[-1][name])}::jsonb, '{{0,seq}}', to_jsonb(:seq::int))"
