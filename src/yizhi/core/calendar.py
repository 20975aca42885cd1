"""Time limits on the official calendar: from a start and a span to the moment when a clock runs out.

Minutes and hours run by the wall clock. Days and working days follow the Civil Code: the day of receipt is
not counted (article 201), and a limit ends with its last day (article 203): a limit in days at midnight,
moved on when that day is a day off; a limit in working days when the office closes. Nothing here reads the
time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

TimeUnit = Literal["minutes", "hours", "days", "workdays"]

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SATURDAY = 5
#: The last second, not the next midnight: the date that people read must be the last day itself.
_DAY_END = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a rule states it. `ValueError` when it is negative."""

    amount: int
    unit: TimeUnit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"A span cannot be negative: {self.amount} {self.unit}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Working days and office hours of one place.

    `holidays` are days off, weekends inside a holiday included; `makeup` are weekend days that are worked
    instead. After `known_until` no official calendar is published: Monday to Friday is assumed, and a due is
    provisional.
    """

    holidays: frozenset[date]
    makeup: frozenset[date]
    opens: time
    closes: time
    known_until: date
    zone: str = "Asia/Shanghai"

    def is_workday(self, day: date) -> bool:
        return day in self.makeup or (day.weekday() < _SATURDAY and day not in self.holidays)

    def is_provisional(self, day: date) -> bool:
        return day > self.known_until

    def is_open(self, at: datetime) -> bool:
        """Whether the office works at this moment."""
        local = self.local(at)
        return self.is_workday(local.date()) and self.opens <= local.time() < self.closes

    def local(self, at: datetime) -> datetime:
        """The moment on the clocks of this place; `ValueError` for a datetime without a zone."""
        if at.tzinfo is None:
            raise ValueError(f"A moment needs a time zone: {at.isoformat()}.")
        return at.astimezone(ZoneInfo(self.zone))

    def due(self, start: datetime, span: Span) -> datetime:
        """When a clock that starts at `start` runs out, in local time.

        0 working days is "the same day": today's closing time, or the next working day's when the office is
        closed for today.
        """
        local = self.local(start)
        match span.unit:
            case "minutes":
                return self.local(start.astimezone(UTC) + span.amount * _MINUTE)
            case "hours":
                return self.local(start.astimezone(UTC) + span.amount * 60 * _MINUTE)
            case "days":
                return self._at(self._workday_from(local.date() + span.amount * _DAY), _DAY_END)
            case "workdays":
                return self._at(self._nth_workday(local, span.amount), self.closes)

    def left(self, at: datetime, due: datetime, unit: TimeUnit) -> Span:
        """What remains of a limit when its clock is paused at `at`: the least that reaches `due` again.

        So `due(at, left(at, due, unit))` is never before `due`; nothing is left when it has passed. What remains
        of hours is told in minutes, so that pausing again and again gains no time.
        """
        exact: TimeUnit = "minutes" if unit == "hours" else unit
        if at >= due:
            return Span(0, exact)
        amount = self._between(self.local(at), self.local(due), exact) + 1
        while amount and self.due(at, Span(amount - 1, exact)) >= due:
            amount -= 1
        return Span(amount, exact)

    def _between(self, start: datetime, end: datetime, unit: TimeUnit) -> int:
        """Whole units from start to end; the day of `start` is not counted."""
        if unit == "minutes":
            return (end.astimezone(UTC) - start.astimezone(UTC)) // _MINUTE
        days = (end.date() - start.date()).days
        if unit == "days":
            return days
        return sum(self.is_workday(start.date() + n * _DAY) for n in range(1, days + 1))

    def _nth_workday(self, start: datetime, amount: int) -> date:
        day = start.date()
        if amount == 0:
            return self._workday_from(day if start.time() < self.closes else day + _DAY)
        for _ in range(amount):
            day = self._workday_from(day + _DAY)
        return day

    def _workday_from(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.zone))
