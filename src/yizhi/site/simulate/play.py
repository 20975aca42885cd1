"""Playing cases in the order of time: somebody reports, the clocks run, each unit does what its seat suggests."""

import heapq
import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from django.conf import settings

from yizhi.cases import actions, queries
from yizhi.cases import city as cities
from yizhi.cases.actions import Contact, Report
from yizhi.core.actor import Actor, Door
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.errors import Refusal
from yizhi.core.standing import open_moves
from yizhi.people import queries as people
from yizhi.site import profiles, sample
from yizhi.site.simulate.choose import Choice, choose, pause
from yizhi.site.simulate.live import spread
from yizhi.site.simulate.stories import Story, stories
from yizhi.wishes.kinds import WISH

#: Where sample reports come from, and how often.
_SOURCES: dict[Door, int] = {"scan": 55, "field": 30, "desk": 15}


#: How much more likely a case lies near the sample seats than anywhere else.
_NEAR = 10


@dataclass
class Played:
    """A sample case and what it is about."""

    story: Story
    number: str = ""
    case_id: int = 0


@dataclass
class Player:
    """The sample city at work. `queue` holds what happens next, by time."""

    city: City
    tales: Mapping[str, list[Story]]
    dice: random.Random
    until: datetime
    near: str = ""  # the area where whoever looks around sits: it gets more than its share
    queue: list[tuple[datetime, int, Played]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    actors: dict[str, list[Actor]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grids = sorted(code for code in self.city.town.area_names if len(code) == 15)
        self.weights = [_NEAR if self.near and code.startswith(self.near) else 1 for code in self.grids]

    def later(self, life: Played, at: datetime) -> None:
        if at < self.until:
            heapq.heappush(self.queue, (at, next(self.order), life))

    def run(self) -> int:
        made = 0
        while self.queue:
            at, _, life = heapq.heappop(self.queue)
            actions.fire_due(at)
            if life.number:
                self._go_on(life, at)
            else:
                self._report(life, at)
                made += 1
        actions.fire_due(self.until)
        return made

    def _report(self, life: Played, at: datetime) -> None:
        source = self.dice.choices(list(_SOURCES), list(_SOURCES.values()))[0]
        grid = self.dice.choices(self.grids, self.weights)[0]
        staffed = self.on_duty(self._unit_of(grid, source))
        by = replace(self.dice.choice(staffed), door=source) if staffed and source != "scan" else Actor(door="scan")
        asked = self.dice.random() < 0.6
        wish = life.story.category in self.city.profile.wishes.categories and WISH.code in self.city.kinds
        report = Report(
            text=life.story.text,
            area=grid,
            place=life.story.place,
            category=life.story.category if wish or source != "scan" or self.dice.random() < 0.4 else "",
            kind=WISH.code if wish else "matter",
            source="wish" if wish else source,
            facts={"whose": self.dice.choice(("own", "own", "another"))} if wish else {},
            answerable=source == "scan" or asked,
            contact=Contact("王女士", "13800000000") if asked and source != "field" else Contact(),
        )
        receipt = actions.report(report, by=by, at=at, draw=self.dice.random())
        life.number, life.case_id = receipt.number, receipt.case_id
        self.later(life, at + pause(self.dice))

    def _unit_of(self, grid: str, source: str) -> str:
        unit = self.city.town.find("grid" if source == "field" else "desk", grid)
        return unit.code if unit else self.city.town.root

    def _go_on(self, life: Played, at: datetime) -> None:
        case = queries.state(life.case_id)
        step = self._choice(case, life)
        if step is None:
            return
        draw = self.dice.random()
        with suppress(Refusal):  # chosen, but not allowed after all: as in life, something else is tried later
            actions.move(life.number, step.move, step.facts, by=step.by, at=at, draw=draw)
        self.later(life, at + pause(self.dice))

    def _choice(self, case: Case, life: Played) -> Choice | None:
        reporter = Actor(reporter_of=life.case_id, door="scan")
        people_in_it = [actor for unit in sorted(case.hands) for actor in self.on_duty(unit)]
        offers = [
            (actor, move.name) for actor in [reporter, *people_in_it] for move in open_moves(case, actor, self.city)
        ]
        return choose(case, offers, life.story, self.city, self.dice)

    def on_duty(self, unit: str) -> list[Actor]:
        """The people who serve in a unit today."""
        if unit not in self.actors:
            accounts = {seat.account for seat in people.roster(unit, self.until) if seat.account}
            found = (people.actor_of(account, self.until, door="desk") for account in sorted(accounts))
            self.actors[unit] = [actor for actor in found if actor]
        return self.actors[unit]


def _where_one_sits(at: datetime) -> str:
    """The community of the first sample seat that lies in a grid."""
    for seat in sample.seats(profiles.folder(settings.YIZHI_PROFILE)):
        account = people.account_id(seat.login)
        actor = people.actor_of(account, at) if account else None
        for post in actor.posts if actor else ():
            for area in post.scope.include:
                if len(area) == 15:
                    return area[:12]
    return ""


def play(*, cases: int, days: int, seed: int, until: datetime) -> int:
    """Play `cases` sample cases over the last `days` days; the number made."""
    city, dice = cities.current(), random.Random(seed)
    tales = stories(profiles.folder(settings.YIZHI_PROFILE))
    player = Player(city, tales, dice, until, near=_where_one_sits(until))
    categories = sorted(tales)
    for _ in range(cases):
        story = dice.choice(tales[dice.choice(categories)])
        player.later(Played(story), spread(dice, until, days))
    return player.run()
