"""The ways of a case, told move by move."""

from datetime import timedelta

import pytest

from yizhi.core.actor import CLOCK
from yizhi.core.case import Case, Objection, Whistle, fold, plain, restore_case, restore_event
from yizhi.core.errors import (
    AboutThisUnit,
    BadFact,
    IllegalMove,
    LimitReached,
    MissingFact,
    NeedsSecondPerson,
    NotAllowed,
    NotYetDone,
    NotYourDuty,
    TooLate,
)
from yizhi.core.testing import CHEN, CITY, DING, GAO, GRID, HE, JING, LIN, QIU, WEI, Walk, actor

NORTH = actor(8, "cityworks-north")
GAS = actor(9, "gas")


@pytest.fixture
def walk() -> Walk:
    return Walk()


def dispatched(walk: Walk, unit: str = "cityworks", **facts: object) -> Walk:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "dispatch", unit=unit, **facts)
    return walk


def handled(walk: Walk) -> Walk:
    dispatched(walk)
    walk.move(DING, "sign")
    walk.move(DING, "finish", result="solved", note="cleared")
    return walk


def test_a_matter_goes_round_to_the_one_who_raised_it(walk: Walk) -> None:
    handled(walk)
    assert (walk.case.stage, walk.case.holder) == ("handled", "community")
    walk.move(CHEN, "verify")
    walk.move(LIN, "follow_up", answer="yes")
    assert walk.case.stage == "closed"
    assert walk.case.satisfied is True
    assert walk.case.clocks == ()
    assert walk.moves() == ["report", "accept", "dispatch", "sign", "finish", "verify", "follow_up"]


def test_a_known_category_lies_first_with_the_grid_that_may_solve_it(walk: Walk) -> None:
    assert walk.report(category="0401").holder == "grid"
    walk.move(WEI, "solve", result="solved", note="swept")
    assert (walk.case.stage, walk.case.check, walk.case.holder) == ("handled", False, "community")
    assert walk.move(LIN, "follow_up", answer="yes").stage == "closed"


def test_a_self_solved_case_in_the_sample_is_checked_first(walk: Walk) -> None:
    walk.report(category="0401")
    walk.move(WEI, "solve", result="solved", note="swept", draw=0.05)
    with pytest.raises(IllegalMove):
        walk.move(LIN, "follow_up", answer="yes")
    walk.move(CHEN, "verify")
    assert walk.move(LIN, "follow_up", answer="yes").stage == "closed"


def test_what_nobody_raised_needs_no_call_back(walk: Walk) -> None:
    walk.case = Case(kind="matter", area=GRID, source="field")
    walk.report(WEI, category="0401")
    walk.move(WEI, "solve", result="solved", note="swept")
    assert walk.case.stage == "closed"
    assert walk.case.satisfied is None
    assert walk.log[-1].facts["answer"] == "nobody_to_ask"


def test_a_police_matter_goes_straight_to_the_station(walk: Walk) -> None:
    walk.report(category="0201")
    assert (walk.case.stage, walk.case.holder, walk.case.kind) == ("dispatched", "police", "police")
    assert walk.log[-1].facts["rule"] == "police"
    walk.move(JING, "sign")
    walk.move(JING, "arrive")
    assert walk.case.clock("arrive") is None


def test_every_open_stage_has_one_clock_of_its_own(walk: Walk) -> None:
    walk.report()
    assert {clock.key for clock in walk.case.clocks} == {"accept", "whole", "arrive", "reply"}
    assert walk.clock("arrive").owner == "grid"
    assert walk.clock("reply").owner == "street"
    walk.move(CHEN, "accept", category="0401")
    assert walk.case.clock("accept") is None
    assert walk.clock("dispatch").owner == "community"


def test_three_circles_grid_community_street_district(walk: Walk) -> None:
    walk.report(category="0401")
    for actor_, desk in ((WEI, "community"), (CHEN, "street"), (GAO, "centre")):
        walk.move(actor_, "escalate", note="too big for us")
        assert (walk.case.stage, walk.case.holder) == ("accepted", desk)
    with pytest.raises(IllegalMove):
        walk.move(HE, "escalate", note="nobody above")


