"""A conversation: begun without an account, answered by whose it is, made a matter in one step, gone in the end."""

from datetime import timedelta

import pytest
from django.test import Client

from yizhi.cases import actions as moved
from yizhi.cases import queries as cases
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.doors.testing import signed_in
from yizhi.people.testing import COMMUNITY_DESK, GRID
from yizhi.wishes import actions, queries, rules
from yizhi.wishes.tests.helping import hidden, send, text

ASKED = "社区图书室周末开门吗"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def code(box: Town) -> str:
    """Of a conversation that began just now."""
    return actions.begin(GRID, ASKED, at=box.at, key="k" * 32)


def test_it_comes_to_the_desk_of_the_place_sealed(box: Town, phone: Client) -> None:
    answer = send(phone, f"/chat/{GRID}", text=ASKED)
    assert answer.status_code == 302, text(answer)
    assert rows("SELECT desk FROM wishes_talk") == [(COMMUNITY_DESK,)]
    assert ASKED.encode() not in bytes(rows("SELECT cipher FROM wishes_line")[0][0])
    assert ASKED in text(phone.get(answer["Location"]))


def test_words_that_are_sent_twice_are_said_once(box: Town, phone: Client, code: str) -> None:
    assert actions.begin(GRID, ASKED, at=box.at, key="k" * 32) == code
    key = hidden(text(phone.get(f"/talk/{code}")))
    for _ in range(2):
        phone.post(f"/talk/{code}", {"text": "还有一个问题", "key": key})
    assert rows("SELECT count(*) FROM wishes_line") == [(2,)]


def test_the_desk_answers_and_the_resident_reads_it(box: Town, phone: Client, code: str) -> None:
    chen = signed_in(box.cast.ids["chen"], box.at)
    assert "1" in text(chen.get("/talks/owed"))
    talk = queries.held(code)
    assert send(chen, f"/talks/{talk.id}", text="周六上午开门").status_code == 302
    assert "周六上午开门" in text(phone.get(f"/talk/{code}"))
    assert queries.held(code).due is None
    assert "hidden" in text(chen.get("/talks/owed"))


def test_a_page_that_is_open_is_told_only_what_is_new(box: Town, phone: Client, code: str) -> None:
    seen = queries.held(code).mark
    assert phone.get(f"/talk/{code}?seen={seen}", headers=HTMX).status_code == 204
    actions.answer(queries.held(code).id, "开门", by=box.cast.chen, at=box.at, key="a")
    part = phone.get(f"/talk/{code}?seen={seen}", headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in text(part)


@pytest.mark.parametrize("who", ["qiu", "gao", "wei", "ding"])
def test_whose_it_is_not_finds_nothing(box: Town, code: str, who: str) -> None:
    """Qiu and Gao answer at other desks, Wei and Ding at none."""
    talk, browser = queries.held(code).id, signed_in(box.cast.ids[who], box.at)
    expected = 404 if who in ("qiu", "gao") else 403
    assert browser.get(f"/talks/{talk}").status_code == expected
    assert ASKED not in text(browser.get("/talks/"))
    for act in (actions.end_at_desk, actions.make_case):
        with pytest.raises(NotFound):
            act(talk, by=getattr(box.cast, who), at=box.at)
    with pytest.raises(NotFound):
        actions.answer(talk, "不是我的", by=getattr(box.cast, who), at=box.at, key="a")


def test_it_becomes_a_matter_with_its_words_once(box: Town, phone: Client, code: str) -> None:
    chen, talk = signed_in(box.cast.ids["chen"], box.at), queries.held(code).id
    actions.answer(talk, "具体是哪里", by=box.cast.chen, at=box.at, key="a")
    actions.say(code, "三号楼门口的灯不亮", at=box.at, key="b")
    for _ in range(2):
        assert chen.post(f"/talks/{talk}/case").status_code == 302
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]
    found = queries.held(code)
    whole = cases.tracked(found.tracking)
    assert (whole.number, whole.state.source) == (found.number, "chat")
    assert whole.text == f"居民：{ASKED}\n社区：具体是哪里\n居民：三号楼门口的灯不亮"
    assert found.number in text(phone.get(f"/talk/{code}"))


