"""Cases for the bench: some that lie there, some that are new, some whose clocks are about to fire."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings

from yizhi import sql
from yizhi.cases import city as cities
from yizhi.cases.actions.bulk import Past, copy_in
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.city import Ask
from yizhi.site import profiles
from yizhi.site.simulate.bulk import past
from yizhi.site.simulate.live import Life
from yizhi.site.simulate.stories import Story, stories

_DICE = random.Random(20260302)


@cache
def some_stories() -> list[Story]:
    found = stories(profiles.folder(settings.YIZHI_PROFILE))
    return [story for category in sorted(found) for story in found[category]]


def grids() -> list[str]:
    return [code for code in cities.current().town.area_names if len(code) == 15]


def sample(where: str, count: int, **values: object) -> list[str]:
    """Numbers of cases, picked over all that match."""
    statement = f"SELECT number FROM cases_case AS c WHERE {where} ORDER BY hashint8(id) LIMIT %(count)s"
    return [number for (number,) in sql.rows(statement, count=count, **values)]


@dataclass(frozen=True)
class Fresh:
    """A case just reported. `desk`: the unit that may accept it."""

    id: int
    number: str
    desk: str


def report(area: str, at: datetime) -> Past:
    """A fresh report, decided as any other."""
    story = _DICE.choice(some_stories())
    life = Life(Case(kind="matter", area=area, source="scan"), story)
    life.go(Ask("report", Actor(door="scan"), at, {"note": story.text}), cities.current())
    return past(life, 0)


def fresh(count: int, areas: Sequence[str], at: datetime) -> list[Fresh]:
    """New cases, written as `simulate --bulk` writes them."""
    row = sql.row("SELECT coalesce(max(id), 0) FROM cases_case")
    before = int(row[0]) if row else 0
    copy_in(report(_DICE.choice(areas), at) for _ in range(count))
    found = sql.rows("SELECT id, number, desk FROM cases_case WHERE id > %(before)s ORDER BY id", before=before)
    return [Fresh(*row) for row in found]


def ringing(moments: Iterator[datetime], areas: Sequence[str]) -> int:
    """New cases, each with a clock that fires at one of the moments; the lowest id of them."""
    row = sql.row("SELECT coalesce(max(id), 0) FROM cases_case")
    copy_in(_rings_at(moment, _DICE.choice(areas)) for moment in moments)
    return int(row[0]) + 1 if row else 1


def _rings_at(moment: datetime, area: str) -> Past:
    """Reported just so long ago that its first clock by the wall clock (to be on the spot) fires then."""
    trial = report(area, moment)
    waits = min(clock.due - clock.started for clock in trial.case.clocks if clock.unit in ("minutes", "hours"))
    found = report(area, moment - waits)
    if found.case.fires != moment:
        raise SystemExit(f"bench: no clock that fires at {moment}: {found.case.clocks}")
    return found
