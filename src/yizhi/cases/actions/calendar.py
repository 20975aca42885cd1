"""Holidays entered by the office, and what they change for cases that are under way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import msgspec
from django.db import transaction

from yizhi import sql
from yizhi.cases import city as cities
from yizhi.cases.actions.deciding import write
from yizhi.cases.actions.locking import lock
from yizhi.core.actor import RULE, Actor
from yizhi.core.admin import require
from yizhi.core.calendar import Calendar
from yizhi.core.city import Ask
from yizhi.core.decide import decide


@dataclass(frozen=True, slots=True)
class Day:
    """A day off, or (`works`) a weekend day that is worked; `source` is the notice that says so."""

    day: date
    works: bool
    name: str
    source: str


_SET = """
INSERT INTO cases_calendarday (day, works, name, source) VALUES (%(day)s, %(works)s, %(name)s, %(source)s)
ON CONFLICT (day) DO UPDATE SET works = excluded.works, name = excluded.name, source = excluded.source
"""

_LATER = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
VALUES ('calendar', 'calendar', %(before)s, %(at)s, %(at)s, 0, '')
"""


@transaction.atomic
def set_days(days: Iterable[Day], *, by: Actor, at: datetime) -> None:
    """Enter days; cases under way are promised anew by the worker. Raises `ForAdministrators`."""
    require(by, "system")
    before = cities.calendar()
    for day in days:
        sql.run(_SET, day=day.day, works=day.works, name=day.name, source=day.source)
    _later(before, at)


@transaction.atomic
def clear_day(day: date, *, by: Actor, at: datetime) -> None:
    """Take a day back: the profile's own calendar holds again."""
    require(by, "system")
    before = cities.calendar()
    sql.run("DELETE FROM cases_calendarday WHERE day = %(day)s", day=day)
    _later(before, at)


def _later(before: Calendar, at: datetime) -> None:
    sql.run(_LATER, before=msgspec.json.encode(before).decode(), at=at)


_UNDER_WAY = "SELECT id FROM cases_case WHERE fires IS NOT NULL AND id > %(after)s ORDER BY id LIMIT 500"


def recalendar(payload: dict[str, Any], at: datetime) -> None:
    """What the outbox brings: every case under way, case by case; doing it again changes nothing."""
    before, last = _calendar(payload), 0
    while found := sql.rows(_UNDER_WAY, after=last):
        for (last,) in found:
            with transaction.atomic():
                _promise_anew(last, before, at)


def _promise_anew(case_id: int, before: Calendar, at: datetime) -> None:
    found = lock(case_id, RULE)
    if not found.case.is_open:
        return
    ask = Ask("recalendar", RULE, at, {"before": before})
    events = decide(found.case, ask, found.city)
    if events[0].puts:
        write(found, events, ask)


def _calendar(payload: dict[str, Any]) -> Calendar:
    dates = {name: frozenset(date.fromisoformat(day) for day in payload[name]) for name in ("holidays", "makeup")}
    return Calendar(
        **dates,
        opens=time.fromisoformat(payload["opens"]),
        closes=time.fromisoformat(payload["closes"]),
        known_until=date.fromisoformat(payload["known_until"]),
        zone=payload["zone"],
    )
