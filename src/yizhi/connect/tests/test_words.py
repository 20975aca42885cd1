"""A department's own status words become moves like everybody's."""

from typing import Any

import pytest

from yizhi.cases import queries
from yizhi.cases.testing import Town
from yizhi.connect import rules
from yizhi.connect.actions import saying
from yizhi.connect.tests.agreed import Agreed, assigned
from yizhi.core.loop import MOVES
from yizhi.doors.testing import Program, assert_problem
from yizhi.doors.throttle import Limit
from yizhi.people.testing import URBAN

WORDS = {"已派单": "sign", "现场处置中": "progress", "处理完毕": "finish:solved", "已打印": ""}


@pytest.fixture
def spoken(now: Town) -> Town:
    Agreed(now, words=WORDS, fields=())
    assigned(now)
    return now


def _say(town: Town, word: str, note: str = "", login: str = "ding", **headers: str) -> Any:
    number, account = town.receipt.number, town.cast.ids[login]
    return Program(account).post(f"cases/{number}/status", {"word": word, "note": note}, **headers)


def test_a_matter_is_carried_through_in_their_words(spoken: Town) -> None:
    told = [_say(spoken, word).json() for word in ("已打印", "已派单", "现场处置中")]
    assert [one["move"] for one in told] == ["", "sign", "progress"]
    assert told[0]["done"] is None
    done = _say(spoken, "处理完毕", "已清运").json()["done"]
    assert (done["stage"], done["moves"]) == ("handled", ["finish"])
    assert spoken.case().result == "solved"


def test_a_word_without_a_note_stands_for_itself(spoken: Town) -> None:
    _say(spoken, "已派单")
    _say(spoken, "处理完毕")
    whole = queries.case(spoken.cast.ding, spoken.receipt.number)
    assert whole.steps[-1].note == "处理完毕"


def test_sent_twice_is_done_once(spoken: Town) -> None:
    first, second = (_say(spoken, "已派单", Idempotency_Key="a").json() for _ in range(2))
    assert (first["done"]["seq"], second["done"]["seq"], second["done"]["replayed"]) == (4, 4, True)
    assert_problem(_say(spoken, "已派单"), 409, "illegal_move")


def test_a_word_that_was_not_agreed_names_those_that_were(spoken: Town) -> None:
    told = assert_problem(_say(spoken, "已归档"), 422, "unknown_word")
    assert all(word in told["detail"] for word in WORDS)


def test_without_an_agreement_there_is_nothing_here(spoken: Town) -> None:
    assert_problem(_say(spoken, "已派单", login="fang"), 404, "not_found")
    assert_problem(_say(spoken, "已派单", login="qiu"), 404, "not_found")


def test_a_matter_that_is_not_theirs_is_not_found(spoken: Town) -> None:
    spoken.report(about=(URBAN,))
    assert_problem(_say(spoken, "已派单"), 404, "not_found")


def test_two_programs_that_answer_each_other_are_stopped(spoken: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "MOST", Limit("connect.words", 3, 60))
    assert [_say(spoken, "已打印").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_every_step_is_a_move_that_the_loop_knows() -> None:
    for move, facts in rules.STEPS.values():
        if move:
            asked = {fact.key: fact for fact in MOVES[move].facts}
            assert all(value in asked[key].options for key, value in facts.items())
