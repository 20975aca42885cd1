"""The clocks of whole cases against a map of every minute: started, put off, taken up again, lengthened.

The map is the slow way that nobody can get wrong: 500 days, minute by minute, each marked when a day begins, when a
working day begins, when an office closes. A clock passes marks; what is left of it are the fewest marks that bring
the same promise again.
"""

import os
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random, SystemRandom
from zoneinfo import ZoneInfo

import pytest

from yizhi.core.actor import CLOCK
from yizhi.core.calendar import Calendar, Span, TimeUnit
from yizhi.core.case import Clock
from yizhi.core.city import City
from yizhi.core.loop import WHOLE_PAUSES
from yizhi.core.profile import ClockRule, Limits
from yizhi.core.testing import CHEN, CITY, DING, Walk

SEED = int(os.environ.get("YIZHI_SEED") or SystemRandom().randrange(10**9))
ZONE = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2027, 12, 1), 500
MIDNIGHT = datetime.combine(FIRST, time(), ZONE)
MINUTES_A_DAY = 24 * 60
EVERY = bytearray(b"\1" * DAYS * MINUTES_A_DAY)
LIMITS = Limits(suspensions=9, suspend_days=9999, extensions=9, extension_workdays=99)
GROUNDS = ("statutory_procedure", "appraisal", "weather", "reporter_asked", "funds_planned")
SPANS: tuple[tuple[TimeUnit, int], ...] = (("minutes", 900), ("hours", 120), ("days", 15), ("workdays", 15))


class Minutes:
    """Every minute of the map, counted from its first midnight."""

    def __init__(self, calendar: Calendar) -> None:
        self.day, self.workday, self.close = (bytearray(len(EVERY)) for _ in range(3))
        closes = calendar.closes.hour * 60 + calendar.closes.minute
        for n in range(DAYS):
            day, begins = FIRST + timedelta(days=n), n * MINUTES_A_DAY
            weekend = day.strftime("%a") in ("Sat", "Sun")
            works = day in calendar.makeup or not (weekend or day in calendar.holidays)
            self.day[begins] = 1
            self.workday[begins] = self.close[begins + closes] = works

    def marks(self, unit: TimeUnit) -> bytearray:
        return {"minutes": EVERY, "hours": EVERY, "days": self.day, "workdays": self.workday}[unit]

    def due(self, start: datetime, left: int, unit: TimeUnit) -> datetime:
        """Pass so many marks; then the day must end, or the office close."""
        at, marks = self.index(start), self.marks(unit)
        for _ in range(left):
            at = marks.index(1, at + 1)
        if unit == "days":
            works = self.workday.index(1, at - at % MINUTES_A_DAY)
            return self.moment(works + MINUTES_A_DAY) - timedelta(seconds=1)
        if unit == "workdays":
            at = self.close.index(1, at + 1)
        return self.moment(at)

    def left(self, at: datetime, due: datetime, unit: TimeUnit) -> int:
        """The fewest marks after which the due comes again, or later."""
        if unit in ("minutes", "hours"):
            return sum(EVERY[self.index(at) + 1 : self.index(due) + 1])
        return next(marks for marks in range(DAYS) if self.due(at, marks, unit) >= due)

    def index(self, at: datetime) -> int:
        return int((at - MIDNIGHT) / timedelta(minutes=1))

    def moment(self, index: int) -> datetime:
        return MIDNIGHT + timedelta(minutes=index)


@dataclass
class Told:
    """A clock by the map. `left` while it is put off."""

    minutes: Minutes
    unit: TimeUnit
    due: datetime
    left: int | None = None

    def pause(self, at: datetime) -> None:
        if at < self.due:
            self.left = self.minutes.left(at, self.due, self.unit)

    def resume(self, at: datetime) -> None:
        if self.left is not None:
            self.due, self.left = self.minutes.due(at, self.left, self.unit), None

    def lengthen(self, workdays: int) -> None:
        self.due = self.minutes.due(self.due, workdays, "workdays")

    def agrees(self, clock: Clock | None, at: datetime) -> bool:
        if clock is None or clock.left != self.left:
            return False
        if self.left is not None:
            return clock.fires is None
        return clock.due == self.due and (clock.fires == self.due or self.due <= at)


def any_calendar(rng: Random) -> Calendar:
    """Any weekdays off, any weekend days worked instead, any office hours."""
    days = [FIRST + timedelta(days=rng.randrange(400)) for _ in range(60)]
    makeup = frozenset(day for day in days[:25] if day.weekday() > 4)
    return Calendar(
        holidays=frozenset(days[25:]) - makeup,
        makeup=makeup,
        opens=time(8),
        closes=time(rng.randrange(12, 20), rng.choice((0, 30))),
        known_until=date(2028, 12, 31),
    )


