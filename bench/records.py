"""Base records: a city's taken in from sheets with every check, then found; a large building at a glance."""

import csv
import random
import time
from collections.abc import Callable, Iterator, Sequence
from io import StringIO

from stdnum.cn import ric, uscc

from bench import ground
from bench.figure import Figure, Limit, percentile
from bench.plan import Plan
from yizhi import sql
from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.people import queries as people
from yizhi.places.addresses import actions as places
from yizhi.places.addresses import rules as addresses
from yizhi.registry import actions, queries
from yizhi.registry.incoming import MOST_ROWS

#: The number of linked records of a district that published one: addresses, households, persons, units.
_ALL = 691_000
#: Of each row, so many are: rooms (with their entrances and buildings), households, persons, units.
_ROOMS, _HOUSEHOLDS, _PERSONS = 0.24, 0.24, 0.5
_A_BUILDING = 60
_LARGE = 200
_ASKED = 200
_PAGE_MS, _FIND_MS, _LOAD_SECONDS = 100, 20, 600

_HEADS = {
    "address": ("area", "building", "entrance", "room"),
    "household": ("area", "building", "entrance", "room", "number", "tenure"),
    "person": ("area", "building", "entrance", "room", "name", "id_card", "phone", "stays"),
    "legal_unit": ("area", "building", "entrance", "room", "name", "uscc", "trade", "head", "phone"),
}
_FAMILY, _GIVEN = (
    "陈李周吴孙郑马胡高林何罗梁宋唐许韩冯曹彭",
    "国秀建桂立海晓丽志小家雨永玉德春长翠安明芳平英新燕东娟强梅",
)

Row = tuple[str, ...]


class City:
    """Rows as offices hand them in, each sort after the one that it stands upon; nobody in them exists."""

    def __init__(self, rows: int, grids: Sequence[str]) -> None:
        self.dice, self.grids, self.run = random.Random(4), grids, ground.now().microsecond % 1_000
        self.mark = f"{self.run:03}"  # the data stay: another run is another part of the city
        self.rooms = [self._room(number) for number in range(round(rows * _ROOMS))]
        self.counts = {"household": round(rows * _HOUSEHOLDS), "person": round(rows * _PERSONS)}
        self.counts["legal_unit"] = rows - len(self.rooms) - sum(self.counts.values())

    def _room(self, number: int) -> Row:
        building, inside = divmod(number, _A_BUILDING)
        entrance, room = inside // 20 + 1, 101 + inside % 20 // 4 * 100 + inside % 4
        return self.grids[building % len(self.grids)], f"示例路{self.mark}{building}号楼", str(entrance), str(room)

    def rows(self, register: str) -> Iterator[Row]:
        if register == "address":
            yield from self.rooms
            return
        make: Callable[[int], Row] = getattr(self, f"_{register}")
        for number in range(self.counts[register]):
            yield (*self.rooms[number % len(self.rooms)], *make(number))

    def _household(self, number: int) -> Row:
        return f"{self.mark}{number:08}", self.dice.choice(("own", "let", ""))

    def _person(self, number: int) -> Row:
        return self.name(), self.card(number), f"138{number:08}", self.dice.choice(("registered", "lives", ""))

    def _legal_unit(self, number: int) -> Row:
        code = f"91340405{self.run * 1_000_000 + number:09}"
        return (
            f"示例{self.mark}商店{number}",
            code + uscc.calc_check_digit(code),
            "零售",
            self.name(),
            f"139{number:08}",
        )

    def card(self, number: int) -> str:
        return id_card(self.run * 2_000_000 + number)

    def name(self) -> str:
        return self.dice.choice(_FAMILY) + "".join(self.dice.choices(_GIVEN, k=2))


def id_card(number: int) -> str:
    """Days of birth and places that there are; of the serial numbers none that is given out to so few."""
    place, rest = divmod(number, 365 * 60 * 10)
    day, serial = divmod(rest, 10)
    year, of = divmod(day, 365)
    start = f"34{place + 10:04}{1945 + year}{of // 28 % 12 + 1:02}{of % 28 + 1:02}{of // 336}{serial:02}"
    return start + ric.calc_check_digit(start + "0")


