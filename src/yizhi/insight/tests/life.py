"""A city that lives at random: anybody makes any open move on any case, the clocks ring, a past is brought in."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from yizhi.cases import actions, city, queries
from yizhi.cases.actions.bulk import Past, copy_in
from yizhi.cases.testing import Town
from yizhi.core.actor import Actor
from yizhi.core.case import Event, evolve
from yizhi.core.errors import Refusal
from yizhi.core.faults.filling import Choose, filled
from yizhi.core.standing import open_moves
from yizhi.core.wandering import Wanderer
from yizhi.people.testing import COMMUNITY, GRID, OTHER_GRID, SECOND_GRID, STREET, THIRD_GRID

_AREAS = (GRID, SECOND_GRID, THIRD_GRID, OTHER_GRID, COMMUNITY, STREET)
T = TypeVar("T")

_SOURCES = ("scan", "field", "import")


class Life(Choose):
    """`step` by `step`; the same seed lives the same life."""

    def __init__(self, town: Town, seed: int) -> None:
        super().__init__()
        self.town, self.rng = town, Random(seed)
        cast = town.cast
        self.people = [cast.wei, cast.chen, cast.gao, cast.he, cast.jing, cast.ding, cast.fang, cast.qiu]
        self.cases: list[int] = []

    def one(self, values: Sequence[T]) -> T:
        return self.rng.choice(values)

    def skips(self) -> bool:
        return self.rng.random() < 0.5

    def live(self, steps: int) -> None:
        for _ in range(steps):
            dice = self.rng.random()
            if dice < 0.15 or not self.cases:
                self.report()
            elif dice < 0.25:
                self.town.pass_(hours=self.one((1, 5, 30, 24 * 9)))
                actions.fire_due(self.town.at)
            else:
                self.move()

    def report(self) -> None:
        about = (self.one(["urban", "station", "desk-999901001"]),) if self.rng.random() < 0.15 else ()
        category = self.one(("", "0401", "0201"))
        given: dict[str, Any] = {
            "area": self.one(_AREAS),
            "category": category,
            "source": self.one(_SOURCES),
            "about": about,
        }
        self.cases.append(self.town.report(by=self.town.cast.he if about else None, **given).case_id)

    def move(self) -> None:
        number = self.one(self.cases)
        case, at = queries.state(number), self.town.at
        reporter = Actor(reporter_of=number, door="scan")
        by = (
            reporter
            if self.rng.random() < 0.2
            else self.one([p for p in self.people if p.units & case.hands] or [reporter])
        )
        moves = [
            move for move in open_moves(case, by, city.current()) if move.name != "merge" or self.rng.random() < 0.2
        ]
        if not moves:
            return
        move = self.one(moves)
        facts = filled(move, case, city.current(), at, self)
        facts |= {"into": self.one(self.cases)} if move.name == "merge" else {}
        with suppress(Refusal):
            actions.move(number, move.name, facts, by=by, at=at, draw=self.rng.random())

    def bring_in(self, count: int, longest: int = 40) -> None:
        """Cases with a past of their own, by COPY."""
        wanderer = Wanderer(city.current(), self.rng)
        wanderer.at = self.town.at - timedelta(days=60)
        copy_in([self._past(wanderer, longest) for _ in range(count)])

    def _past(self, wanderer: Wanderer, longest: int) -> Past:
        blank = wanderer.case = wanderer._blank()
        events: list[Event] = []
        for step in wanderer.steps():
            if step.before.stage == "new" and events:
                break
            events += step.events
            if len(events) >= longest or self.rng.random() < 0.05:
                break
        case = blank
        for event in events:
            case = evolve(case, event)
        self.town.at = max(self.town.at, wanderer.at)
        return Past("W", case, tuple(events), {}, "test")
