"""What a seat shows first."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from yizhi.core.case import OPEN, STAGES, Assist, Case, Clock, Extension, Objection, Proposal, Whistle
from yizhi.core.loop import MOVES
from yizhi.core.testing import CITY
from yizhi.core.wandering import Wanderer
from yizhi.seats import rules

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ALL = list(MOVES)


def clock(key: str, owner: str) -> Clock:
    return Clock(key, owner, NOW, NOW, NOW, 1, "hours", "city default")


def case(stage: Any, **more: Any) -> Case:
    return Case(kind="matter", area="9", stage=stage, holder="desk", desk="desk", **more)


def first(found: Case, *units: str, moves: list[str] = ALL) -> list[str]:
    return rules.arranged(moves, found, frozenset(units))[0]


def test_only_moves_of_the_loop_are_arranged() -> None:
    named = {name for names in rules.LIKELY.values() for name in names} | rules.WITH_PHOTOS | rules.GRAVE
    assert named <= set(MOVES)


#: Moves that no official makes: by a door, a rule, a clock, or the reporter alone.
OTHERS = {name for name, move in MOVES.items() if not set(move.who) - {"door", "rule", "clock", "reporter"}}


def test_every_move_of_an_official_has_a_letter_of_its_own() -> None:
    assert set(MOVES) - OTHERS <= set(rules.KEYS)
    assert len(set(rules.KEYS.values())) == len(rules.KEYS)
    assert all(len(key) == 1 and key.isascii() and key.isalpha() for key in rules.KEYS.values())


def test_no_letter_of_a_move_is_one_of_the_lists_own() -> None:
    assert not set(rules.KEYS.values()) & set("jkxg")


@pytest.mark.parametrize("stage", sorted(OPEN))
def test_nothing_is_lost_and_nothing_is_added(stage: str) -> None:
    shown, rest = rules.arranged(ALL, case(stage), frozenset(("desk",)))
    assert sorted(shown + rest) == sorted(ALL)
    assert len(shown) <= rules.FIRST
    assert shown[0] not in rules.GRAVE


@pytest.mark.parametrize(
    ("stage", "move"),
    [("reported", "accept"), ("accepted", "dispatch"), ("dispatched", "sign"), ("handling", "finish"),
     ("suspended", "resume"), ("handled", "verify"), ("verified", "follow_up")],
)  # fmt: skip
def test_each_stage_has_its_likeliest_move(stage: str, move: str) -> None:
    assert first(case(stage))[0] == move


@pytest.mark.parametrize(
    ("found", "unit", "move"),
    [
        (case("reported", clocks=(clock("arrive", "grid"),)), "grid", "arrive"),
        (case("handling", lead="station", clocks=(clock("arrive", "grid"),)), "station", "arrive"),
        (case("handling", clocks=(clock("reply", "street"),)), "street", "reply"),
        (case("handling", objection=Objection("u", "above", "no_power")), "above", "rule"),
        (case("handling", extension=Extension("u", 5)), "desk", "grant_extension"),
        (case("handling", whistle=Whistle("desk", ("fire",))), "fire", "report_in"),
        (case("handling", assists=(Assist("fire"),)), "fire", "assist_done"),
        (case("handling", proposal=Proposal("terminate", 1, "desk")), "above", "terminate"),
        (case("handling", clocks=(clock("instruct", "lead"),)), "lead", "progress"),
    ],
)
def test_what_others_wait_for_comes_before_the_usual(found: Case, unit: str, move: str) -> None:
    assert first(found, unit)[0] == move


def test_a_unit_that_has_answered_is_not_asked_again() -> None:
    found = case("handling", whistle=Whistle("desk", ("fire",), ("fire",)))
    assert "report_in" not in first(found, "fire")


def test_only_what_is_open_is_shown() -> None:
    assert first(case("reported"), moves=["progress", "decline", "accept"]) == ["accept", "decline"]


def test_rounds_begin_where_the_case_opens_a_segment() -> None:
    """A thousand moves at random: counting the log gives what the case has folded."""
    rounds, checked = 1, 0
    for _, step in zip(range(1_000), Wanderer(CITY, Random(7)).steps(), strict=False):
        rounds = 1 if step.before.stage == "new" else rounds
        rounds += sum(rules.begins_round(event.move, event.facts) for event in step.events)
        assert rounds == step.after.segment, step.ask.move
        checked += rounds > 1
    assert checked > 20


@pytest.mark.parametrize(("kinds", "seat"), [(["grid"], "field"), (["grid", "desk"], "desk"), ([], "desk")])
def test_where_somebody_comes_home_to(kinds: list[str], seat: str) -> None:
    assert rules.home(kinds) == seat


def test_an_officer_out_with_the_telephone_comes_home_to_the_field() -> None:
    assert rules.home(["station"]) == "desk"
    assert rules.home(["station"], phone=True) == "field"
    assert rules.home(["desk", "station"], phone=True) == "desk"
    assert rules.home([], phone=True) == "desk"


@pytest.mark.parametrize(
    ("found", "moves"),
    [
        (case("reported", clocks=(clock("arrive", "desk"),)), ["arrive", "solve"]),
        (case("reported"), ["solve"]),
        (case("dispatched"), ["sign"]),
        (case("handling", assists=(Assist("desk"),)), ["assist_done", "finish"]),
        (case("suspended"), ["resume"]),
        (case("accepted", whistle=Whistle("street", ("desk",))), ["report_in"]),
        (case("handled"), []),
    ],
)
def test_a_card_has_what_is_waited_for_and_the_usual(found: Case, moves: list[str]) -> None:
    assert rules.for_card(found, frozenset(("desk",))) == moves
    assert rules.for_card(found, frozenset(("other",))) == []


def test_what_one_tap_makes_asks_nothing() -> None:
    assert not [fact for name in rules.AT_ONCE for fact in MOVES[name].facts if fact.required]
    assert set(rules.WAYS_ON) | set(rules.PRESET) | rules.WITH_LAWS <= set(MOVES)
    for move, preset in rules.PRESET.items():
        options = {fact.key: fact.options for fact in MOVES[move].facts}
        assert all(value in options[key] for key, value in preset.items())


def test_every_stage_has_a_sentence_for_the_worker() -> None:
    assert set(rules.STANDS) | {"new"} == set(STAGES)
    assert rules.stands(case("closed", result="solved")) == "Put right"
    assert rules.stands(case("closed", result="solved", satisfied=False)) == "Closed"
    assert rules.stands(case("closed", result="explained")) == "Closed"


def test_where_nobody_checks_the_call_back_comes_before_sending_back() -> None:
    assert first(case("handled"), "desk", moves=["rework", "follow_up", "contact"])[:2] == ["follow_up", "rework"]