def test_the_third_return_becomes_an_objection(walk: Walk) -> None:
    dispatched(walk)
    for _ in range(2):
        walk.move(DING, "send_back", ground="wrong_place", note="not here")
        walk.move(CHEN, "dispatch", unit="cityworks")
    walk.move(DING, "send_back", ground="wrong_place", note="not here")
    assert walk.case.stage == "dispatched"
    assert walk.case.objection == Objection(unit="cityworks", desk="street", ground="wrong_place")
    assert walk.log[-1].move == "object"


def test_a_ruling_is_final(walk: Walk) -> None:
    dispatched(walk)
    walk.move(DING, "object", ground="not_our_duty", note="clause 3")
    with pytest.raises(NotAllowed):
        walk.move(CHEN, "rule", upheld=True, unit="gas", note="so be it")
    walk.move(GAO, "rule", upheld=True, unit="gas", note="gas does it")
    assert (walk.case.holder, walk.case.final) == ("gas", True)
    for move in ("object", "send_back"):
        with pytest.raises(IllegalMove):
            walk.move(GAS, move, ground="not_our_duty", note="no")


def test_an_objection_does_not_stop_the_clocks(walk: Walk) -> None:
    dispatched(walk)
    before = walk.case.clock("sign")
    walk.move(DING, "object", ground="not_our_duty", note="clause 3")
    assert walk.case.clock("sign") == before


def test_the_duty_list_refuses_to_push_a_departments_matter_down(walk: Walk) -> None:
    walk.report()
    walk.move(CHEN, "accept", category="0101")
    with pytest.raises(NotYourDuty) as refused:
        walk.move(CHEN, "dispatch", unit="grid")
    assert "sample 1.1" in str(refused.value)
    assert walk.move(CHEN, "dispatch", unit="gas").holder == "gas"


def test_nobody_assigns_upward(walk: Walk) -> None:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    with pytest.raises(BadFact):
        walk.move(CHEN, "dispatch", unit="street")


def test_assistants_must_be_done_or_released_before_the_result(walk: Walk) -> None:
    dispatched(walk, assists=["police", "gas"])
    walk.move(DING, "sign")
    assert walk.case.clock("assist:police") is not None
    with pytest.raises(NotYetDone):
        walk.move(DING, "finish", result="solved", note="done")
    walk.move(JING, "assist_done", note="fined")
    walk.move(DING, "release_assist", units=["gas"])
    assert walk.move(DING, "finish", result="solved", note="done").stage == "handled"


def test_going_up_ends_what_hangs_on_the_work_each_with_an_event(walk: Walk) -> None:
    dispatched(walk, assists=["police"])
    walk.move(DING, "sign")
    walk.move(CHEN, "whistle", units=["gas", "police"], note="at the gate")
    walk.move(DING, "extend", workdays=3, note="parts")
    walk.move(DING, "escalate", note="no power")
    assert walk.moves()[-4:] == ["release_assist", "conclude_whistle", "grant_extension", "escalate"]
    assert (walk.case.assists, walk.case.whistle, walk.case.extension) == ((), None, None)
    assert {clock.name for clock in walk.case.clocks} == {"dispatch", "whole", "arrive", "reply"}


def test_whistle_counts_who_came(walk: Walk) -> None:
    dispatched(walk)
    walk.move(CHEN, "whistle", units=["police", "gas"], note="blocked lane")
    walk.move(JING, "report_in")
    assert walk.case.whistle == Whistle(unit="community", units=("police", "gas"), arrived=("police",))
    with pytest.raises(NotAllowed):
        walk.move(JING, "report_in")
    walk.pass_(hours=2)
    walk.move(CLOCK, "breach", clock="arrive_by:gas")
    assert walk.clock("arrive_by:gas").fires is None
    walk.move(CHEN, "conclude_whistle", note="lane free")
    assert walk.case.clock("arrive_by:gas") is None