def records(plan: Plan) -> Iterator[Figure]:
    """First the load, then looking into what was loaded."""
    wanted = max(round(plan.share(_ALL)), 1_000)
    who = _somebody(plan)
    grids = [code for code in _grids() if any(post.scope.holds(code) for post in who.posts)]
    city = City(wanted, grids)
    seconds = [_load(city, who) * _ALL / wanted]
    note = f"{wanted:,} rows looked at, then taken in; told for {_ALL:,}"
    yield Figure("records loaded", seconds, " s", Limit(_LOAD_SECONDS, least=False), note=note)
    sql.run("ANALYZE registry_record, registry_entry, places_address")
    rooms, persons = city.rooms, city.counts["person"]
    finds: dict[str, Callable[[int], object]] = {
        "address": lambda n: queries.addresses(who, f"{rooms[n % len(rooms)][1]}{rooms[n % len(rooms)][3]}"),
        "person": lambda n: queries.by_value(who, "person", "id_card", city.card(n % persons)),
        "unit": lambda n: queries.bodies(who, f"示例{city.mark}商店{n % city.counts['legal_unit']}"),
    }
    for name, find in finds.items():
        yield _timed(f"find a {name}, p95" if name != "address" else "find an address, p95", find, _FIND_MS)
    number, client = _large(city, who), ground.client(plan.ground.people["district"])
    yield _timed("a building of 200 households, p95", lambda _: client.get(f"/records/place/{number}/"), _PAGE_MS)


def _somebody(plan: Plan) -> Actor:
    found = people.actor_of(plan.ground.people["district"].account, ground.now())
    assert found is not None  # the ground has met them
    return found


def _grids() -> list[str]:
    return [code for (code,) in sql.rows("SELECT code FROM places_area WHERE length(code) = 15 ORDER BY code")]


def _load(city: City, who: Actor) -> float:
    """Seconds from the first sheet handed in to the last row taken in."""
    start = time.perf_counter()
    for register in _HEADS:
        rows = list(city.rows(register))
        for first in range(0, len(rows), MOST_ROWS):
            _sheet(register, rows[first : first + MOST_ROWS], who)
    return time.perf_counter() - start


def _sheet(register: str, rows: list[Row], who: Actor) -> None:
    text, at = StringIO(), ground.now()
    writer = csv.writer(text)
    writer.writerow(_HEADS[register])
    writer.writerows(rows)
    number = actions.hand_in(text.getvalue().encode(), register, "bench.csv", skip=False, by=who, at=at)
    for expected in ("checked", "done"):
        while actions.work(ground.now()):
            pass
        _wait(number, expected, who)
        actions.start(number, by=who)


def _wait(number: int, expected: str, who: Actor) -> None:
    """The installation's own worker may have been faster."""
    while (found := queries.sheet(who, number)).status != expected:
        if found.status in ("faulty", "failed"):
            raise AssertionError(found.faults[:3])
        time.sleep(0.05)


def _large(city: City, who: Actor) -> int:
    """A tower of two hundred households, two persons each; its number."""
    grid, at = city.grids[0], ground.now()
    rooms = [places.Wanted(addresses.place(f"示例高楼{city.mark}", "1", str(n)), grid) for n in range(_LARGE)]
    put = places.put(rooms)
    registers = profile().records.registers
    news = []
    for place, one in enumerate(put):
        home = {"number": f"t{city.mark}{place}"}
        news.append(actions.New(registers["household"], home, grid, one.id, one.building))
        for more in range(2):
            person = {"name": city.name(), "id_card": city.card(1_000_000 + place * 2 + more)}
            news.append(actions.New(registers["person"], person, grid, one.id, one.building))
    actions.write(news, unit="", source="sheet", by=who, at=at, today=at.date())
    return put[0].building


def _timed(name: str, ask: Callable[[int], object], limit: float) -> Figure:
    dice, taken = random.Random(5), []
    for _ in range(_ASKED):
        start, asked = time.perf_counter(), dice.randrange(1 << 30)
        ask(asked)
        taken.append((time.perf_counter() - start) * 1000)
    middle, slow = percentile(taken, 0.5), percentile(taken, 0.95)
    return Figure(name, [slow], " ms", Limit(limit, least=False), p50=middle, p95=slow)
