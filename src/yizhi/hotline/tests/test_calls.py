"""A call: saved at every moment, it becomes a matter, an answered question, a referral, or words in an open matter."""

from datetime import timedelta
from uuid import UUID

import pytest

from yizhi.cases import actions as cases_actions
from yizhi.cases import queries as cases
from yizhi.cases.actions import Contact
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import BadFact, MissingFact, NotAllowed, NotFound
from yizhi.hotline import actions, queries
from yizhi.hotline.rules import Typed, without_numbers
from yizhi.people.testing import GRID

pytestmark = pytest.mark.django_db
CALL = UUID("0c7a1f6e-0000-4000-8000-000000000001")
PHONE = "139 0000 1234"
LAMPS = Typed(phone=PHONE, name="王女士", area=GRID, text="学校门口三盏路灯不亮", outcome="case")


def test_what_is_typed_lies_sealed_on_the_server(town: Town) -> None:
    chen = town.cast.chen
    assert actions.save(CALL, LAMPS, by=chen, at=town.at)
    assert queries.call(chen, CALL) == LAMPS
    assert "路灯" not in str(rows("SELECT * FROM hotline_call"))
    assert [one.gist for one in queries.unfinished(chen)] == [LAMPS.text]
    for outsider in (town.cast.gao, town.cast.qiu):
        assert queries.unfinished(outsider) == []
        assert not actions.save(CALL, Typed(text="anders"), by=outsider, at=town.at)
        with pytest.raises(NotFound):
            queries.call(outsider, CALL)
    with pytest.raises(NotAllowed):
        actions.save(CALL, LAMPS, by=town.cast.wei, at=town.at)


def test_it_becomes_a_matter_once_and_nothing_of_it_stays(town: Town) -> None:
    chen = town.cast.chen
    actions.save(CALL, LAMPS, by=chen, at=town.at)
    first = actions.finish(CALL, LAMPS, by=chen, at=town.at).receipt
    again = actions.finish(CALL, LAMPS, by=chen, at=town.at).receipt
    assert first is not None
    assert again is not None
    assert (again.number, again.code) == (first.number, first.code)
    whole = cases.case(chen, first.number)
    assert (whole.state.source, whole.contact["name"], whole.steps[0].door) == ("hotline", "王**", "hotline")
    assert not actions.save(CALL, LAMPS, by=chen, at=town.at), "a saving that comes late brings nothing back"
    assert rows("SELECT sealed, cipher FROM hotline_call") == [(None, None)]
    assert queries.unfinished(chen) == []
    actions.drop(UUID(int=7), by=chen, at=town.pass_(days=2))
    assert rows("SELECT id FROM hotline_call") == [(UUID(int=7),)]


def test_a_telephone_finds_what_is_open_and_nothing_else(town: Town) -> None:
    chen = town.cast.chen
    first = town.report("路灯不亮", contact=Contact("王女士", PHONE), category="0401")
    town.report("垃圾没人收", contact=Contact("李先生", "13700000000"))
    found = queries.open_matters(chen, "13900001234", at=town.at)
    assert [row.number for row in found] == [first.number]
    assert queries.open_matters(town.cast.qiu, PHONE, at=town.at) == []
    assert queries.open_matters(chen, "1390", at=town.at) == []
    assert queries.open_matters(chen, first.number, at=town.at) == []
    town.receipt = first
    town.move(town.lin, "withdraw")
    assert queries.open_matters(chen, PHONE, at=town.at) == []


def test_a_question_is_kept_without_a_person_and_found_for_the_next_one(town: Town) -> None:
    chen = town.cast.chen
    asked = Typed(
        phone=PHONE,
        name="王女士",
        text="办理老年优待证要带什么材料？我的电话 139-0000-1234",
        outcome="answered",
        answer="带身份证和一张照片，到社区桥头堡办理。",
    )
    assert actions.finish(CALL, asked, by=chen, at=town.at).receipt is None
    actions.finish(CALL, asked, by=chen, at=town.at)
    kept = rows("SELECT * FROM hotline_settled")
    assert len(kept) == 1
    assert all(word not in str(kept) for word in ("1390", "-1234", "王女士"))
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]
    (found,) = queries.answered_like("老年优待证办理要什么材料")
    assert found.answer == asked.answer
    assert queries.answered_like("楼下垃圾没有人清运") == []
    assert queries.answered_like("老年") == []


def test_a_referral_says_where(town: Town) -> None:
    chen = town.cast.chen
    gas = Typed(phone=PHONE, text="邻居家着火了", outcome="referred")
    with pytest.raises(MissingFact):
        actions.finish(CALL, gas, by=chen, at=town.at)
    with pytest.raises(MissingFact):
        actions.finish(CALL, Typed(text="问社保", outcome="referred", to="other"), by=chen, at=town.at)
    actions.finish(CALL, Typed(text="邻居家着火了", outcome="referred", to="119"), by=chen, at=town.at)
    assert rows("SELECT question, sent_to, office FROM hotline_settled") == [("邻居家着火了", "119", "")]


def test_words_reach_a_matter_that_is_open_under_the_telephone_only(town: Town) -> None:
    chen = town.cast.chen
    mine = town.report("路灯不亮", contact=Contact("王女士", PHONE), category="0401")
    other = town.report("垃圾没人收", contact=Contact("李先生", "13700000000"))
    words = Typed(phone=PHONE, text="昨天又灭了两盏", outcome="added", matter=other.number)
    with pytest.raises(BadFact):
        actions.finish(CALL, words, by=chen, at=town.at)
    with pytest.raises(MissingFact):
        actions.finish(CALL, Typed(phone=PHONE, text="昨天", outcome="added"), by=chen, at=town.at)
    said = Typed(phone=PHONE, text=words.text, outcome="added", matter=mine.number)
    for _ in range(2):
        assert actions.finish(CALL, said, by=chen, at=town.at).number == mine.number
    steps = cases.case(chen, mine.number).steps
    assert [(step.move, step.note, step.door) for step in steps[1:]] == [("add", words.text, "hotline")]
    assert cases_actions.erase(mine.number, by=Actor(reporter_of=mine.case_id), at=town.at, words=True)
    assert cases.case(chen, mine.number).steps[1].note is None


@pytest.mark.parametrize(
    "typed",
    [
        Typed(text="路灯不亮", area=GRID),
        Typed(area=GRID, outcome="case"),
        Typed(text="路灯不亮", outcome="case"),
        Typed(text="怎么办", outcome="answered"),
        Typed(text="路灯不亮", outcome="case", area="340405"),
    ],
)
def test_what_is_missing_is_said_and_the_call_stays(town: Town, typed: Typed) -> None:
    chen = town.cast.chen
    actions.save(CALL, typed, by=chen, at=town.at)
    with pytest.raises((MissingFact, BadFact)):
        actions.finish(CALL, typed, by=chen, at=town.at)
    assert queries.call(chen, CALL) == typed


def test_dropped_is_gone(town: Town) -> None:
    actions.save(CALL, LAMPS, by=town.cast.chen, at=town.at)
    with pytest.raises(NotFound):
        actions.drop(CALL, by=town.cast.qiu, at=town.at)
    actions.drop(CALL, by=town.cast.chen, at=town.at + timedelta(minutes=1))
    assert queries.call(town.cast.chen, CALL) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("打 13900001234 找我", "打 … 找我"),
        ("身份证 34040519700101123X", "身份证 …"),
        ("3号楼2单元 12345", "3号楼2单元 12345"),
    ],
)
def test_numbers_of_people_are_not_kept(said: str, kept: str) -> None:
    assert without_numbers(said) == kept
