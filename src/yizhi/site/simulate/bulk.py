"""`yizhi simulate --bulk`: a city's past in minutes, for measuring.

Some hundred lives are played in memory; each is then told again and again under other dates. Shifting by whole weeks
keeps the days of the week; what was decided stays decided.
"""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

import msgspec
from django.conf import settings

from yizhi.cases import city as cities
from yizhi.cases.actions.bulk import Past, copy_in
from yizhi.cases.actions.writing import Words
from yizhi.core.actor import Actor
from yizhi.core.case import Case, Event, restore_event
from yizhi.people import queries as people
from yizhi.site import profiles
from yizhi.site.simulate.live import Life, live
from yizhi.site.simulate.stories import stories

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?=T)")
_WEEK = timedelta(weeks=1)
_WEEKS_BACK = 100


def fill(*, cases: int, lives: int, seed: int, until: datetime) -> int:
    """Write `cases` cases, told from `lives` different ones; the number written."""
    dice = random.Random(seed)
    city = cities.current()
    told = list(_lives(lives, dice, until))
    prefix = f"{city.profile.number_prefix}{city.profile.calendar.local(until):%y%m%d}B"
    return copy_in(_past(told, f"{prefix}{number:07d}", dice) for number in range(cases))


def _lives(count: int, dice: random.Random, until: datetime) -> Iterator[Life]:
    city = cities.current()
    tales = stories(profiles.folder(settings.YIZHI_PROFILE))
    grids = [code for code in city.town.area_names if len(code) == 15]

    @cache
    def on_duty(unit: str) -> Sequence[Actor]:
        accounts = sorted({seat.account for seat in people.roster(unit, until) if seat.account})
        found = (people.actor_of(account, until, door="desk") for account in accounts)
        return [actor for actor in found if actor]

    for _ in range(count):
        story = dice.choice(tales[dice.choice(sorted(tales))])
        start = until - timedelta(days=21) * dice.random()
        yield live(story, dice.choice(grids), city, on_duty, dice, start=start, until=until)


def _past(told: Sequence[Life], number: str, dice: random.Random) -> Past:
    """A life under another date: ended ones long ago, open ones of late, so that desks hold what desks hold."""
    life = dice.choice(told)
    weeks = 0 if life.case.is_open else dice.randrange(_WEEKS_BACK)
    case, events = _shifted(life, weeks)
    words = {seq: Words("note", note) for seq, note in life.words.items()}
    words[1] = Words("text", life.story.text, searched=True)
    return Past(number, case, events, words, cities.profile().version)


def _shifted(life: Life, weeks: int) -> tuple[Case, tuple[Event, ...]]:
    if not weeks:
        return life.case, tuple(life.events)
    text = msgspec.json.encode([life.case, *life.events]).decode()
    moved = _DATE.sub(lambda found: _earlier(found[0], weeks), text)
    case, *events = msgspec.json.decode(moved)
    return msgspec.convert(case, Case), tuple(restore_event(event) for event in events)


@lru_cache(maxsize=100_000)
def _earlier(day: str, weeks: int) -> str:
    return (date.fromisoformat(day) - weeks * _WEEK).isoformat()
