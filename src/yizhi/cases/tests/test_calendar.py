"""Holidays that the office enters: who may, what they change, what they leave alone."""

from datetime import date, timedelta

import pytest

from yizhi.cases.actions import Day, clear_day, recalendar, set_days
from yizhi.cases.testing import Town, rows
from yizhi.core.admin import ForAdministrators
from yizhi.notices.actions import Subscriber, drain
from yizhi.people.testing import URBAN, make_admins

CLOSED = Day(date(2026, 3, 4), works=False, name="临时放假", source="区政府办公室通知")
SUBSCRIBER = Subscriber("calendar", recalendar)


def under_way(town: Town) -> Town:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "sign")
    return town


def test_a_new_holiday_moves_what_was_promised(town: Town) -> None:
    under_way(town)
    before = town.case().clock("handle")
    admin = make_admins()["system"]
    set_days([CLOSED], by=admin, at=town.at)
    drain(SUBSCRIBER, town.at)
    after = town.case().clock("handle")
    assert before is not None
    assert after is not None
    assert after.due - before.due == timedelta(days=1), "the closed Wednesday does not count"
    assert rows("SELECT move, door FROM cases_event ORDER BY id DESC LIMIT 1") == [("recalendar", "rule")]
    assert rows(
        "SELECT due = (SELECT min((c->>'due')::timestamptz) FROM jsonb_array_elements(state->'clocks') c)"
        " FROM cases_case"
    ) == [(True,)]


def test_doing_it_again_changes_nothing(town: Town) -> None:
    under_way(town)
    admin = make_admins()["system"]
    for _ in range(2):
        set_days([CLOSED], by=admin, at=town.at)
        drain(SUBSCRIBER, town.at)
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'recalendar'") == [(1,)]
    clear_day(CLOSED.day, by=admin, at=town.at)
    drain(SUBSCRIBER, town.at)
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'recalendar'") == [(2,)]


def test_only_the_system_administrator_may(town: Town) -> None:
    for other in (town.cast.he, make_admins()["security"]):
        with pytest.raises(ForAdministrators):
            set_days([CLOSED], by=other, at=town.at)


def test_a_worked_sunday_counts(town: Town) -> None:
    admin = make_admins()["system"]
    set_days([Day(date(2026, 3, 8), works=True, name="调休上班", source="国办发明电")], by=admin, at=town.at)
    under_way(town)
    handle = town.case().clock("handle")
    assert handle is not None
    assert handle.due.date() == date(2026, 3, 8), "five working days after Monday, the Sunday among them"
