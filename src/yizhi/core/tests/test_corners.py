"""Corners of the loop that random walks and rehearsals found: each was wrong once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from yizhi.core.actor import CLOCK
from yizhi.core.case import Case
from yizhi.core.errors import (
    BadFact,
    IllegalMove,
    LimitReached,
    MissingFact,
    NeedsSecondPerson,
    NotAllowed,
    NotYetDone,
)
from yizhi.core.kinds import without
from yizhi.core.profile import Category
from yizhi.core.testing import CHEN, CITY, DING, GAO, GRID, HE, JING, LIN, WEI, Walk, actor

NORTH = actor(8, "cityworks-north")
GAS = actor(9, "gas")


@pytest.fixture
def walk() -> Walk:
    return Walk()


def dispatched(walk: Walk, unit: str = "cityworks", **facts: Any) -> Walk:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "dispatch", unit=unit, **facts)
    return walk


def in_work(walk: Walk, **facts: Any) -> Walk:
    dispatched(walk, **facts)
    walk.move(DING, "sign")
    return walk


def names(case: Case) -> set[str]:
    return {clock.key for clock in case.clocks}


# -- what hangs on the work ends with it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "facts"),
    [("solve", {"result": "solved", "note": "swept"}), ("decline", {"ground": "not_ours", "note": "ring the court"})],
)
def test_a_whistle_and_a_consultation_end_when_the_desk_is_done(walk: Walk, move: str, facts: dict[str, str]) -> None:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "whistle", units=["gas"], note="here")
    walk.move(CHEN, "consult", ground="legacy", units=["police"])
    walk.move(CHEN, move, **facts)
    assert (walk.case.whistle, walk.case.consultation) == (None, None)
    assert walk.moves()[-3:] == ["conclude_whistle", "conclude_consult", move]


def test_a_ruling_for_another_lead_ends_what_hung_on_the_first(walk: Walk) -> None:
    in_work(walk, assists=["police"])
    walk.move(DING, "object", ground="not_our_duty", note="clause 3")
    walk.move(DING, "extend", workdays=3, note="parts")
    walk.move(CHEN, "whistle", units=["gas"], note="at the gate")
    walk.move(GAO, "rule", upheld=True, unit="gas", note="gas does it")
    assert (walk.case.assists, walk.case.extension, walk.case.whistle, walk.case.objection) == ((), None, None, None)
    assert names(walk.case) == {"sign", "whole", "arrive", "reply"}
    assert walk.moves()[-4:] == ["release_assist", "conclude_whistle", "grant_extension", "rule"]


def test_a_ruling_against_the_objection_leaves_the_work_as_it_is(walk: Walk) -> None:
    in_work(walk, assists=["police"])
    walk.move(DING, "object", ground="not_our_duty", note="clause 3")
    walk.move(GAO, "rule", note="it is yours")
    assert walk.case.open_assists() == ("police",)
    assert (walk.case.objection, walk.case.final, walk.moves()[-1]) == (None, True, "rule")


def test_calling_back_a_deferred_case_leaves_no_paused_clock(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=30), note="frost")
    walk.pass_(days=3)
    walk.move(CHEN, "recall", note="another unit can")
    assert walk.case.clock("handle") is None
    whole = walk.case.clock("whole")
    assert whole is not None
    assert (whole.left, whole.fires) == (None, whole.due)


# -- objections -------------------------------------------------------------------------------------------------


def test_a_unit_may_object_once_to_every_assignment(walk: Walk) -> None:
    dispatched(walk)
    walk.move(DING, "object", ground="no_power", note="clause 3")
    walk.move(CHEN, "recall", note="wrong unit")
    walk.move(CHEN, "dispatch", unit="cityworks")
    assert walk.move(DING, "object", ground="no_power", note="clause 3").objection is not None


def test_one_return_too_many_keeps_the_objection_that_waits(walk: Walk) -> None:
    dispatched(walk, assists=["police"])
    for _ in range(2):
        walk.move(DING, "send_back", ground="wrong_place", note="not here")
        walk.move(CHEN, "dispatch", unit="cityworks")
    walk.move(CHEN, "whistle", units=["gas"], note="here")
    walk.move(DING, "send_back", ground="wrong_place", note="not here")
    rings = walk.case.clock("rule")
    assert walk.case.whistle is not None, "the case has not moved"
    walk.pass_(hours=1)
    with pytest.raises(LimitReached):
        walk.move(DING, "send_back", ground="wrong_place", note="not here")
    assert walk.case.clock("rule") == rings


def test_a_kind_without_objections_refuses_one_return_too_many(walk: Walk) -> None:
    quiet = replace(CITY.kinds["matter"], moves=without("object", "rule"))
    walk.city = replace(CITY, kinds={**CITY.kinds, "matter": quiet})
    dispatched(walk)
    for _ in range(2):
        walk.move(DING, "send_back", ground="wrong_place", note="not here")
        walk.move(CHEN, "dispatch", unit="cityworks")
    with pytest.raises(LimitReached):
        walk.move(DING, "send_back", ground="wrong_place", note="not here")


def test_work_is_not_put_off_while_a_desk_has_to_decide(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "extend", workdays=3, note="parts")
    with pytest.raises(IllegalMove):
        walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=9), note="frost")
    walk.move(CHEN, "grant_extension")
    walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=9), note="frost")
    assert walk.case.stage == "suspended"


# -- clocks -----------------------------------------------------------------------------------------------------


def test_a_broken_promise_stays_broken_while_the_work_is_put_off(walk: Walk) -> None:
    in_work(walk)
    due = walk.clock("handle").due
    walk.at = due
    walk.move(CLOCK, "breach", clock="handle")
    walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=9), note="frost")
    assert (walk.clock("handle").due, walk.clock("handle").fires) == (due, None)
    walk.pass_(days=2)
    walk.move(DING, "resume")
    late = walk.case.clock("handle")
    assert late is not None
    assert late.due == due, "late is late"
    assert late.fires is not None, "and it rings again"
    assert late.fires > walk.at


def test_a_breach_that_is_not_said_yet_is_said_while_the_work_is_put_off(walk: Walk) -> None:
    in_work(walk)
    due = walk.clock("handle").due
    walk.at = due + timedelta(minutes=5)
    walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=30), note="frost")
    walk.move(CLOCK, "breach", clock="handle")
    assert walk.case.stage == "suspended"
    assert walk.clock("handle").fires is None
    walk.move(DING, "resume")
    assert walk.rings("handle") > walk.at


def test_an_extension_that_ends_in_the_past_does_not_ring_at_once(walk: Walk) -> None:
    in_work(walk)
    walk.at = walk.clock("handle").due
    walk.move(CLOCK, "breach", clock="handle")
    rings = walk.clock("handle").fires
    walk.pass_(days=4)
    walk.move(DING, "extend", workdays=1, note="parts")
    walk.move(CHEN, "grant_extension", granted=True)
    assert walk.clock("handle").fires == rings


# -- the promises of receipt ------------------------------------------------------------------------------------


def with_visit(walk: Walk, hours: int) -> Walk:
    """A city where waste is looked at within so many hours, any other matter within one."""
    waste = replace(CITY.profile.categories["0401"], arrive_hours=hours)
    walk.city = replace(CITY, profile=replace(CITY.profile, categories={**CITY.profile.categories, "0401": waste}))
    return walk


def test_the_figures_of_a_category_run_from_receipt(walk: Walk) -> None:
    with_visit(walk, 3)
    received = walk.at
    walk.report()
    walk.pass_(minutes=30)
    walk.move(CHEN, "accept", category="0401")
    arrive = walk.case.clock("arrive")
    assert arrive is not None
    assert (arrive.started, arrive.due - received) == (received, timedelta(hours=3))


def test_a_visit_already_made_is_not_asked_for_again(walk: Walk) -> None:
    with_visit(walk, 3)
    walk.report()
    walk.move(WEI, "arrive")
    walk.move(CHEN, "accept", category="0401")
    assert walk.case.clock("arrive") is None


def test_late_under_both_figures_is_late_once(walk: Walk) -> None:
    with_visit(walk, 2)
    walk.report()
    walk.pass_(hours=1)
    walk.move(CLOCK, "breach", clock="arrive")
    walk.pass_(hours=1)
    walk.move(CHEN, "accept", category="0401")
    arrive = walk.case.clock("arrive")
    assert arrive is not None
    assert (arrive.breaches, arrive.fires) == (1, None)


def test_nothing_is_assigned_without_a_category(walk: Walk) -> None:
    walk.report()
    walk.pass_(hours=2)
    walk.move(CLOCK, "breach", clock="accept")
    walk.move(GAO, "recall", note="x") if walk.case.stage == "dispatched" else None
    by = {"community": CHEN, "street": GAO}[walk.case.holder]
    with pytest.raises(MissingFact):
        walk.move(by, "dispatch", unit="cityworks")
    assert walk.move(by, "dispatch", unit="cityworks", category="0401").category == "0401"


# -- who may ----------------------------------------------------------------------------------------------------


def test_nobody_checks_itself_after_going_up(walk: Walk) -> None:
    """A ruling made the street the lead; when the community does not check, the desk above the street does."""
    dispatched(walk)
    walk.move(DING, "object", ground="no_power", note="clause 3")
    walk.move(GAO, "rule", upheld=True, unit="street", note="we do it ourselves")
    walk.move(GAO, "sign")
    walk.move(GAO, "finish", result="solved", note="done")
    assert walk.case.holder == "community"
    walk.move(CHEN, "escalate", note="not for us")
    assert (walk.case.holder, walk.case.check) == ("centre", True)


def test_a_desk_that_leads_in_silence_is_passed_over(walk: Walk) -> None:
    """The street leads by a ruling and stands above the community: silent, it loses the case to the district."""
    dispatched(walk)
    walk.move(DING, "object", ground="no_power", note="clause 3")
    walk.move(GAO, "rule", upheld=True, unit="street", note="we do it ourselves")
    walk.move(GAO, "sign")
    for _ in range(2):
        walk.at = walk.rings("handle")
        walk.move(CLOCK, "breach", clock="handle")
    assert (walk.case.stage, walk.case.holder) == ("accepted", "centre")


def test_when_the_root_did_it_the_reporter_is_asked_at_once(walk: Walk) -> None:
    dispatched(walk)
    walk.move(DING, "object", ground="no_power", note="clause 3")
    walk.move(GAO, "rule", upheld=True, unit="centre", note="the district does it")
    walk.move(HE, "sign")
    walk.move(HE, "finish", result="solved", note="done")
    walk.move(CHEN, "escalate", note="not for us")
    walk.move(GAO, "escalate", note="not for us")
    assert (walk.case.holder, walk.case.check) == ("centre", False)
    assert walk.move(LIN, "follow_up", answer="yes").stage == "closed"


@pytest.mark.parametrize("move", ["transfer", "merge"])
def test_only_a_desk_sends_a_case_away(walk: Walk, move: str) -> None:
    walk.report(category="0401")
    assert walk.case.holder == "grid"
    with pytest.raises(NotAllowed):
        walk.move(WEI, move, to="court", into=7, note="away")
    walk.move(CHEN, move, to="court", into=7, note="away")
    assert not walk.case.is_open


@pytest.mark.parametrize("answer", ["not_reached", "nobody_to_ask"])
def test_a_reporter_says_yes_or_no(walk: Walk, answer: str) -> None:
    in_work(walk)
    walk.move(DING, "finish", result="solved", note="done")
    walk.move(CHEN, "verify")
    with pytest.raises(BadFact):
        walk.move(LIN, "follow_up", answer=answer)


def test_a_desk_asks_whoever_can_be_asked(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "finish", result="solved", note="done")
    walk.move(CHEN, "verify")
    with pytest.raises(BadFact):
        walk.move(CHEN, "follow_up", answer="nobody_to_ask")


def test_two_persons_speak_of_the_same_time_limit(walk: Walk) -> None:
    walk.report()
    walk.pass_(days=3)
    for clock in ("arrive", "reply"):
        walk.move(CLOCK, "breach", clock=clock)
    walk.move(CHEN, "excuse", clock="arrive", note="the bridge was shut")
    walk.move(GAO, "excuse", clock="reply", note="I mean the other one")
    assert walk.case.proposal is not None, "proposed anew, not confirmed"
    with pytest.raises(NeedsSecondPerson):
        walk.move(GAO, "excuse", clock="reply", note="yes, yes")
    assert walk.move(CHEN, "excuse", clock="reply", note="agreed").proposal is None


def test_a_breach_can_be_answered_after_its_clock_and_after_the_case(walk: Walk) -> None:
    walk.report()
    walk.pass_(hours=1)
    walk.move(CLOCK, "breach", clock="arrive")
    walk.move(WEI, "arrive")
    walk.move(CHEN, "decline", ground="no_facts", note="nothing there; please ring again")
    assert walk.case.clocks == ()
    with pytest.raises(BadFact):
        walk.move(CHEN, "excuse", clock="reply", note="that one was never late")
    walk.move(CHEN, "excuse", clock="arrive", note="the address was wrong")
    walk.move(GAO, "excuse", clock="arrive", note="agreed")
    assert walk.case.count("late:arrive") == 1, "answered, never erased"


@pytest.mark.parametrize("move", ["whistle", "consult"])
def test_nobody_calls_only_itself(walk: Walk, move: str) -> None:
    dispatched(walk)
    with pytest.raises(MissingFact):
        walk.move(CHEN, move, units=["community"], ground="legacy", note="here")


def test_a_lead_does_not_assist_itself(walk: Walk) -> None:
    in_work(walk)
    with pytest.raises(MissingFact):
        walk.move(DING, "add_assist", units=["cityworks"])


def test_an_assistant_that_was_dissolved_is_still_named(walk: Walk) -> None:
    in_work(walk, assists=["gas"])
    units = {code: unit for code, unit in CITY.town.units.items() if code != "gas"}
    walk.city = replace(CITY, town=replace(CITY.town, units=units))
    with pytest.raises(NotYetDone) as refused:
        walk.move(DING, "finish", result="solved", note="done")
    assert "gas" in str(refused.value)


# -- coming in --------------------------------------------------------------------------------------------------


def test_a_kind_that_is_not_routed_is_reported_all_the_same(walk: Walk) -> None:
    talk = replace(CITY.kinds["matter"], code="talk", moves=without("route"))
    walk.city = replace(CITY, kinds={**CITY.kinds, "talk": talk})
    walk.case = Case(kind="talk", area=GRID, source="scan", answerable=True)
    assert (walk.report(category="0201").stage, walk.case.kind) == ("reported", "talk")


def test_a_correction_of_the_category_corrects_the_promise(walk: Walk) -> None:
    roads = Category("0402", "04", "道路", "Roads", lead="urban_management", reply_hours=72)
    walk.city = replace(CITY, profile=replace(CITY.profile, categories={**CITY.profile.categories, "0402": roads}))
    received = walk.at
    walk.report(category="0401")
    walk.move(CHEN, "accept", category="0402")
    assert walk.clock("reply").due == received + timedelta(hours=72)


def test_the_station_still_takes_part_where_no_rule_named_it(walk: Walk) -> None:
    dispatched(walk, "police")
    walk.move(JING, "sign")
    with pytest.raises(NotAllowed):
        walk.move(JING, "transfer", to="police_110", note="call 110")
    walk.move(JING, "escalate", note="not a grid matter")
    assert walk.move(GAO, "transfer", to="police_110", note="receipt 4711").stage == "transferred"