def test_what_nobody_answers_becomes_a_matter_by_itself(box: Town, code: str) -> None:
    due = queries.held(code).due
    assert due is not None
    assert actions.turn(due - timedelta(seconds=1)) == 0
    assert actions.turn(due) == 1
    found = queries.held(code)
    assert cases.tracked(found.tracking).text == ASKED
    assert rows("SELECT door, account FROM cases_event WHERE move = 'report'") == [("chat", None)]
    assert actions.turn(due) == 0


def test_what_is_said_later_goes_on_to_the_matter_and_is_one_of_its_own_when_that_has_ended(
    box: Town, code: str
) -> None:
    actions.make_case(queries.held(code).id, by=box.cast.chen, at=box.at)
    first = queries.held(code)
    actions.say(code, "后门的灯也坏了", at=box.at, key="b")
    assert actions.turn(box.at + timedelta(days=9)) == 1
    assert [step.note for step in cases.tracked(first.tracking).steps if step.move == "add"] == ["后门的灯也坏了"]

    moved.move(first.number, "withdraw", by=Actor(reporter_of=cases.tracked(first.tracking).id), at=box.at)
    actions.say(code, "又坏了", at=box.at, key="c")
    assert actions.turn(box.at + timedelta(days=9)) == 1
    second = queries.held(code)
    assert second.number != first.number
    assert cases.tracked(second.tracking).text == "又坏了"


def test_it_ends_by_itself_after_the_desks_word_never_before(box: Town, code: str) -> None:
    assert actions.end_quiet(box.at + timedelta(days=9)) == 0
    actions.answer(queries.held(code).id, "开门", by=box.cast.chen, at=box.at, key="a")
    assert actions.end_quiet(box.at + timedelta(minutes=119)) == 0
    assert actions.end_quiet(box.at + timedelta(minutes=121)) == 1
    with pytest.raises(rules.TalkOver):
        actions.say(code, "还在吗", at=box.at, key="b")


def test_nothing_is_left_after_the_citys_days(box: Town, code: str) -> None:
    actions.end(code, at=box.at)
    assert actions.forget(box.at + timedelta(days=29)) == 0
    assert actions.forget(box.at + timedelta(days=31)) == 1
    assert rows("SELECT (SELECT count(*) FROM wishes_talk) + (SELECT count(*) FROM wishes_line)") == [(0,)]


def test_the_resident_erases_every_word_at_once(box: Town, phone: Client, code: str) -> None:
    assert phone.post(f"/talk/{code}/end", {"erase": "1"}).status_code == 200
    assert rows("SELECT count(*) FROM wishes_line") == [(0,)]
    assert phone.get(f"/talk/{code}").status_code == 404


def test_a_desk_does_not_end_what_it_has_not_answered(box: Town, code: str) -> None:
    talk = queries.held(code).id
    with pytest.raises(rules.StillOwed):
        actions.end_at_desk(talk, by=box.cast.chen, at=box.at)
    chen = signed_in(box.cast.ids["chen"], box.at)
    assert chen.post(f"/talks/{talk}/end").status_code == 422
    actions.answer(talk, "开门", by=box.cast.chen, at=box.at, key="a")
    assert chen.post(f"/talks/{talk}/end").status_code == 302
    assert ASKED not in text(chen.get("/talks/"))


def test_nobody_writes_faster_than_people_do(box: Town, phone: Client, code: str) -> None:
    answers = [phone.post(f"/talk/{code}", {"text": f"第{n}句", "key": f"key-{n}"}).status_code for n in range(21)]
    assert answers == [302] * 20 + [429]


@pytest.mark.parametrize(("words", "told"), [("", "您要说的话"), ("长" * 2001, "2000")])
def test_what_cannot_be_kept_is_refused_and_stands_there_still(
    box: Town, phone: Client, code: str, words: str, told: str
) -> None:
    answer = send(phone, f"/talk/{code}", text=words)
    assert answer.status_code == 422
    assert told in text(answer)
    assert words in text(answer)


def test_a_long_conversation_is_cut_in_front() -> None:
    told = rules.as_report([("居民", "一" * 30), ("社区", "二" * 30)], 40)
    assert len(told) == 40
    assert told.endswith("二" * 30)
