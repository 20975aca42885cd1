"""One's own record: with a code in hand and the end of one's ID number, and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from yizhi.cases import city
from yizhi.cases.city import current
from yizhi.cases.testing import rows
from yizhi.core.errors import NotFound
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.registry import actions, queries
from yizhi.registry.actions.mine import NobodysRecord, WrongCode
from yizhi.registry.kinds import RIGHTS
from yizhi.registry.testing import ID_CARD, NAME, House

LAST = ID_CARD[-4:]


@pytest.fixture
def home(house: House) -> House:
    """In a city that offers the kind."""
    city.install(current().profile, [*KINDS.values(), RIGHTS])
    return house


def _in(home: House) -> Client:
    code = actions.hand_over(home.person, by=home.wei, at=timezone.now())
    client = Client()
    answer = client.post("/mine/", {"code": f" {code[:5]} {code[5:].lower()}", "last_four": LAST})
    assert answer.status_code == 302
    return client


def test_a_code_opens_the_record_once_and_for_a_short_time(home: House) -> None:
    code = actions.hand_over(home.person, by=home.wei, at=home.at)
    assert code not in str(rows("SELECT * FROM registry_handing"))
    with pytest.raises(WrongCode):
        actions.enter(code, "9999", at=home.at)
    with pytest.raises(WrongCode):
        actions.enter(code, LAST, at=home.at + timedelta(minutes=31))
    assert actions.enter(code, LAST, at=home.at).record == home.person
    with pytest.raises(WrongCode):
        actions.enter(code, LAST, at=home.at)


@pytest.mark.parametrize("typed", ["".join(chr(ord(one) + 0xFEE0) for one in LAST), f" {LAST[:2]}-{LAST[2:]} "])
def test_digits_are_read_as_people_type_them(home: House, typed: str) -> None:
    code = actions.hand_over(home.person, by=home.wei, at=home.at)
    assert actions.enter(code, typed, at=home.at).record == home.person


def test_what_is_no_digit_at_all_opens_nothing(home: House) -> None:
    code = actions.hand_over(home.person, by=home.wei, at=home.at)
    for typed in ("四位尾号", "", "é" * 4):
        with pytest.raises(WrongCode):
            actions.enter(code, typed, at=home.at)


def test_a_code_that_was_used_a_moment_earlier_opens_nothing(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    code = actions.hand_over(home.person, by=home.wei, at=home.at)
    real = queries.own

    def meanwhile(number: int) -> queries.Record:
        rows("UPDATE registry_handing SET used = now() RETURNING id")
        return real(number)

    monkeypatch.setattr(queries, "own", meanwhile)
    with pytest.raises(WrongCode):
        actions.enter(code, LAST, at=home.at)


def test_the_digits_cannot_be_guessed(home: House) -> None:
    code = actions.hand_over(home.person, by=home.wei, at=home.at)
    for guess in range(1, 6):
        with pytest.raises(WrongCode):
            actions.enter(code, f"{guess:04}", at=home.at)
    with pytest.raises(WrongCode):
        actions.enter(code, LAST, at=home.at)


def test_a_code_is_handed_over_by_who_uses_the_records_of_the_place(home: House) -> None:
    with pytest.raises(NotFound):
        actions.hand_over(home.person, by=home.qiu, at=home.at)
    with pytest.raises(NobodysRecord):
        actions.hand_over(home.household, by=home.wei, at=home.at)


def test_the_person_sees_all_of_it_and_who_looked(home: House) -> None:
    actions.look(home.person, "visit", by=home.chen, at=home.at)
    mine = _in(home)
    told = mine.get("/mine/").content.decode()
    for expected in (NAME, ID_CARD, "柳荫社区桥头堡", "上门走访核对信息", "个人信息保护法第三十四条"):
        assert expected in told
    assert NAME in mine.get("/mine/copy").content.decode()
    assert NAME not in Client().get("/mine/").content.decode()
    assert Client().get("/mine/copy").status_code == 404
    mine.post("/mine/leave")
    assert NAME not in mine.get("/mine/").content.decode()


def test_a_wrong_code_says_not_what_was_wrong(home: House) -> None:
    code = actions.hand_over(home.person, by=home.wei, at=timezone.now())
    told = [Client().post("/mine/", {"code": one, "last_four": "0001"}) for one in (code, "AAAAAAAAAA")]
    assert [one.status_code for one in told] == [422, 422]
    assert NAME not in told[0].content.decode()


def test_a_request_becomes_a_matter_with_a_clock_that_nobody_else_sees(home: House) -> None:
    mine = _in(home)
    assert mine.post("/mine/ask", {"wanted": "record_correct", "text": "", "key": "a"}).status_code == 422
    for _ in "ab":  # sent twice it is one
        answer = mine.post("/mine/ask", {"wanted": "record_correct", "text": "电话换了", "key": "b" * 36})
        assert answer.status_code == 302
    ((number, secret, due),) = rows("SELECT number, secret, due FROM cases_case")
    assert secret
    assert due is not None
    assert not rows("SELECT 1 FROM cases_case WHERE state::text LIKE '%%\"arrive\"%%'"), "nobody promises a visit"
    assert "电话换了" not in str(rows("SELECT body FROM cases_text"))
    assert mine.get(answer.headers["Location"]).status_code == 200
    now = timezone.now()
    assert signed_in(home.town.cast.ids["chen"], now).get(f"/desk/{number}/").status_code == 200
    for login in ("qiu", "ding", "wei"):
        assert signed_in(home.town.cast.ids[login], now).get(f"/desk/{number}/").status_code == 404


def test_who_asks_for_deletion_is_deleted(home: House) -> None:
    mine = _in(home)
    mine.post("/mine/ask", {"wanted": "record_delete", "text": "", "key": "c" * 36})
    ((number,),) = rows("SELECT number FROM cases_case")
    chen = signed_in(home.town.cast.ids["chen"], timezone.now())
    assert "/delete" in chen.get(f"/desk/{number}/").content.decode()
    with pytest.raises(NotFound):
        actions.delete(number, by=home.qiu, at=home.at)
    with pytest.raises(NotFound):
        actions.delete(number, by=home.wei, at=home.at)
    assert chen.post(f"/records/requests/{number}/delete").status_code == 302
    assert not rows("SELECT 1 FROM registry_recordkey WHERE record_id = %s", home.person)
    with pytest.raises(NotFound):
        queries.own(home.person)
    assert NAME not in mine.get("/mine/").content.decode()
    assert chen.get(f"/desk/{number}/").status_code == 200
