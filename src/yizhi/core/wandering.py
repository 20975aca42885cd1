"""A case walked at random through its city: any actor, any open move, any time between; the clocks ring as the
worker would let them. For tests of every folder that brings a kind.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import TypeVar

from yizhi.core.actor import CLOCK, RULE, Actor
from yizhi.core.case import ENDS, Case, Event, evolve
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.errors import Refusal
from yizhi.core.faults.filling import Choose, filled
from yizhi.core.faults.rehearsal import BEGIN, REPORTER, first_to_ring, person
from yizhi.core.loop import Move
from yizhi.core.standing import open_moves
from yizhi.core.town import Town

T = TypeVar("T")

_SOURCES = ("scan", "field", "hotline", "import")
_PAUSES = (timedelta(minutes=1), timedelta(hours=1), timedelta(hours=9), timedelta(days=3), timedelta(days=20))
#: A case that goes round longer than this is left behind for a new one.
_LONGEST = 80
#: How many clocks ring in one sleep at most.
_RINGS = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: what was asked, what it made of the case, and every state between."""

    ask: Ask
    before: Case
    events: tuple[Event, ...]
    states: tuple[Case, ...]

    @property
    def after(self) -> Case:
        return self.states[-1]


class Wanderer(Choose):
    """Walks case after case; the same state of `rng` walks the same way. `made` counts the moves asked for from each
    stage, `offered` are the moves that were open to somebody there, or followed by rule."""

    def __init__(self, city: City, rng: Random) -> None:
        self.city, self.rng, self.all_served = city, rng, city.town
        self.at = BEGIN
        self.people = self._people()
        self.case = self._blank()
        self.steps_here = 0
        self.made: Counter[tuple[str, str]] = Counter()
        self.offered: set[tuple[str, str]] = set()

    def one(self, values: Sequence[T]) -> T:
        return self.rng.choice(values)

    def skips(self) -> bool:
        return self.rng.random() < 0.5

    def steps(self) -> Iterator[Step]:
        """Endless. A refused move is no step."""
        while True:
            if self.rng.random() < 0.005:
                self._posts_change()
            if self.case.is_open and self.rng.random() < 0.01:
                yield self._holidays_change()
            elif self.case.is_open and self.rng.random() < 0.15:
                yield from self._time_passes()
            elif self.rng.random() < 0.02 * (not self.case.is_open) or self.steps_here > _LONGEST:
                self.case, self.steps_here = self._blank(), 0
            else:
                yield from self._someone_moves()

    # -- what happens -------------------------------------------------------------------------------------------
    def _time_passes(self) -> Iterator[Step]:
        """All clocks that ring meanwhile; the worker is sometimes late, and hears no more than a few at a time."""
        until = self.at + self.rng.random() * self.one(_PAUSES)
        late = self.rng.random() < 0.1
        for _ in range(_RINGS):
            if self.case.fires is None or self.case.fires > until:
                self.at = max(self.at, until)
                return
            self.at = max(self.at, until if late else self.case.fires)
            yield self._take(Ask("breach", CLOCK, self.at, {"clock": first_to_ring(self.case)}))

    def _posts_change(self) -> None:
        """People come and go while cases run; half of the time every post is served again."""
        full = replace(self.city, town=self.all_served)
        self.city = full if self.rng.random() < 0.5 else short_staffed(full, self.rng)
        self.people = self._people()

    def _holidays_change(self) -> Step:
        """The official calendar of the next weeks is published, and other than was thought."""
        before = self.city.profile.calendar
        days = frozenset(self.at.date() + timedelta(days=self.rng.randrange(40)) for _ in range(5))
        calendar = replace(before, holidays=days)
        self.city = replace(self.city, profile=replace(self.city.profile, calendar=calendar))
        return self._take(Ask("recalendar", RULE, self.at, {"before": before}))

    def _someone_moves(self) -> Iterator[Step]:
        by = self._somebody()
        moves = list(open_moves(self.case, by, self.city))
        self.offered |= {(self.case.stage, move.name) for move in moves}
        if not moves:
            self.steps_here += not self.case.is_open
            return
        ask = self._ask(self._rarest(moves), by)
        try:
            yield self._take(ask)
        except Refusal:
            self.steps_here += 1

    def _rarest(self, moves: list[Move]) -> Move:
        """What was seldom made from this stage is tried more often: so a short walk sees the whole table."""
        stage = self.case.stage
        weights = [_weight(move) / (1 + self.made[stage, move.name]) for move in moves]
        return self.rng.choices(moves, weights)[0]

    def _ask(self, move: Move, by: Actor) -> Ask:
        facts = filled(move, self.case, self.city, self.at, self)
        return Ask(move.name, by, self.at, facts, draw=self.rng.random())

    def _take(self, ask: Ask) -> Step:
        before, states = self.case, []
        events = decide(before, ask, self.city)
        for event in events:
            self.offered.add((self.case.stage, event.move))
            self.case = evolve(self.case, event)
            states.append(self.case)
        self.steps_here += 1
        self.made[before.stage, ask.move] += 1
        return Step(ask, before, events, tuple(states))

    # -- who and what -------------------------------------------------------------------------------------------
    def _people(self) -> list[Actor]:
        """Two in every unit, who may do what its posts may do."""
        units = self.city.town.units.values()
        return [person(unit, unit.acts, n) for n, unit in enumerate([*units, *units], start=1)]

    def _somebody(self) -> Actor:
        """Mostly somebody who has a hand in it."""
        dice = self.rng.random()
        if dice < 0.15 or self.case.stage == "new":
            return REPORTER
        near = [person for person in self.people if person.units & self.case.hands]
        return self.one(near if near and dice < 0.85 else self.people)

    def _blank(self) -> Case:
        areas = [unit.area for unit in self.city.town.units.values()]
        others = [code for code in self.city.town.units if code != self.city.town.root]
        return Case(
            kind=self.one(list(self.city.kinds)),
            area=self.one(areas),
            source=self.one(_SOURCES),
            answerable=self.rng.random() < 0.7,
            about=tuple({self.one(others) for _ in range(self.one((0, 0, 0, 1, 2)))}),
        )


def _weight(move: Move) -> float:
    """On rather than out, so that a walk goes deep."""
    if move.name in ("dispatch", "sign", "finish", "verify"):
        return 10
    if move.target in ENDS:
        return 0.5 if move.target == "closed" else 0.1
    return 3 if move.rehomes else 1


def short_staffed(city: City, rng: Random) -> City:
    """The same city with some posts vacant; the root's desk is always served."""
    units = {
        code: unit if code == city.town.root or rng.random() < 0.75 else replace(unit, acts=frozenset())
        for code, unit in city.town.units.items()
    }
    return replace(city, town=Town(units, city.town.root))
