"""A report that turns out to be about a unit: what the unit had goes to the desk that commands it, and nothing it
could see is left with it."""

from datetime import timedelta

import pytest

from yizhi.core.case import Case
from yizhi.core.errors import AboutTheHighest, AboutThisUnit, LimitReached, NotAllowed
from yizhi.core.standing import open_moves, sees
from yizhi.core.testing import CHEN, CITY, DING, GAO, HE, JING, LIN, WEI, Walk


@pytest.fixture
def walk() -> Walk:
    return Walk()


def in_work(walk: Walk, **facts: object) -> Walk:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "dispatch", unit="cityworks", **facts)
    walk.move(DING, "sign")
    return walk


def owners(case: Case) -> set[str]:
    return {clock.owner for clock in case.clocks}


def test_the_lead_loses_it_to_the_desk_that_commands_it(walk: Walk) -> None:
    in_work(walk, assists=["police"])
    walk.move(DING, "extend", workdays=2, note="parts")
    case = walk.move(CHEN, "about", about=["cityworks"], note="they took money")
    assert (case.stage, case.holder, case.desk, case.lead) == ("accepted", "centre", "centre", "")
    assert walk.moves()[-3:] == ["release_assist", "grant_extension", "about"]
    assert not sees(case, DING, CITY)
    assert "cityworks" not in case.hands | owners(case)


def test_a_desk_that_is_complained_of_says_so_itself_and_sees_it_no_more(walk: Walk) -> None:
    walk.report()
    case = walk.move(CHEN, "about", about=["community"], note="it is about me")
    assert (case.stage, case.holder) == ("accepted", "street")
    assert owners(case) == {"street"}, "the team of the grid serves under that desk"
    assert [sees(case, who, CITY) for who in (CHEN, WEI, GAO)] == [False, False, True]


def test_the_work_goes_on_when_only_the_desk_is_complained_of(walk: Walk) -> None:
    in_work(walk)
    before = walk.clock("handle")
    case = walk.move(GAO, "about", about=["community"], note="the desk sent it round")
    assert (case.stage, case.holder, case.desk) == ("handling", "cityworks", "street")
    assert walk.clock("handle") == before
    assert walk.move(DING, "finish", result="solved", note="done").holder == "street"


def test_who_only_assists_is_released_and_the_rest_stays(walk: Walk) -> None:
    in_work(walk, assists=["police", "gas"])
    walk.move(CHEN, "whistle", units=["police", "gas"], note="at the gate")
    walk.move(CHEN, "consult", ground="legacy", units=["police"])
    walk.move(CHEN, "copy", units=["police"])
    case = walk.move(CHEN, "about", about=["police"], note="the officer is the landlord")
    assert (case.stage, case.holder, case.open_assists()) == ("handling", "cityworks", ("gas",))
    assert case.whistle is not None
    assert (case.whistle.units, case.consultation, case.copied) == (("gas",), None, ())
    assert walk.moves()[-4:] == ["release_assist", "conclude_whistle", "conclude_consult", "about"]
    assert not sees(case, JING, CITY)


def test_an_objection_goes_to_another_desk_to_decide(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "object", ground="no_power", note="clause 3")
    case = walk.move(CHEN, "about", about=["street2"], note="elsewhere")
    assert case.objection is not None
    case = walk.move(HE, "about", about=["street"], note="the street")
    assert case.objection is not None
    assert (case.desk, case.objection.desk, walk.clock("rule").owner) == ("centre", "centre", "centre")


def test_what_was_handed_in_is_checked_by_others_and_done_again_by_others(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "finish", result="solved", note="done")
    case = walk.move(CHEN, "about", about=["cityworks"], note="nothing was done")
    assert (case.stage, case.holder, case.lead) == ("handled", "community", "")
    case = walk.move(CHEN, "rework", note="not done")
    assert (case.stage, case.holder) == ("accepted", "community")


def test_self_handled_work_is_checked_after_all(walk: Walk) -> None:
    walk.report()
    walk.move(CHEN, "solve", category="0401", result="solved", note="swept")
    assert not walk.case.check
    case = walk.move(GAO, "about", about=["community"], note="they did not go")
    assert (case.stage, case.holder, case.check) == ("handled", "street", True)
    assert walk.clock("verify").owner == "street"


def test_also_after_the_end_nobody_there_sees_it_any_more(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "finish", result="solved", note="done")
    walk.move(CHEN, "verify")
    walk.move(LIN, "follow_up", answer="yes")
    ended = walk.case.moved
    walk.pass_(days=1)
    case = walk.move(GAO, "about", about=["community", "cityworks"], note="both")
    assert (case.stage, case.holder, case.desk, case.lead, case.moved) == ("closed", "street", "street", "", ended)
    assert not any(sees(case, who, CITY) for who in (CHEN, DING))
    assert walk.move(LIN, "reopen", note="again").holder == "street"


def test_a_clock_that_was_paused_goes_on_with_another_owner(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=20), note="frost")
    case = walk.move(GAO, "about", about=["community", "cityworks"], note="both")
    assert (case.stage, case.holder, owners(case)) == ("accepted", "centre", {"centre", "street"})
    assert walk.clock("whole").left is None


def test_nobody_may_be_called_who_is_kept_out(walk: Walk) -> None:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "about", about=["cityworks"], note="they took money")
    for unit in ("cityworks", "cityworks-north"):
        with pytest.raises(AboutThisUnit):
            walk.move(CHEN, "dispatch", unit=unit)


def test_the_mark_is_taken_back_by_a_desk_above_alone(walk: Walk) -> None:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "about", about=["cityworks"], note="they took money")
    with pytest.raises(NotAllowed):
        walk.move(CHEN, "not_about", note="it was another")
    case = walk.move(GAO, "not_about", note="it was another")
    assert (case.about, case.marked) == ((), ())
    assert walk.move(CHEN, "dispatch", unit="cityworks").holder == "cityworks"


def test_the_reporters_own_word_stands(walk: Walk) -> None:
    walk.case = Case(kind="matter", area=walk.case.area, source="scan", answerable=True, about=("gas",))
    walk.report()
    assert "not_about" not in {move.name for move in open_moves(walk.case, GAO, CITY)}
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "about", about=["cityworks"], note="and these")
    assert walk.move(GAO, "not_about", note="not these").about == ("gas",)


def test_the_highest_desk_takes_back_its_own(walk: Walk) -> None:
    in_work(walk)
    walk.move(HE, "about", about=["cityworks"], note="they took money")
    assert walk.case.desk == "centre"
    assert walk.move(HE, "not_about", note="it was another").about == ()


def test_the_root_cannot_be_kept_out(walk: Walk) -> None:
    walk.report()
    with pytest.raises(AboutTheHighest):
        walk.move(GAO, "about", about=["centre"], note="all of them")


def test_marking_and_taking_back_does_not_go_on_for_ever(walk: Walk) -> None:
    walk.report()
    for _ in range(CITY.profile.limits.marks):
        walk.move(CHEN, "about", about=["gas"], note="gas")
        walk.move(GAO, "not_about", note="no")
    with pytest.raises(LimitReached):
        walk.move(CHEN, "about", about=["gas"], note="gas")
