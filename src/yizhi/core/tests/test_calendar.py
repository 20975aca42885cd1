"""Every due against a list of all days, written out: the slow way that nobody can get wrong."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhi.core.calendar import Calendar, Span, TimeUnit
from yizhi.core.profile import load, profiles_folder

ZONE = ZoneInfo("Asia/Shanghai")
OFFICIAL = load(profiles_folder() / "bagongshan").calendar

#: The 15 months around two year ends and a leap day.
FIRST, LAST = date(2027, 12, 1), date(2029, 2, 28)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
#: Starts and spans stay far enough from the end that every due lies on the list.
moments = st.datetimes(datetime(2027, 12, 1), datetime(2028, 4, 30), timezones=st.just(ZONE))
amounts = st.integers(0, 60)
units: st.SearchStrategy[TimeUnit] = st.sampled_from(["minutes", "hours", "days", "workdays"])
spans = st.builds(Span, amounts, units)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any weekdays off, any weekend days worked instead."""
    off = draw(st.sets(st.sampled_from(DAYS[:300]), max_size=60))
    worked = draw(st.sets(st.sampled_from([day for day in DAYS if day.weekday() > 4]), max_size=20))
    return Calendar(
        holidays=frozenset(off - worked),
        makeup=frozenset(worked),
        opens=time(8),
        closes=time(17, 30),
        known_until=date(2028, 12, 31),
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def office_days(calendar: Calendar) -> list[date]:
    """All working days of the list, told one by one."""
    return [
        day
        for day in DAYS
        if day in calendar.makeup or (day.strftime("%a") not in ("Sat", "Sun") and day not in calendar.holidays)
    ]


def closings(calendar: Calendar) -> list[datetime]:
    return [datetime.combine(day, calendar.closes, ZONE) for day in office_days(calendar)]


@given(calendars(), moments)
def test_the_same_day_ends_with_the_first_closing_after_it(calendar: Calendar, start: datetime) -> None:
    assert calendar.due(start, Span(0, "workdays")) == min(t for t in closings(calendar) if t > start)


@given(calendars(), moments, st.integers(1, 60))
def test_working_days_end_when_the_nth_later_office_day_closes(
    calendar: Calendar, start: datetime, amount: int
) -> None:
    later = [moment for moment in closings(calendar) if moment.date() > start.date()]
    assert calendar.due(start, Span(amount, "workdays")) == later[amount - 1]


@given(calendars(), moments, amounts)
def test_days_end_with_their_last_day_or_the_office_day_after_it(
    calendar: Calendar, start: datetime, amount: int
) -> None:
    last = DAYS[DAYS.index(start.date()) + amount]
    expected = min(day for day in office_days(calendar) if day >= last)
    due = calendar.due(start, Span(amount, "days"))
    assert (due.date(), due.timetz().replace(tzinfo=None)) == (expected, time(23, 59, 59))


@given(calendars(), moments, amounts)
def test_minutes_and_hours_run_through_nights_and_holidays(calendar: Calendar, start: datetime, amount: int) -> None:
    moment = start.astimezone(UTC)
    for _ in range(amount):
        moment += timedelta(minutes=1)
    assert calendar.due(start, Span(amount, "minutes")) == moment
    assert calendar.due(start, Span(amount, "hours")) == start.astimezone(UTC) + timedelta(hours=amount)


@given(calendars(), moments, moments, spans)
def test_who_starts_later_is_never_due_earlier(calendar: Calendar, one: datetime, other: datetime, span: Span) -> None:
    assert calendar.due(min(one, other), span) <= calendar.due(max(one, other), span)


@given(calendars(), moments, spans, st.floats(0, 1))
def test_a_pause_gives_back_what_was_left(calendar: Calendar, start: datetime, span: Span, share: float) -> None:
    """Paused at any moment and resumed at once, days keep their due to the second, hours to the minute."""
    due = calendar.due(start, span)
    pause = start + (due - start) * share
    again = calendar.due(pause, calendar.left(pause, due, span.unit))
    slack = timedelta() if span.unit in ("days", "workdays") else timedelta(minutes=1)
    assert due <= again <= max(due, calendar.due(pause, Span(0, span.unit))) + slack


@given(calendars(), moments, spans, st.floats(0, 1))
def test_a_pause_gives_back_no_more_than_was_left(
    calendar: Calendar, start: datetime, span: Span, share: float
) -> None:
    due = calendar.due(start, span)
    pause = start + (due - start) * share
    left = calendar.left(pause, due, span.unit)
    assert left.amount == 0 or calendar.due(pause, Span(left.amount - 1, left.unit)) < due


@given(calendars(), moments, spans, st.timedeltas(timedelta(), timedelta(days=400)))
def test_nothing_is_left_of_a_limit_that_has_passed(
    calendar: Calendar, start: datetime, span: Span, late: timedelta
) -> None:
    due = calendar.due(start, span)
    assert calendar.left(due + late, due, span.unit).amount == 0


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-05-08 10:00", 0, "2026-05-08 17:30"),
        ("2026-05-08 17:29", 0, "2026-05-08 17:30"),
        ("2026-05-08 17:30", 0, "2026-05-09 17:30"),  # the Saturday is worked
        ("2026-05-09 18:00", 0, "2026-05-11 17:30"),
        ("2026-05-09 10:00", 1, "2026-05-11 17:30"),
        ("2026-02-13 10:00", 1, "2026-02-14 17:30"),  # the last working day before the Spring Festival
        ("2026-02-13 10:00", 2, "2026-02-24 17:30"),
        ("2026-02-20 10:00", 0, "2026-02-24 17:30"),
        ("2025-12-31 20:00", 0, "2026-01-04 17:30"),  # over the year's end, with a make-up Sunday
        ("2025-12-31 10:00", 1, "2026-01-04 17:30"),
        ("2026-09-30 10:00", 5, "2026-10-13 17:30"),  # Thursday 8, 9, make-up Saturday 10, 12, 13
        ("2028-02-28 10:00", 1, "2028-02-29 17:30"),
    ],
)
def test_working_days_of_the_official_calendar(start: str, amount: int, due: str) -> None:
    assert OFFICIAL.due(at(start), Span(amount, "workdays")) == at(due)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-05-06 10:00", 2, "2026-05-08 23:59:59"),
        ("2026-05-06 10:00", 3, "2026-05-09 23:59:59"),
        ("2026-05-06 10:00", 4, "2026-05-11 23:59:59"),  # the last day is a Sunday: article 203
        ("2026-02-01 10:00", 15, "2026-02-24 23:59:59"),
    ],
)
def test_days_by_the_civil_code(start: str, amount: int, due: str) -> None:
    assert OFFICIAL.due(at(start), Span(amount, "days")) == at(due)


