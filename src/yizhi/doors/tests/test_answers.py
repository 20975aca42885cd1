"""Every refusal has a status and one sentence without holes; what is not found says nothing."""

from collections.abc import Iterator

import pytest

from yizhi.core import asked, errors
from yizhi.core.asked import Fact
from yizhi.core.case import STAGES
from yizhi.core.errors import Refusal
from yizhi.core.loop import MOVES
from yizhi.doors import words
from yizhi.doors.answers import STATUS, TITLES, answer_for


def refusals(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    yield base
    for one in base.__subclasses__():
        yield from refusals(one)


def _name(refusal: type[Refusal]) -> str:
    return refusal.__name__


ALL = sorted(set(refusals()), key=_name)


@pytest.mark.parametrize("refusal", ALL, ids=_name)
def test_every_refusal_can_be_told(refusal: type[Refusal]) -> None:
    made = refusal.__new__(refusal)
    Refusal.__init__(made)
    answer = answer_for(made)
    assert answer.status in TITLES
    assert answer.code
    assert answer.sentence


def test_every_status_has_a_title() -> None:
    assert set(STATUS.values()) <= set(TITLES)


def test_an_illegal_move_names_the_open_ones() -> None:
    answer = answer_for(errors.IllegalMove(move="Accept", stage="handling", open=["finish"]))
    assert (answer.status, answer.code) == (409, "illegal_move")
    assert answer.open == (("finish", words.move_name("finish")),)
    assert words.stage_name("handling") in answer.sentence
    assert "{" not in answer.sentence


def test_a_bad_fact_names_its_field_and_fills_the_reason() -> None:
    answer = answer_for(
        errors.BadFact(fact="note", label="Reason", why="it is longer than {limit} characters", limit=9)
    )
    assert answer.fact == "note"
    assert "9" in answer.sentence
    assert "{" not in answer.sentence


def test_a_missing_fact_of_a_sentence_never_breaks_it() -> None:
    assert "{label}" in answer_for(errors.MissingFact(fact="note")).sentence


def test_hidden_and_absent_are_told_alike() -> None:
    assert answer_for(errors.NotFound(area="340405")) == answer_for(errors.NotFound())


def test_every_code_of_the_loop_has_a_word() -> None:
    assert set(STAGES) == set(words.STAGES)
    assert {who for move in MOVES.values() for who in move.who} <= set(words.STANDINGS)
    facts = [fact for fact in vars(asked).values() if isinstance(fact, Fact)]
    assert {option for fact in facts for option in fact.options} <= set(words.CHOICES)