def test_a_consultation_names_the_lead_for_good(walk: Walk) -> None:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "consult", ground="ownership_unclear", units=["gas", "cityworks"])
    walk.move(GAS, "opine", note="not ours")
    walk.move(CHEN, "conclude_consult", unit="gas", note="gas leads")
    assert (walk.case.stage, walk.case.holder, walk.case.final) == ("dispatched", "gas", True)


def test_a_pause_stops_the_work_clock_and_is_capped(walk: Walk) -> None:
    dispatched(walk)
    walk.move(DING, "sign")
    due = walk.clock("handle").due
    until = walk.at + timedelta(days=30)
    walk.move(DING, "suspend", ground="weather", until=until, note="frost")
    assert walk.clock("handle").fires is None
    assert walk.case.due == walk.clock("arrive").due
    walk.at = until
    walk.move(CLOCK, "breach", clock="until")
    assert walk.log[-1].move == "resume"
    assert walk.clock("handle").due > due
    with pytest.raises(LimitReached):
        walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=61), note="more frost")


def test_granted_days_are_added_to_what_was_promised(walk: Walk) -> None:
    dispatched(walk)
    walk.move(DING, "sign")
    due = walk.clock("handle").due
    walk.move(DING, "extend", workdays=2, note="parts")
    walk.move(CHEN, "grant_extension", granted=True)
    assert walk.clock("handle").due == due + timedelta(days=2)
    with pytest.raises(LimitReached):
        walk.move(DING, "extend", workdays=2, note="again")


def test_the_one_who_handled_it_cannot_check_it(walk: Walk) -> None:
    both = actor(6, "community")
    handled(walk)
    with pytest.raises(NotAllowed):
        walk.move(both, "verify")
    assert walk.move(CHEN, "verify").stage == "verified"


def test_rework_goes_up_after_the_second_time(walk: Walk) -> None:
    handled(walk)
    for _ in range(2):
        walk.move(CHEN, "rework", note="still dirty")
        assert walk.case.stage == "handling"
        walk.move(DING, "finish", result="solved", note="again")
    walk.move(CHEN, "rework", note="still dirty")
    assert (walk.case.stage, walk.case.holder) == ("accepted", "street")


def test_not_solved_comes_back_to_the_desk_and_reopening_has_a_window(walk: Walk) -> None:
    handled(walk)
    walk.move(CHEN, "verify")
    assert walk.move(LIN, "follow_up", answer="no").stage == "accepted"
    walk.move(CHEN, "take")
    walk.move(CHEN, "finish", result="solved", note="done")
    assert walk.case.holder == "street", "the desk that handled it itself is checked from above"
    walk.move(LIN, "follow_up", answer="yes")
    walk.pass_(days=29)
    assert walk.move(LIN, "reopen", note="it is back").stage == "accepted"
    walk.move(GAO, "take")
    walk.move(GAO, "finish", result="solved", note="done")
    walk.move(LIN, "follow_up", answer="yes")
    walk.pass_(days=31)
    with pytest.raises(TooLate):
        walk.move(LIN, "reopen", note="it is back")
    assert walk.move(HE, "reopen", note="seen by ourselves").stage == "accepted"


def test_declining_names_where_to_turn_and_can_be_appealed_once(walk: Walk) -> None:
    walk.report()
    with pytest.raises(MissingFact):
        walk.move(CHEN, "decline", ground="not_ours")
    walk.move(CHEN, "decline", ground="not_ours", note="please ring the court")
    walk.move(LIN, "appeal", note="it is yours")
    assert (walk.case.stage, walk.case.holder) == ("accepted", "street")


def test_ending_a_case_needs_the_desk_above(walk: Walk) -> None:
    walk.report()
    walk.move(CHEN, "terminate", note="house torn down")
    assert walk.case.stage == "reported"
    with pytest.raises(NeedsSecondPerson):
        walk.move(actor(22, "community"), "terminate", note="yes")
    assert walk.move(GAO, "terminate", note="agreed").stage == "ended"