def test_an_hour_is_an_hour_at_night_and_on_holidays() -> None:
    assert OFFICIAL.due(at("2026-02-17 23:30"), Span(1, "hours")) == at("2026-02-18 00:30")


def test_a_due_is_told_in_local_time() -> None:
    due = OFFICIAL.due(datetime(2026, 5, 8, 9, 0, tzinfo=UTC), Span(0, "workdays"))
    assert due.isoformat() == "2026-05-08T17:30:00+08:00"


def test_hours_are_real_hours_where_clocks_are_changed() -> None:
    """Not in China any more; the zone is the profile's."""
    calendar = Calendar(
        holidays=frozenset(), makeup=frozenset(), opens=time(8), closes=time(17),
        known_until=date(2026, 12, 31), zone="Europe/Berlin",
    )  # fmt: skip
    start = datetime(2026, 3, 28, 23, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert calendar.due(start, Span(24, "hours")).astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24)


def test_the_calendar_is_provisional_once_it_is_no_longer_published() -> None:
    assert not OFFICIAL.is_provisional(date(2026, 12, 31))
    assert OFFICIAL.is_provisional(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-05-09 08:00", True),
        ("2026-05-09 17:29", True),
        ("2026-05-09 17:30", False),
        ("2026-05-08 07:59", False),
        ("2026-05-10 10:00", False),
    ],
)
def test_office_hours(moment: str, is_open: bool) -> None:
    assert OFFICIAL.is_open(at(moment)) is is_open


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICIAL.due(datetime(2026, 5, 8, 9, 0), Span(1, "hours"))


def test_a_negative_span_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Span(-1, "days")
