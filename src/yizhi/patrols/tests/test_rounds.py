"""Rounds: made for the day, gone through, ended; a finding is a report."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from yizhi.cases.testing import rows
from yizhi.core.errors import BadFact, KeyReused, MissingFact, NotFound
from yizhi.patrols import actions, queries, rules
from yizhi.patrols.actions import Finding
from yizhi.patrols.rules import HOWS
from yizhi.patrols.tests.helping import PLAN, Rounds
from yizhi.people.testing import COMMUNITY_DESK, GRID, GRID_UNIT, OTHER_GRID, SECOND_GRID
from yizhi.places.points.actions import PointRow


def states() -> list[str]:
    return [state for (state,) in rows("SELECT state FROM patrols_round ORDER BY id")]


def test_a_day_has_its_rounds_once_however_often_they_are_made(rounds: Rounds) -> None:
    assert states() == ["open", "open"], "two a day; no weekly one, for there is no lift"
    assert actions.make(rounds.at) == 0
    assert actions.make(rounds.at + timedelta(days=1)) == 2
    assert len(states()) == 4


def test_a_week_has_its_round_once(rounds: Rounds) -> None:
    actions.keep(None, PointRow("lift", GRID, "五号楼电梯"), by=rounds.town.cast.chen, at=rounds.at)
    assert actions.make(rounds.at) == 1
    ((first, last),) = rows("SELECT day, last FROM patrols_round WHERE plan = 'weekly'")
    assert (first.weekday(), (last - first).days) == (0, 6)


def test_one_tap_makes_the_round_and_every_place_of_it_is_seen(rounds: Rounds) -> None:
    number, wei = rounds.first(), rounds.town.cast.wei
    for _twice in range(2):
        actions.in_order(number, by=wei, at=rounds.at)
    assert sorted(states()) == ["made", "open"]
    assert rows("SELECT count(*) FROM places_point WHERE seen = %s", rounds.at) == [(2,)]
    assert rows("SELECT count(*) FROM patrols_sight") == [(0,)]


def test_place_by_place_ends_the_round_with_the_last(rounds: Rounds) -> None:
    number, wei = rounds.first(), rounds.town.cast.wei
    first, second = rounds.lanes
    actions.say(number, first, "fine", by=wei, at=rounds.at)
    with pytest.raises(BadFact):
        actions.say(number, second, "unreached", reason="lazy", by=wei, at=rounds.at)
    assert rounds.walk(number).left == 1
    for _twice in range(2):
        actions.say(number, second, "unreached", reason="locked", by=wei, at=rounds.at)
    assert rounds.walk(number).round.state == "made"
    assert rows("SELECT id FROM places_point WHERE seen IS NULL") == [(second,)]


def test_what_was_seen_later_stands_whatever_arrives_last(rounds: Rounds) -> None:
    number, wei, lane = rounds.first(), rounds.town.cast.wei, rounds.lanes[0]
    actions.say(number, lane, "unreached", reason="locked", by=wei, at=rounds.at)
    actions.say(number, lane, "fine", by=wei, at=rounds.at - timedelta(hours=1))
    seen = rounds.walk(number).stop(lane).seen
    assert seen is not None
    assert (seen.what, seen.at) == ("unreached", rounds.at)


def test_a_finding_is_a_report_with_the_place_filled_in(rounds: Rounds) -> None:
    number, wei, lane = rounds.first(), rounds.town.cast.wei, rounds.lanes[0]
    found = actions.find(number, lane, Finding("通道被锁", ""), by=wei, at=rounds.at, key="finding-1")
    again = actions.find(number, lane, Finding("通道被锁", ""), by=wei, at=rounds.at, key="finding-1")
    assert (again.receipt.number, again.receipt.replayed) == (found.receipt.number, True)
    assert rows("SELECT area, state ->> 'source' FROM cases_case") == [(GRID, "field")]
    assert rows("SELECT body FROM cases_text WHERE field = 'place'") == [("三号楼消防通道",)]
    seen = rounds.walk(number).stop(lane).seen
    assert seen is not None
    assert (seen.what, seen.number) == ("finding", found.receipt.number)
    actions.say(number, lane, "fine", by=wei, at=rounds.at)
    assert rounds.walk(number).stop(lane).seen == seen, "a finding stays one"
    with pytest.raises(KeyReused):
        actions.find(number, lane, Finding("别的问题", ""), by=wei, at=rounds.at, key="finding-1")


def test_what_was_put_right_on_the_spot_is_solved_where_the_grid_may(rounds: Rounds) -> None:
    number, wei = rounds.first(), rounds.town.cast.wei
    mine = Finding("通道停了车", "0401", "solved", "已请车主挪走")
    found = actions.find(number, rounds.lanes[0], mine, by=wei, at=rounds.at, key="finding-1")
    assert found.solved
    assert ("solve",) in rows("SELECT move FROM cases_event")
    theirs = Finding("消防门坏了", "", "solved", "先用绳子固定")
    found = actions.find(number, rounds.lanes[1], theirs, by=wei, at=rounds.at, key="finding-2")
    assert not found.solved
    assert any("先用绳子固定" in text for (text,) in rows("SELECT body FROM cases_text WHERE field = 'text'"))
    assert rounds.walk(number).round.state == "made"


def test_what_is_passed_on_lies_with_the_desk_and_what_one_sees_to_oneself_with_the_grid(rounds: Rounds) -> None:
    number, wei = rounds.first(), rounds.town.cast.wei
    ways = [
        actions.find(number, lane, Finding("通道停了车", "0401", how), by=wei, at=rounds.at, key=f"finding-{how}")
        for lane, how in zip(rounds.lanes, HOWS, strict=False)
    ]
    assert list(HOWS)[:2] == ["pass", "mine"]
    assert [found.holder for found in ways] == [COMMUNITY_DESK, GRID_UNIT]


def test_a_finding_without_words_is_refused_and_nothing_is_written(rounds: Rounds) -> None:
    number, wei = rounds.first(), rounds.town.cast.wei
    for bad in (Finding(" ", "", "solved", "好了"), Finding("通道被锁", "0401", "solved")):
        with pytest.raises(MissingFact):
            actions.find(number, rounds.lanes[0], bad, by=wei, at=rounds.at, key="finding-1")
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]
    assert rounds.walk(number).left == 2


def test_a_round_whose_day_is_over_ends_by_itself_and_may_be_explained(rounds: Rounds) -> None:
    number, wei = rounds.first(), rounds.town.cast.wei
    tomorrow = rounds.at + timedelta(days=1)
    assert actions.end(rounds.at) == 0
    assert actions.end(tomorrow) == 2
    assert states() == ["over", "over"]
    assert [one.id for one in queries.today(wei, tomorrow).unmade] == [number]
    with pytest.raises(BadFact):
        actions.explain(number, "lazy", by=wei, at=tomorrow)
    actions.explain(number, "weather", by=wei, at=tomorrow)
    ground = rules.ground(rounds.town.cast.chen, "points")
    assert queries.reasons(ground, "", localdate(rounds.at), localdate(rounds.at))[0][1] == 1
    actions.in_order(number, by=wei, at=tomorrow)
    assert states() == ["made", "over"], "what a phone without a net sends later counts"
    with pytest.raises(rules.RoundOver):
        actions.explain(number, "weather", by=wei, at=tomorrow)
    with pytest.raises(rules.LongOver):
        actions.in_order(number + 1, by=wei, at=rounds.at + timedelta(days=9))


def test_old_rounds_are_forgotten(rounds: Rounds) -> None:
    actions.say(rounds.first(), rounds.lanes[0], "fine", by=rounds.town.cast.wei, at=rounds.at)
    assert actions.forget(rounds.at + timedelta(days=PLAN.kept_days)) == 0
    assert actions.forget(rounds.at + timedelta(days=PLAN.kept_days + 1)) == 2
    assert rows("SELECT (SELECT count(*) FROM patrols_round), (SELECT count(*) FROM patrols_sight)") == [(0, 0)]


def test_a_place_that_is_withdrawn_is_on_no_round_any_more(rounds: Rounds) -> None:
    number, chen = rounds.first(), rounds.town.cast.chen
    actions.withdraw(rounds.lanes[0], by=chen, at=rounds.at)
    assert [stop.point.id for stop in rounds.walk(number).stops] == rounds.lanes[1:]
    with pytest.raises(NotFound):
        actions.say(number, rounds.lanes[0], "fine", by=rounds.town.cast.wei, at=rounds.at)


def test_whose_ground_it_is_not_finds_nothing(rounds: Rounds) -> None:
    number, cast = rounds.first(), rounds.town.cast
    for who in (cast.qiu, cast.ding, cast.jing):
        with pytest.raises(NotFound):
            queries.walk(who, number)
        with pytest.raises(NotFound):
            actions.in_order(number, by=who, at=rounds.at)
        with pytest.raises(NotFound):
            actions.explain(number, "weather", by=who, at=rounds.at)
    assert queries.today(cast.qiu, rounds.at).due == []
    with pytest.raises(BadFact):
        actions.keep(None, PointRow("lift", OTHER_GRID, "电梯"), by=cast.chen, at=rounds.at)
    with pytest.raises(NotFound):
        actions.withdraw(rounds.lanes[0], by=cast.qiu, at=rounds.at)


def test_the_desk_sees_which_rounds_wait_and_for_which_nobody_is_there(rounds: Rounds) -> None:
    chen = rounds.town.cast.chen
    actions.keep(None, PointRow("fire_lane", SECOND_GRID, "空岗网格的通道"), by=chen, at=rounds.at)
    actions.make(rounds.at)
    ground, today = rules.ground(chen, "points"), localdate(rounds.at)
    waiting = queries.waiting(ground, "", today, 10)
    assert [(one.area, one.count, one.staffed) for one in waiting] == [(SECOND_GRID, 2, False), (GRID, 2, True)]
    actions.in_order(rounds.first(), by=rounds.town.cast.wei, at=rounds.at)
    stands = {one.area: (one.made, one.asked) for one in queries.stands(ground, "", 15, today, today)}
    assert stands == {GRID: (1, 2), SECOND_GRID: (0, 2)}
    assert queries.stands(rules.ground(rounds.town.cast.qiu, "points"), "", 15, today, today) == []


def test_places_long_unseen_are_named_and_never_people(rounds: Rounds) -> None:
    chen, later = rounds.town.cast.chen, rounds.at + timedelta(days=PLAN.long_days + 1)
    actions.say(rounds.first(), rounds.lanes[0], "fine", by=rounds.town.cast.wei, at=rounds.at)
    ground = rules.ground(chen, "points")
    assert queries.long_unseen(ground, "", rounds.at) == []
    assert {one.id for one in queries.long_unseen(ground, "", later)} == set(rounds.lanes)
    columns = rows("SELECT column_name FROM information_schema.columns WHERE table_name LIKE 'patrols%%'")
    assert not {name for (name,) in columns} & {"account", "account_id", "by", "person"}
