"""Reading: a case, a list in each scope, the desk's page, the grid under a point."""

import random
import time
from collections.abc import Iterator, Sequence

from bench import beside, cases, ground, wrk
from bench.figure import Figure, Limit
from bench.ground import Person
from bench.plan import Plan
from bench.wrk import Request
from yizhi.places import queries as places

_MANY = 20_000
#: Pages of fifty, asked equally often: what falls due next, what is in hand, what was closed last.
_LISTS = ("", "stage=handling", "stage=closed")


def detail(plan: Plan) -> Iterator[Figure]:
    """A case whole, any of those before the person who asks."""
    load = wrk.rounds(plan, some_cases(plan))
    limit = beside.pgbench([_detail_script(asker, _theirs(asker)) for asker in _askers(plan)], plan.share(3))
    yield load.figure("detail", 700, limit)


def some_cases(plan: Plan) -> list[Request]:
    """Street, community and grid by turns."""
    return wrk.mixed(*([_case(asker, number) for number in _theirs(asker)] for asker in _askers(plan)))


def _askers(plan: Plan) -> list[Person]:
    return [plan.ground.people[name] for name in ("street", "community", "grid")]


def _theirs(asker: Person) -> list[str]:
    return cases.sample("starts_with(c.area, %(place)s) AND NOT c.secret", _MANY // 3, place=asker.place)


def _case(asker: Person, number: str) -> Request:
    return Request(f"/api/v1/cases/{number}", token=asker.token)


def _detail_script(asker: Person, numbers: Sequence[str]) -> str:
    """pgbench picks among a hundred of the same cases by itself."""
    client = ground.client(asker)
    statements = beside.caught(lambda: client.get(_case(asker, numbers[0]).path))
    some = ", ".join(map(beside.literal, numbers[:100]))
    return beside.script(statements, {"key": f"(ARRAY[{some}])[:pick]"}, f"pick random(1, {min(len(numbers), 100)})")


def lists(plan: Plan) -> Iterator[Figure]:
    """Fifty at a time, for a person of each scope."""
    for name, person in plan.ground.people.items():
        paths = [f"/api/v1/cases?{_narrowed(name, part)}" for part in _LISTS]
        load = wrk.rounds(plan, [Request(path, token=person.token) for path in paths])
        limit = beside.pgbench([_script(person, path) for path in paths], plan.share(3))
        yield load.figure(f"list {name}", 500, limit)


def _narrowed(name: str, part: str) -> str:
    """A department looks after no area: it sees what it has a hand in."""
    return "&".join(filter(None, ("involved=true" if name == "unit" else "", part)))


def _script(person: Person, path: str) -> str:
    client = ground.client(person)
    return beside.script(beside.caught(lambda: client.get(path)))


def desk(plan: Plan) -> Iterator[Figure]:
    """The desk's list as a page: an officer of the street."""
    person = plan.ground.people["street"]
    paths = ["/desk/", "/desk/?stage=handling"]
    load = wrk.rounds(plan, [Request(path, cookie=person.cookie) for path in paths])
    limit = beside.pgbench([_script(person, path) for path in paths], plan.share(3))
    yield load.figure("desk list as HTML", 150, limit)


def points(plan: Plan) -> Iterator[Figure]:
    """The grid under a point, in this process: every point lies in some grid's box."""
    atlas, dice = places.atlas(), random.Random(1)
    west, south, east, north = _box()
    some = [(dice.uniform(west, east), dice.uniform(south, north)) for _ in range(100_000)]
    found = sum(atlas.locate(lon, lat) is not None for lon, lat in some)
    rates = []
    for _ in range(plan.rounds):
        start = time.perf_counter()
        for lon, lat in some:
            atlas.locate(lon, lat)
        rates.append(len(some) / (time.perf_counter() - start))
    note = f"{100 * found / len(some):.0f} % of the points lie in a grid"
    yield Figure("point → grid", rates, "/s", Limit(100_000), note=note)


def _box() -> tuple[float, float, float, float]:
    """West, south, east, north of all grids."""
    numbers = [
        point
        for feature in places.export_boundaries("", ground.now())["features"]
        if len(feature["id"]) == 15
        for ring in feature["geometry"]["coordinates"]
        for point in _pairs(ring)
    ]
    lons, lats = [lon for lon, _ in numbers], [lat for _, lat in numbers]
    return min(lons), min(lats), max(lons), max(lats)


def _pairs(ring: Sequence[object]) -> Iterator[tuple[float, float]]:
    """The points of a ring, or of the rings of one part of a multipolygon."""
    for point in ring:
        match point:
            case [float() | int() as lon, float() | int() as lat]:
                yield float(lon), float(lat)
            case [*inner]:
                yield from _pairs(inner)
