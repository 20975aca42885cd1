"""A case's life played in memory: the same decisions as in the database, kept as case, log and words."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yizhi.core.actor import CLOCK, Actor
from yizhi.core.case import Case, Event, evolve
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.errors import Refusal
from yizhi.core.standing import open_moves
from yizhi.site.simulate.choose import choose, pause
from yizhi.site.simulate.stories import Story

#: Case number in memory: there is only this one.
_ITSELF = 1
_LONGEST = 60


@dataclass
class Life:
    """A case and what happened to it. `words` are notes by the number of their event."""

    case: Case
    story: Story
    events: list[Event] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)

    def go(self, ask: Ask, city: City) -> None:
        """Make a move; a refusal changes nothing."""
        for event in decide(self.case, ask, city):
            self.case = evolve(self.case, event)
            self.events.append(event)
            if event.move == ask.move and ask.facts.get("note") and event.move != "report":
                self.words[self.case.seq] = str(ask.facts["note"])


def live(
    story: Story,
    area: str,
    city: City,
    on_duty: Callable[[str], Sequence[Actor]],
    dice: random.Random,
    *,
    start: datetime,
    until: datetime,
) -> Life:
    """Play one case from its report until it ends, time is up, or nobody knows what to do."""
    blank = Case(kind="matter", area=area, source="scan", answerable=dice.random() < 0.7)
    life = Life(blank, story)
    category = story.category if dice.random() < 0.6 else ""
    life.go(Ask("report", Actor(door="scan"), start, {"category": category, "note": story.text}), city)
    at = start + pause(dice)
    while at < until and life.case.is_open and len(life.events) < _LONGEST:
        _ring(life, at, city)
        _step(life, at, city, on_duty, dice)
        at += pause(dice)
    _ring(life, until, city)
    return life


def _ring(life: Life, at: datetime, city: City) -> None:
    """Fire the clocks that fell due until then, the earliest first."""
    while (fires := life.case.fires) and fires <= at and len(life.events) < _LONGEST:
        clock = next(clock for clock in life.case.clocks if clock.fires == fires)
        life.go(Ask("breach", CLOCK, fires, {"clock": clock.key}), city)


def _step(life: Life, at: datetime, city: City, on_duty: Callable[[str], Sequence[Actor]], dice: random.Random) -> None:
    people = [actor for unit in sorted(life.case.hands) for actor in on_duty(unit)]
    people.append(Actor(reporter_of=_ITSELF, door="scan"))
    offers = [(actor, move.name) for actor in people for move in open_moves(life.case, actor, city)]
    choice = choose(life.case, offers, life.story, city, dice)
    if choice is None:
        return
    try:
        life.go(Ask(choice.move, choice.by, at, choice.facts, draw=dice.random()), city)
    except Refusal:
        return


def spread(dice: random.Random, until: datetime, days: int) -> datetime:
    """A moment in the last days, more of them lately."""
    return until - timedelta(days=days * float(dice.random() ** 3))
