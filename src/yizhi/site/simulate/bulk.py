"""`yizhi simulate --bulk`: a city's past in minutes, for measuring.

Some hundred lives are played in memory; each is then told again and again under other dates. Shifting by whole weeks
keeps the days of the week; what was decided stays decided.
"""

import random
import re
import subprocess
import sys
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


def fill(*, cases: int, lives: int, seed: int, until: datetime, processes: int = 1) -> int:
    """Write `cases` cases, told from `lives` different ones; the number written. Each process plays its own lives
    and tells its share of the cases. Raises `subprocess.CalledProcessError` when another process failed."""
    shares = [cases // processes + (number < cases % processes) for number in range(processes)]
    others = [_start(share, lives // processes, seed + number) for number, share in enumerate(shares[1:], start=1)]
    dice = random.Random(seed)
    written = copy_in(_told(list(_lives(lives // processes, dice, until)), shares[0], dice))
    for other in others:
        if other.wait():
            raise subprocess.CalledProcessError(other.returncode, other.args)
    return written + sum(shares[1:])


def _start(cases: int, lives: int, seed: int) -> subprocess.Popen[bytes]:
    wanted = {"bulk": cases, "lives": lives, "seed": seed, "processes": 1}
    options = [f"--{name}={value}" for name, value in wanted.items()]
    return subprocess.Popen([sys.executable, "-m", "yizhi", "simulate", *options], stdout=subprocess.DEVNULL)


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


def _told(lives: Sequence[Life], count: int, dice: random.Random) -> Iterator[Past]:
    """Ended lives under many dates, open ones of late, so that desks hold what desks hold; the oldest week first and
    mixed within it, as a city's rows lie."""

    @lru_cache(maxsize=len(lives))
    def told(life: int, weeks: int) -> Past:
        return past(lives[life], weeks)

    chosen = dice.choices(range(len(lives)), k=count)
    weeks = [0 if lives[life].case.is_open else dice.randrange(_WEEKS_BACK) for life in chosen]
    for place in sorted(range(count), key=lambda place: -weeks[place]):
        yield told(chosen[place], weeks[place])


def past(life: Life, weeks: int) -> Past:
    """A life under another date."""
    profile = cities.profile()
    case, events = _shifted(life, weeks)
    words = {seq: Words("note", note) for seq, note in life.words.items()}
    words[1] = Words("text", life.story.text, searched=True)
    prefix = f"{profile.number_prefix}{profile.calendar.local(events[0].recorded):%y%m%d}"
    return Past(prefix, case, events, words, profile.version)


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
