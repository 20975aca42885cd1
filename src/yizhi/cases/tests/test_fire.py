"""Clocks in the database: what is due fires once, in order, and one bad case stops nobody."""

from datetime import timedelta

from django.db import connection

from yizhi.cases.actions import fire_due
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import DISTRICT_DESK, STREET_DESK

MOVES = "SELECT move FROM cases_event ORDER BY id"


def test_nothing_fires_early(town: Town) -> None:
    town.report()
    assert fire_due(town.at + timedelta(minutes=59)) == 0


def test_a_late_team_is_noted_once(town: Town) -> None:
    town.report()
    town.pass_(hours=1)
    assert fire_due(town.at) == 1
    assert fire_due(town.at) == 0
    assert [move for (move,) in rows(MOVES)] == ["report", "breach"]
    ((facts,),) = rows("SELECT facts->>'owner' FROM cases_event WHERE move = 'breach'")
    assert facts == "grid-1"


def test_a_silent_desk_loses_the_case_to_the_one_above(town: Town) -> None:
    town.report()
    town.pass_(hours=3)
    fire_due(town.at)
    assert town.case().holder == STREET_DESK
    for _ in range(40):
        town.pass_(hours=6)
        fire_due(town.at)
    case = town.case()
    assert case.holder == DISTRICT_DESK, "in the end with the root"
    assert case.fires is not None, "whose clock goes on ringing"


def test_one_broken_case_does_not_stop_the_others(town: Town) -> None:
    broken = town.report()
    town.report("另一件")
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE cases_case SET state = state || \'{"clocks": "broken"}\' WHERE id = %s', [broken.case_id]
        )
    town.pass_(hours=1)
    fire_due(town.at)
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'breach'") == [(1,)]
    assert rows("SELECT fires FROM cases_case WHERE id = %s", broken.case_id) == [(town.at + timedelta(hours=1),)]
