"""Who is told what; and the quiet hours, minute by minute over a whole week."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from yizhi.core.actor import Actor, Post, Scope
from yizhi.core.calendar import Calendar
from yizhi.core.case import Case
from yizhi.core.profile import Notices
from yizhi.core.testing import CHEN, CITY, DING, GAO, HE, LIN, MONDAY, Walk, actor
from yizhi.notices import rules
from yizhi.notices.rules import ORDINARY, PROMPT, URGENT, Telling, Wish, may_mail, quiet_until

ZONE = ZoneInfo("Asia/Shanghai")
PLAN = Notices()


class Noted(Walk):
    """Whoever moves writes something, where words are asked."""

    def move(self, by: Actor, move: str, **facts: Any) -> Case:
        return super().move(by, move, **({"note": "words"} | facts))


def said(walk: Walk) -> set[tuple[str, frozenset[str]]]:
    """What the last event means, by cause and units."""
    return {(one.cause, one.units) for one in rules.tellings(walk.log[-1], walk.case, CITY)}


def units(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def dispatched() -> Walk:
    walk = Noted()
    walk.report(category="0401")
    walk.move(CHEN, "accept")
    walk.move(CHEN, "dispatch", unit="cityworks", assists=("gas",))
    return walk


def handling() -> Walk:
    walk = dispatched()
    walk.move(DING, "sign")
    return walk


def test_what_each_move_means_for_whom() -> None:
    walk = dispatched()
    assert said(walk) == {("dispatched", units("cityworks")), ("assist", units("gas"))}
    walk.move(DING, "sign")
    assert said(walk) == set(), "a unit knows what it did itself"
    walk.move(HE, "supervise", level="red")
    assert said(walk) == {("supervised", units("cityworks"))}
    walk.move(HE, "instruct")
    assert said(walk) == {("instructed", units("cityworks"))}
    walk.move(LIN, "urge")
    assert said(walk) == {("urged", units("cityworks"))}
    walk.move(LIN, "add")
    assert said(walk) == {("added", units("cityworks"))}
    walk.move(CHEN, "copy", units=("street2",))
    assert said(walk) == {("copied", units("street2"))}
    walk.move(DING, "extend", workdays=3)
    assert said(walk) == {("extension", units("community"))}
    walk.move(CHEN, "grant_extension", granted=True)
    assert said(walk) == {("extended", units("cityworks"))}


def test_an_objection_goes_to_the_desk_that_rules_and_the_word_comes_back() -> None:
    walk = handling()
    walk.move(DING, "object", ground="not_our_duty")
    assert said(walk) == {("objection", units("street"))}
    walk.move(GAO, "rule", upheld=False)
    assert said(walk) == {("not_upheld", units("cityworks"))}


def test_results_and_answers_come_to_the_desk() -> None:
    walk = handling()
    walk.move(actor(9, "gas"), "assist_done")
    assert said(walk) == {("assist_done", units("cityworks"))}
    walk.move(DING, "finish", result="solved")
    assert said(walk) == {("check", units("community"))}
    walk.move(CHEN, "rework")
    assert said(walk) == {("rework", units("cityworks"))}
    walk.move(DING, "finish", result="solved")
    walk.move(CHEN, "verify")
    walk.move(LIN, "follow_up", answer="no")
    assert said(walk) == {("unsolved", units("community"))}


def test_whistle_and_consultation_call_their_units() -> None:
    walk = Noted()
    walk.report(category="0401")
    walk.move(CHEN, "accept")
    walk.move(CHEN, "whistle", units=("cityworks", "police"))
    assert said(walk) == {("summoned", units("cityworks", "police"))}
    walk.move(CHEN, "consult", units=("gas",), ground="legacy")
    assert said(walk) == {("consulted", units("gas"))}


def test_the_end_is_told_to_whoever_raised_it() -> None:
    walk = Noted()
    walk.report(category="0401")
    walk.move(CHEN, "decline", ground="not_ours")
    (ended,) = rules.tellings(walk.log[-1], walk.case, CITY)
    assert ended.raiser
    assert ended.cause == "ended"


def test_new_work_names_the_promise_of_the_unit_itself() -> None:
    walk = Noted()
    case = walk.report(category="0401")
    (new,) = rules.tellings(walk.log[-1], case, CITY)
    (holder,) = new.units
    own = [clock.due for clock in case.clocks if clock.owner == holder]
    assert case.due not in own or len(own) < len(case.clocks)
    assert new.due == min(own)


def test_what_has_passed_into_other_hands_meanwhile_is_not_told() -> None:
    walk = Noted()
    walk.report(category="0401")
    report = walk.log[-1]
    walk.move(CHEN, "accept")
    walk.move(CHEN, "dispatch", unit="cityworks")
    assert list(rules.tellings(report, walk.case, CITY)) == []


# -- whom it is about, and whom not -----------------------------------------------------------------------------

NEW = Telling("new", units("community"), ("holder", "desk"))


def test_who_serves_and_could_act_is_told() -> None:
    case = Noted().report(category="0101")
    assert rules.is_told(CHEN, NEW, case, CITY)
    assert not rules.is_told(actor(2, "community", acts=frozenset(("see",))), NEW, case, CITY)
    assert not rules.is_told(DING, NEW, case, CITY)


def test_nobody_of_a_unit_that_the_report_is_about_is_told() -> None:
    """Not even in another post of theirs: the twin of the test before."""
    case = msgspec.structs.replace(Noted().report(category="0101"), about=("police",))
    assert rules.is_told(CHEN, NEW, case, CITY)
    also = Post("police", "police", frozenset(), frozenset("*"), Scope(("999901",)))
    both = replace(CHEN, posts=(*CHEN.posts, also))
    assert not rules.is_told(both, NEW, case, CITY)


def test_a_secret_case_is_told_to_its_hands_alone() -> None:
    telling = Telling("ended", accounts=frozenset((6,)))
    open_case = Noted().report(category="0101")
    looks = actor(6, "cityworks", acts=frozenset(("see",)))
    assert rules.is_told(looks, telling, open_case, CITY), "looks after the area"
    secret = msgspec.structs.replace(open_case, secret=True)
    assert not rules.is_told(looks, telling, secret, CITY)


def test_of_many_officers_those_are_told_who_look_after_the_place() -> None:
    case = Noted().report(category="0201")
    telling = Telling("dispatched", units("police"), ("lead",))
    here, there = actor(5, "police", scope="999901001001"), actor(8, "police", scope="999901002001")
    chief = actor(9, "police", scope="999901")
    assert rules.nearest([here, there, chief], telling, case) == [here, chief]
    assert rules.nearest([there], telling, case) == [there], "better one from next door than nobody"


def test_promises_of_units_are_warned_of_and_waiting_for_the_reporter_is_not() -> None:
    walk = dispatched()
    keys = {alarm.clock for alarm in rules.alarms(walk.case, PLAN)}
    assert {"sign", "whole"} <= keys
    walk = handling()
    walk.move(actor(9, "gas"), "assist_done")
    walk.move(DING, "finish", result="solved")
    walk.move(CHEN, "verify")
    assert "follow_up" not in {alarm.clock for alarm in rules.alarms(walk.case, PLAN)}


@pytest.mark.parametrize(("hours", "before"), [(1, 0.25), (4, 1), (24, 6), (240, 8)])
def test_a_warning_comes_when_most_is_gone_but_not_days_before(hours: float, before: float) -> None:
    due = MONDAY + timedelta(hours=hours)
    assert PLAN.warns(MONDAY, due) == due - timedelta(hours=before)


def test_what_is_dangerous_weighs_most() -> None:
    plan, case = Notices(urgent=("01",)), Noted().report(category="0101")
    assert rules.weight(NEW, case, plan) == URGENT
    other = msgspec.structs.replace(case, category="0401")
    assert rules.weight(NEW, other, plan) == ORDINARY
    assert rules.weight(Telling("fell"), other, plan) == PROMPT
    assert rules.weight(NEW, msgspec.structs.replace(other, supervision="red"), plan) == PROMPT


# -- quiet hours ------------------------------------------------------------------------------------------------

#: Monday 4 May and Tuesday 5 May 2026 are days off here, Saturday 9 May is worked.
CALENDAR = Calendar(
    holidays=frozenset((date(2026, 5, 4), date(2026, 5, 5))),
    makeup=frozenset((date(2026, 5, 9),)),
    opens=time(8, 30),
    closes=time(17, 30),
    known_until=date(2026, 12, 31),
)
BEGIN = datetime(2026, 5, 4, 0, 0, tzinfo=ZONE)
WEEK = [BEGIN + timedelta(minutes=minute) for minute in range(0, 8 * 24 * 60, 5)]
WISH = Wish(quiet_from=time(19), quiet_to=time(8, 30))


def by_the_clock(at: datetime, wish: Wish, on_duty: bool) -> bool:
    """The same rule in other words: whether a moment is quiet."""
    night = at.time() >= time(21) or at.time() < time(7, 30)
    own = wish is WISH and (at.time() >= time(19) or at.time() < time(8, 30))
    worked = at.date() == date(2026, 5, 9) or (at.weekday() < 5 and at.day not in (4, 5))
    return night or own or (not worked and (wish.days_off or not on_duty))


@pytest.mark.parametrize("wish", [Wish(), WISH, Wish(days_off=True)], ids=["none", "own hours", "no days off"])
@pytest.mark.parametrize("on_duty", [False, True])
def test_the_quiet_hours_over_a_week(wish: Wish, on_duty: bool) -> None:
    loud = [not by_the_clock(at, wish, on_duty) for at in WEEK]
    for place, at in enumerate(WEEK):
        ends = quiet_until(at.astimezone(UTC), PLAN, wish, CALENDAR, on_duty=on_duty)
        assert (ends is None) == loud[place], at
        if ends and True in loud[place:]:
            assert ends == WEEK[place:][loud[place:].index(True)], at


def test_the_city_may_let_mail_go_on_days_off() -> None:
    noon = BEGIN + timedelta(hours=12)
    assert quiet_until(noon, PLAN, Wish(), CALENDAR, on_duty=False)
    assert quiet_until(noon, replace(PLAN, days_off=False), Wish(), CALENDAR, on_duty=False) is None


def test_no_orders_at_eleven_at_night_but_for_danger() -> None:
    late = datetime(2026, 5, 6, 23, 0, tzinfo=ZONE)
    for heaviest, goes in ((ORDINARY, False), (PROMPT, False), (URGENT, True)):
        assert may_mail(late, heaviest, None, PLAN, Wish(), CALENDAR, on_duty=True) is goes


def test_one_mail_in_half_an_hour_unless_something_is_late() -> None:
    noon, day = datetime(2026, 5, 6, 12, 0, tzinfo=ZONE), timedelta(days=1)
    just_now, five = noon - timedelta(minutes=29), timedelta(minutes=5)
    assert not may_mail(noon, ORDINARY, just_now, PLAN, Wish(), CALENDAR, on_duty=False)
    assert may_mail(noon, ORDINARY, noon - timedelta(minutes=30), PLAN, Wish(), CALENDAR, on_duty=False)
    assert may_mail(noon, PROMPT, noon - five, PLAN, Wish(), CALENDAR, on_duty=False)
    assert not may_mail(noon, URGENT, noon - five / 2, PLAN, Wish(), CALENDAR, on_duty=False)
    assert not may_mail(noon, URGENT, noon - day, PLAN, Wish(mail=False), CALENDAR, on_duty=False)


def test_quiet_without_end_is_not_waited_for_for_ever() -> None:
    always = Wish(quiet_from=time(7, 30), quiet_to=time(21))
    assert quiet_until(BEGIN, PLAN, always, CALENDAR, on_duty=True)


def test_somebody_without_posts_is_told_what_became_of_their_report_only_if_they_may_see_it() -> None:
    case = Noted().report(category="0101")
    nobody = Actor(7, "nobody")
    assert not rules.is_told(nobody, Telling("ended", accounts=frozenset((7,))), case, CITY)
