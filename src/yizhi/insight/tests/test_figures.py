"""Every number equals the full count, whoever asks, after any life."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from yizhi import sql
from yizhi.cases import city
from yizhi.cases.testing import Town, rows
from yizhi.cases.testing import town as town  # the fixture
from yizhi.core.actor import Actor
from yizhi.insight import actions, queries
from yizhi.insight.queries import Wanted
from yizhi.insight.queries.lists import _marked
from yizhi.insight.queries.numbers import FALLS_DUE_COUNTED
from yizhi.insight.rules import KNOWN, Period
from yizhi.insight.tests.life import Life
from yizhi.insight.tests.recount import everything, members, sizes
from yizhi.people.testing import COMMUNITY, DISTRICT, GRID, OTHER_STREET, STREET, URBAN


def caught_up(town: Town) -> None:
    while actions.follow(town.at):
        pass


def periods(town: Town) -> Iterator[Period]:
    today = town.at.date()
    yield Period("week", today - timedelta(days=6), today)
    yield Period("custom", today - timedelta(days=60), today - timedelta(days=9))


def assert_equal(who: Actor, town: Town) -> None:
    """Of every area, split by area and by unit, over two periods; and the list behind each number."""
    cases = everything()
    for period in periods(town):
        for area in ("", DISTRICT, STREET, OTHER_STREET, COMMUNITY, GRID):
            for own in (False, True):
                wanted = Wanted(area, period, own=own)
                found = members(who, wanted, town.at, cases)
                assert_same(queries.numbers(who, wanted, at=town.at), sizes(found), wanted)
            for code, told in queries.by_area(who, Wanted(area, period), at=town.at):
                assert_same(told, sizes(members(who, Wanted(code, period), town.at, cases)), (area, code))
        for unit, told in queries.by_unit(who, Wanted(DISTRICT, period), at=town.at):
            wanted = Wanted(DISTRICT, period, unit=unit)
            assert_same(told, sizes(members(who, wanted, town.at, cases)), wanted)


def assert_same(told: queries.Numbers, counted: dict[str, int], where: object) -> None:
    assert {what: told[what] for what in KNOWN if told[what]} == dict(counted), where


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_number_equals_the_full_count(town: Town, seed: int) -> None:
    life = Life(town, seed)
    life.bring_in(25)
    for _ in range(3):
        life.live(60)
        caught_up(town)
        for who in (town.cast.he, town.cast.gao, town.cast.qiu, town.cast.jing):
            assert_equal(who, town)
    assert queries.differences() == (0, 0)


def test_every_list_holds_the_cases_of_its_number(town: Town) -> None:
    life = Life(town, 4)
    life.bring_in(20)
    life.live(120)
    caught_up(town)
    cases, period = everything(), next(periods(town))
    some = False
    for who in (town.cast.he, town.cast.jing):
        for wanted in (Wanted(STREET, period), Wanted(DISTRICT, period, unit=URBAN), Wanted(STREET, period, own=True)):
            found = members(who, wanted, town.at, cases)
            for what in sorted(KNOWN):
                shown, more = queries.cases(who, wanted, what, at=town.at)
                assert {row.id for row in shown} == found[what] or more, (what, wanted)
                some = some or bool(shown)
    assert some


def plan_of(statement: str, **values: Any) -> str:
    """Where only an index can be read that fits what is asked: whatever the planner makes of so small a table."""
    for way in ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan"):
        sql.run(f"SET LOCAL {way} = off")
    return "\n".join(line for (line,) in sql.rows(f"EXPLAIN (COSTS off) {statement}", **values))


def test_what_has_been_done_long_ago_is_not_read_again(town: Town) -> None:
    """The counts of old quarters of an hour stay, and hold nothing."""
    assert "count_due" in plan_of(f"SELECT n FROM insight_count AS n WHERE {FALLS_DUE_COUNTED}")


@pytest.mark.parametrize("what", ["open", "new"])
def test_the_list_of_a_street_does_not_read_the_district(town: Town, what: str) -> None:
    which, values = _marked(town.cast.he, Wanted(STREET, next(periods(town))), what, city.current(), town.at)
    plan = plan_of(f"SELECT case_id FROM insight_mark AS m WHERE {which}", **values)
    asked = [line for line in plan.splitlines() if "Index Cond" in line]
    assert any("area >=" in line for line in asked), plan


def test_who_looks_after_nothing_counts_nothing(town: Town) -> None:
    town.report()
    caught_up(town)
    period = next(periods(town))
    for who in (Actor(), town.lin):
        assert queries.numbers(who, Wanted(DISTRICT, period), at=town.at)["new"] == 0
        assert queries.by_unit(who, Wanted(DISTRICT, period), at=town.at) == []
    assert queries.numbers(town.cast.qiu, Wanted(STREET, period), at=town.at)["new"] == 0


def test_a_case_about_a_unit_counts_for_all_but_that_unit(town: Town) -> None:
    town.report(about=(URBAN,))
    caught_up(town)
    wanted = Wanted(DISTRICT, next(periods(town)))
    assert queries.numbers(town.cast.he, wanted, at=town.at)["new"] == 1
    assert queries.numbers(town.cast.ding, wanted, at=town.at)["new"] == 0
    assert queries.by_unit(town.cast.ding, wanted, at=town.at) == []
    assert queries.cases(town.cast.ding, wanted, "new", at=town.at) == ([], False)
    assert rows("SELECT count(*) FROM insight_count") == [(0,)]


def test_a_secret_case_counts_for_nobody(town: Town) -> None:
    town.report()
    rows("UPDATE cases_case SET secret = true")
    caught_up(town)
    assert rows("SELECT count(*) FROM insight_mark") == [(0,)]
