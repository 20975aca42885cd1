"""A small fictional city for tests of every folder: Xinghe, two streets, four grids, and a lasting cast.

Wei works in grid 1, Chen at its community desk, Gao at the street, He leads the district centre, Jing is the
community officer, Ding the liaison of urban management. Qiu sits in the other street: "Qiu may not" stands in
every test of access.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from yizhi.core.actor import Actor, Post, Scope
from yizhi.core.calendar import Calendar, Span, TimeUnit
from yizhi.core.case import Case, Clock, Event, evolve
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.kinds import Kind, without
from yizhi.core.loop import MOVES
from yizhi.core.profile import Category, ClockName, ClockRule, DutyLine, Owner, Profile
from yizhi.core.routing import RoutingRule
from yizhi.core.town import Town, Unit

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Xinghe
ALL_ACTS = frozenset(MOVES)
GRID = "999901001001001"


def _unit(code: str, kind: Any, role: str, area: str, superior: str | None, *covers: str) -> Unit:
    return Unit(code, code, kind, role, area, superior, covers or (area,), ALL_ACTS)


UNITS = (
    _unit("centre", "desk", "desk", "999901", None),
    _unit("street", "desk", "desk", "999901001", "centre"),
    _unit("street2", "desk", "desk", "999901002", "centre"),
    _unit("community", "desk", "desk", "999901001001", "street"),
    _unit("community2", "desk", "desk", "999901002001", "street2"),
    _unit("grid", "grid", "grid", GRID, "community"),
    _unit("grid2", "grid", "grid", "999901001001002", "community"),
    _unit("grid3", "grid", "grid", "999901002001001", "community2"),
    _unit("police", "station", "station", "999901", "centre", "999901001"),
    _unit("cityworks", "department", "urban_management", "999901", "centre"),
    _unit("cityworks-north", "department", "crew", "999901", "cityworks"),
    _unit("gas", "department", "gas", "999901", "centre"),
)


def _clock(name: ClockName, amount: int, unit: TimeUnit, owner: Owner, breaches: int) -> ClockRule:
    return ClockRule(name, Span(amount, unit), "city default", owner, breaches)


#: Hours for clocks that a test lets pass quickly; the real figures are a profile's.
CLOCKS = (
    _clock("accept", 2, "hours", "holder", 1),
    _clock("dispatch", 0, "workdays", "holder", 2),
    _clock("sign", 4, "hours", "holder", 2),
    _clock("handle", 5, "workdays", "holder", 2),
    _clock("arrive", 1, "hours", "grid", 0),
    _clock("reply", 24, "hours", "street", 0),
    _clock("verify", 2, "workdays", "holder", 2),
    _clock("follow_up", 3, "workdays", "holder", 1),
    _clock("rule", 1, "workdays", "above", 2),
    _clock("arrive_by", 1, "hours", "summoned", 0),
    _clock("until", 1, "days", "lead", 1),
    _clock("extension", 1, "workdays", "desk", 1),
    _clock("instruct", 2, "workdays", "holder", 0),
    _clock("whole", 15, "workdays", "desk", 0),
    _clock("assist", 2, "workdays", "summoned", 0),
)

CATEGORIES = {
    row.code: row
    for row in (
        Category("01", "", "安全", "Safety"),
        Category("0101", "01", "气瓶", "Gas cylinders", lead="gas", assists=("station",)),
        Category("02", "", "治安", "Police and grid"),
        Category("0201", "02", "警网", "Police-grid", lead="station"),
        Category("04", "", "市容", "City appearance"),
        Category("0401", "04", "垃圾", "Waste", lead="urban_management", grid=True),
    )
}

PROFILE = Profile(
    code="xinghe",
    name_zh="星河区",
    name_en="Xinghe",
    version="test",
    root_area="999901",
    root_unit="centre",
    number_prefix="XH",
    calendar=Calendar(
        holidays=frozenset(), makeup=frozenset(), opens=time(8, 30), closes=time(17, 30), known_until=date(2026, 12, 31)
    ),
    categories=CATEGORIES,
    duties=(DutyLine("0101", "gas", "district", "sample 1.1", "gas is the district's duty"),),
    routing=(RoutingRule("police", "station", "police", "route", categories=("02",)),),
    clocks=CLOCKS,
)

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("matter", "Matter", without(), public=True),
        Kind("police", "Police", without("whistle", "report_in", "conclude_whistle")),
    )
}

CITY = City(PROFILE, Town({unit.code: unit for unit in UNITS}, "centre"), KINDS)


def actor(account: int, unit: str, *, acts: frozenset[str] = ALL_ACTS, scope: str = "") -> Actor:
    area = scope or CITY.town.unit(unit).area
    return Actor(account, unit, (Post(unit, unit, acts, frozenset("*"), Scope((area,))),))


WEI = actor(1, "grid")
CHEN = actor(2, "community")
GAO = actor(3, "street")
HE = actor(4, "centre")
JING = actor(5, "police")
DING = actor(6, "cityworks")
QIU = actor(7, "community2")
LIN = Actor(reporter_of=1, door="scan")


@dataclass
class Walk:
    """One case through its life: every call is a move at the walk's own time; `log` keeps the events."""

    city: City = CITY
    at: datetime = MONDAY
    case: Case = field(default_factory=lambda: Case(kind="matter", area=GRID, source="scan", answerable=True))
    log: list[Event] = field(default_factory=list)

    def move(self, by: Actor, move: str, **facts: Any) -> Case:
        draw = facts.pop("draw", 1.0)
        events = decide(self.case, Ask(move, by, self.at, facts, draw=draw), self.city)
        for event in events:
            self.case = evolve(self.case, event)
        self.log += events
        return self.case

    def report(self, by: Actor = LIN, **facts: Any) -> Case:
        return self.move(by, "report", **facts)

    def pass_(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at

    def clock(self, key: str) -> Clock:
        """A clock that runs; the test fails when it does not."""
        found = self.case.clock(key)
        assert found is not None, f"no clock {key}"
        return found

    def rings(self, key: str) -> datetime:
        """When a clock next rings; the test fails when it is silent."""
        fires = self.clock(key).fires
        assert fires is not None, f"{key} is silent"
        return fires

    def moves(self) -> list[str]:
        return [event.move for event in self.log]