def test_supervision_comes_from_the_same_or_a_higher_level(walk: Walk) -> None:
    dispatched(walk)
    with pytest.raises(NotAllowed):
        walk.move(QIU, "supervise", level="yellow")
    assert walk.move(HE, "supervise", level="yellow").supervision == "yellow"
    walk.move(HE, "instruct", note="by Friday")
    assert walk.clock("instruct").owner == "cityworks"
    walk.move(DING, "progress", note="on it")
    assert walk.case.clock("instruct") is None


def test_passing_on_reaches_only_parts_of_the_unit(walk: Walk) -> None:
    dispatched(walk)
    walk.move(DING, "sign")
    with pytest.raises(BadFact):
        walk.move(DING, "reassign", unit="gas")
    walk.move(DING, "reassign", unit="cityworks-north")
    assert walk.clock("handle").owner == "cityworks-north"
    assert walk.move(NORTH, "finish", result="solved", note="done").stage == "handled"


def test_a_unit_complained_of_never_has_a_hand_in_it(walk: Walk) -> None:
    walk.case = Case(kind="matter", area=GRID, source="scan", answerable=True, about=("community",))
    walk.report(category="0401")
    assert walk.case.holder == "street", "neither the community nor its grid"
    assert "grid" not in walk.case.hands
    walk.move(GAO, "accept")
    with pytest.raises(AboutThisUnit):
        walk.move(GAO, "dispatch", unit="grid")
    with pytest.raises(AboutThisUnit):
        walk.move(GAO, "copy", units=["community"])


def test_the_outsider_may_not(walk: Walk) -> None:
    dispatched(walk)
    for move in ("sign", "recall", "progress", "copy", "urge", "escalate"):
        with pytest.raises((NotAllowed, IllegalMove)):
            walk.move(QIU, move, note="me", units=["gas"])


def test_a_post_without_the_act_may_not() -> None:
    walk = Walk()
    walk.report()
    with pytest.raises(NotAllowed):
        walk.move(actor(2, "community", acts=frozenset({"see"})), "accept", category="0401")


def test_the_log_folds_to_the_case_also_from_json(walk: Walk) -> None:
    dispatched(walk, assists=["police"])
    walk.move(DING, "sign")
    walk.move(DING, "object", ground="duty_unclear", note="?")
    blank = Case(kind="", area="")
    assert fold(blank, walk.log) == walk.case
    assert fold(blank, [restore_event(plain(event)) for event in walk.log]) == walk.case
    assert restore_case(plain(walk.case)) == walk.case


def test_texts_stay_out_of_the_log(walk: Walk) -> None:
    dispatched(walk, note="the neighbour's phone is 13800000000")
    assert "13800000000" not in str(plain(walk.log))


@pytest.mark.parametrize("text", ["", " ", None])
def test_a_reason_cannot_be_blank(walk: Walk, text: str | None) -> None:
    dispatched(walk)
    with pytest.raises(MissingFact):
        walk.move(CHEN, "recall", note=text)
    assert CITY.profile.limits.recalls == 2


def test_who_is_not_reached_three_times_is_left_in_peace(walk: Walk) -> None:
    handled(walk)
    walk.move(CHEN, "verify")
    for _ in range(2):
        assert walk.move(CHEN, "follow_up", answer="not_reached").stage == "verified"
    walk.move(CHEN, "follow_up", answer="not_reached")
    assert (walk.case.stage, walk.case.satisfied) == ("closed", None)
    assert walk.moves()[-2:] == ["follow_up", "close_unanswered"]


def test_a_round_that_nobody_answered_leaves_no_answer_behind(walk: Walk) -> None:
    handled(walk)
    walk.move(CHEN, "verify")
    walk.move(LIN, "follow_up", answer="no")
    walk.move(CHEN, "dispatch", unit="cityworks")
    walk.move(DING, "sign")
    walk.move(DING, "finish", result="solved", note="again")
    walk.move(CHEN, "verify")
    walk.pass_(days=10)
    walk.move(CLOCK, "breach", clock="follow_up")
    assert (walk.case.stage, walk.case.satisfied) == ("closed", None)
