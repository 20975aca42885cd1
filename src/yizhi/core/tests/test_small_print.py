"""Small print of the loop: a category before any work, instructions that stay answerable, days that were not used."""

from dataclasses import replace
from datetime import timedelta

import pytest

from yizhi.core.actor import CLOCK, Actor
from yizhi.core.city import City
from yizhi.core.errors import LimitReached, MissingFact
from yizhi.core.testing import CHEN, CITY, DING, GAO, HE, Walk
from yizhi.core.town import Town


@pytest.fixture
def walk() -> Walk:
    return Walk()


def in_work(walk: Walk) -> Walk:
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.move(CHEN, "dispatch", unit="cityworks")
    walk.move(DING, "sign")
    return walk


# -- nobody works on what nobody has named ----------------------------------------------------------------------


@pytest.mark.parametrize(("move", "facts"), [("take", {}), ("solve", {"result": "solved", "note": "swept"})])
def test_a_desk_says_what_it_is_before_it_does_it_itself(walk: Walk, move: str, facts: dict[str, str]) -> None:
    walk.report()
    walk.at = walk.rings("accept")
    walk.move(CLOCK, "breach", clock="accept")  # sent upward unread
    with pytest.raises(MissingFact):
        walk.move(GAO, move, **facts)
    assert walk.move(GAO, move, category="0401", **facts).category == "0401"


def test_a_consultation_does_not_end_without_it(walk: Walk) -> None:
    walk.report()
    walk.at = walk.rings("accept")
    walk.move(CLOCK, "breach", clock="accept")
    walk.move(GAO, "consult", ground="legacy", units=["gas"])
    with pytest.raises(MissingFact):
        walk.move(GAO, "conclude_consult", unit="gas", note="gas does it")
    assert walk.move(GAO, "conclude_consult", unit="gas", category="0101", note="gas does it").category == "0101"


# -- instructions -----------------------------------------------------------------------------------------------


def test_a_second_instruction_does_not_put_off_the_first(walk: Walk) -> None:
    in_work(walk)
    walk.move(HE, "instruct", note="find out why")
    first = walk.clock("instruct")
    walk.pass_(days=1)
    walk.move(HE, "instruct", note="and who knew")
    assert walk.clock("instruct") == first
    walk.move(DING, "progress", note="this is why, and who")
    assert walk.case.clock("instruct") is None


def test_the_open_one_is_asked_of_whoever_has_the_work_now(walk: Walk) -> None:
    in_work(walk)
    walk.move(HE, "instruct", note="find out why")
    walk.move(CHEN, "recall", note="another unit")
    walk.move(CHEN, "dispatch", unit="gas")
    walk.move(HE, "instruct", note="find out why, gas")
    assert walk.clock("instruct").owner == "gas"


def test_after_a_broken_promise_a_new_instruction_has_a_date_of_its_own(walk: Walk) -> None:
    in_work(walk)
    walk.move(HE, "instruct", note="find out why")
    walk.at = walk.rings("instruct")
    walk.move(CLOCK, "breach", clock="instruct")
    walk.move(HE, "instruct", note="I am waiting")
    assert (walk.clock("instruct").started, walk.clock("instruct").breaches) == (walk.at, 0)
    assert walk.case.count("late:instruct") == 1, "the log keeps it"


# -- pauses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "move"), [(DING, "resume"), (CHEN, "recall")])
def test_a_pause_that_ends_early_uses_its_own_days_only(walk: Walk, by: Actor, move: str) -> None:
    in_work(walk)
    walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=60), note="frost")
    walk.pass_(days=9, hours=5)
    walk.move(by, move, note="it thaws")
    assert walk.case.count("suspend_days") == 10


def test_the_days_that_were_not_used_can_be_used_later(walk: Walk) -> None:
    in_work(walk)
    walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=60), note="frost")
    walk.pass_(days=10)
    walk.move(DING, "resume")
    with pytest.raises(LimitReached):
        walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=81), note="frost")
    assert walk.move(DING, "suspend", ground="weather", until=walk.at + timedelta(days=80), note="frost")


# -- posts for certain kinds of matter --------------------------------------------------------------------------


def bound(unit: str, kind: str) -> City:
    """The city where whoever serves in a unit does so for one kind of matter."""
    one = CITY.town.unit(unit)
    only = replace(one, bound=frozenset((act, kind) for act in one.acts))
    return replace(CITY, town=Town({**CITY.town.units, unit: only}, CITY.town.root))


def test_a_desk_that_takes_another_kind_only_is_passed_over(walk: Walk) -> None:
    walk.city = bound("community", "police")
    assert walk.report().holder == "street"


@pytest.mark.parametrize(("kind", "stage"), [("matter", "reported"), ("police", "dispatched")])
def test_a_rule_hands_over_only_where_that_kind_is_signed_for(walk: Walk, kind: str, stage: str) -> None:
    walk.city = bound("police", kind)
    assert walk.report(category="0201").stage == stage
