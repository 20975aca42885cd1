"""What a reporter is told: every public step in plain words, nothing of what is internal."""

import string

import pytest

from yizhi.core.case import STAGES
from yizhi.core.loop import CLEARING, MOVES
from yizhi.matters import rules
from yizhi.matters.rules import note_is_shown, told

INTERNAL = (
    "supervise", "instruct", "consult", "opine", "whistle", "report_in", "conclude_whistle", "reassign",
    "add_assist", "assist_done", "release_assist", "copy", "extend", "excuse", "breach", "void",
)  # fmt: skip
KNOWN = {"unit", "named", "until", "ground", "workdays", "channel"}


def test_only_moves_of_the_loop_stand_in_the_table() -> None:
    assert set(rules.PUBLIC) <= set(MOVES)


@pytest.mark.parametrize("move", INTERNAL)
def test_what_is_internal_is_never_told(move: str) -> None:
    assert told(move, {"granted": True, "answer": "yes"}, by_reporter=False) is None
    assert not note_is_shown(move)


@pytest.mark.parametrize("move", sorted(CLEARING - {"finish"}))
def test_what_only_ended_with_something_else_is_not_told(move: str) -> None:
    assert told(move, {"lapsed": True}, by_reporter=False) is None


def test_a_proposal_is_not_told_before_it_happens() -> None:
    assert told("terminate", {"proposed": True}, by_reporter=False) is None
    assert told("terminate", {}, by_reporter=False) is not None


@pytest.mark.parametrize(
    "move", ["accept", "dispatch", "object", "arrive", "recall", "send_back", "escalate", "suspend", "verify"]
)
def test_notes_between_offices_stay_there(move: str) -> None:
    assert not note_is_shown(move)


@pytest.mark.parametrize("move", ["finish", "solve", "reply", "decline", "transfer", "ask", "progress", "terminate"])
def test_what_is_written_to_the_reporter_is_shown(move: str) -> None:
    assert note_is_shown(move)


@pytest.mark.parametrize(
    ("move", "facts", "own", "text"),
    [
        ("follow_up", {"answer": "yes"}, True, "You told us that it is solved. Thank you."),
        ("follow_up", {"answer": "not_reached"}, False, "We tried to reach you and could not."),
        ("grant_extension", {"granted": False}, False, "More time was asked for and not allowed."),
        ("rule", {"upheld": True, "unit": "x"}, False, "It was handed to {named}."),
        ("rule", {"upheld": False}, False, "It was settled that the unit that has it deals with it."),
        ("reopen", {}, True, "You asked that it be dealt with again:"),
        ("reopen", {}, False, "It is being dealt with again."),
        ("urge", {}, True, "You asked to hurry."),
    ],
)
def test_some_steps_are_told_by_what_came_of_them(move: str, facts: dict[str, object], own: bool, text: str) -> None:
    said = told(move, facts, by_reporter=own)
    assert said is not None
    assert said.text == text


@pytest.mark.parametrize(
    ("move", "facts"),
    [
        ("urge", {}),
        ("rule", {"lapsed": True}),
        ("follow_up", {"answer": "nobody_to_ask"}),
    ],
)
def test_some_steps_of_others_are_not_told(move: str, facts: dict[str, object]) -> None:
    assert told(move, facts, by_reporter=False) is None


def test_sentences_use_only_what_is_filled_in() -> None:
    for said in rules.PUBLIC.values():
        assert {name for _, name, _, _ in string.Formatter().parse(said.text) if name} <= KNOWN
    for text in rules.NEXT.values():
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= {"holder", "days", "appeal_days"}


def test_every_stage_has_a_headline() -> None:
    assert set(rules.HEADLINES) == set(STAGES) - {"new"}


@pytest.mark.parametrize(
    ("stage", "check", "asks"),
    [("verified", True, True), ("handled", False, True), ("handled", True, False), ("closed", True, False)],
)
def test_when_it_is_the_reporters_turn(stage: str, check: bool, asks: bool) -> None:
    assert rules.asks_reporter(stage, check) is asks