def any_city(rng: Random) -> City:
    """Any figures for the clock over the work and the clock over the case."""
    spans = {name: rng.choice(SPANS) for name in ("handle", "whole")}

    def changed(rule: ClockRule) -> ClockRule:
        if rule.clock not in spans:
            return rule
        unit, most = spans[rule.clock]
        return replace(rule, span=replace(rule.span, amount=rng.randrange(most), unit=unit))

    rules = tuple(changed(rule) for rule in CITY.profile.clocks)
    return replace(CITY, profile=replace(CITY.profile, clocks=rules, calendar=any_calendar(rng), limits=LIMITS))


class Life:
    """One case in the hands of its unit, and the same two clocks by the map."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.walk = Walk(city=any_city(rng), at=MIDNIGHT + timedelta(minutes=rng.randrange(150 * MINUTES_A_DAY)))
        self.minutes = Minutes(self.walk.city.profile.calendar)
        self.walk.report(category="0401")
        self.whole = self._told("whole")
        self._later()
        self.walk.move(CHEN, "accept")
        self.walk.move(CHEN, "dispatch", unit="cityworks")
        self._later()
        self.walk.move(DING, "sign")
        self.handle = self._told("handle")

    def goes_on(self) -> None:
        self._later()
        self.rng.choice((self._put_off, self._put_off, self._lengthen))()

    def faults(self) -> list[str]:
        told = {"handle": self.handle, "whole": self.whole}
        clocks = {name: self.walk.case.clock(name) for name in told}
        return [f"{n}: {told[n]}, not {clocks[n]}" for n in told if not told[n].agrees(clocks[n], self.walk.at)]

    def _told(self, name: str) -> Told:
        rule = self.walk.city.profile.clock(name, kind="matter", category="0401", area=self.walk.case.area)
        assert rule is not None
        marks = rule.span.amount * (60 if rule.span.unit == "hours" else 1)
        return Told(self.minutes, rule.span.unit, self.minutes.due(self.walk.at, marks, rule.span.unit))

    def _later(self) -> datetime:
        return self.walk.pass_(minutes=self.rng.choice((0, 1, 59, 600, 1439, 1440, 4000)) + self.rng.randrange(60))

    def _put_off(self) -> None:
        ground, minutes = self.rng.choice(GROUNDS), self.rng.randrange(1, 30_000)
        until = self.walk.at + timedelta(minutes=minutes)
        self.walk.move(DING, "suspend", ground=ground, until=until, note="as told")
        self.handle.pause(self.walk.at)
        if ground in WHOLE_PAUSES:
            self.whole.pause(self.walk.at)
        assert not self.faults(), f"put off at {self.walk.at}: {self.faults()}"
        if self.rng.random() < 0.5:
            self.walk.at = until
            self.walk.move(CLOCK, "breach", clock="until")
        else:
            self.walk.pass_(minutes=self.rng.randrange(minutes))
            self.walk.move(DING, "resume")
        self.handle.resume(self.walk.at)
        self.whole.resume(self.walk.at)

    def _lengthen(self) -> None:
        workdays = self.rng.randrange(1, 9)
        self.walk.move(DING, "extend", workdays=workdays, note="as told")
        self._later()
        granted = self.rng.random() < 0.7
        self.walk.move(CHEN, "grant_extension", granted=granted)
        if granted:
            self.handle.lengthen(workdays)
            self.whole.lengthen(workdays)


def lives(count: int, seed: int) -> int:
    """So many cases, each checked after every change; the number of changes."""
    changes = 0
    for n in range(count):
        life = Life(Random(f"{seed}/{n}"))
        assert not life.faults(), f"YIZHI_SEED={seed}, case {n}: {life.faults()}"
        for _ in range(life.rng.randrange(6)):
            life.goes_on()
            changes += 1
            assert not life.faults(), f"YIZHI_SEED={seed}, case {n}, at {life.walk.at}: {life.faults()}"
    return changes


def test_the_clocks_of_cases_agree_with_a_map_of_every_minute() -> None:
    assert lives(1_500, SEED) > 1_500


@pytest.mark.soak
@pytest.mark.parametrize("n", range(10))
def test_the_clocks_of_ten_thousand_cases(n: int) -> None:
    lives(1_000, SEED + n)


def test_the_map_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a pause that gives a minute away is found."""
    left = Calendar.left

    def generous(calendar: Calendar, at: datetime, due: datetime, unit: TimeUnit) -> Span:
        span = left(calendar, at, due, unit)
        return replace(span, amount=span.amount + 1)

    monkeypatch.setattr(Calendar, "left", generous)
    with pytest.raises(AssertionError, match="handle"):
        lives(50, 1)
