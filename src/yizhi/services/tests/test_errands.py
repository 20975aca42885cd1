"""An errand: the papers that were handed over, each given back, and no end before."""

import re
from typing import Any

import pytest
from django.test import Client

from yizhi.cases import guards, queries
from yizhi.cases.actions import Contact, Report
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import KeyReused, NotAllowed, NotFound
from yizhi.doors.testing import signed_in
from yizhi.people.queries import actor_of
from yizhi.people.testing import GRID, GRID_UNIT
from yizhi.services import actions, page, rules
from yizhi.services import queries as asked
from yizhi.services.tests.helping import send, text

WHAT = "代办老年优待证"
PAPERS = ("身份证（原件）", "一寸照片")


def errand(town: Town, *papers: str, by: Actor | None = None, key: str = "k1") -> Any:
    report = Report(
        text=WHAT,
        area=GRID,
        source="field",
        contact=Contact("孙桂兰", "13800001234"),
        place="幸福里8栋",
        facts={"agreed": "behalf_told"},
    )
    town.receipt = actions.take_on(report, papers, by=by or town.cast.wei, at=town.at, key=key)
    return town.receipt


def test_an_errand_begins_at_the_grid_with_its_papers(helped: Town) -> None:
    receipt = errand(helped, *PAPERS)
    case = queries.state(receipt.case_id)
    assert (case.kind, case.category, case.holder) == ("service", "0806", GRID_UNIT)
    assert asked.out(receipt.case_id) == list(PAPERS)
    assert errand(helped, *PAPERS).replayed
    assert rows("SELECT count(*) FROM services_paper") == [(2,)]
    with pytest.raises(KeyReused):
        errand(helped, *PAPERS, "户口本")


def test_it_cannot_end_while_a_paper_is_out(helped: Town) -> None:
    receipt = errand(helped, *PAPERS)
    helped.move(helped.cast.wei, "take")
    with pytest.raises(rules.PapersOut) as refused:
        helped.move(helped.cast.wei, "finish", result="solved", note="证已办好")
    assert refused.value.facts["papers"] == "、".join(PAPERS)
    for paper in asked.papers(receipt.case_id):
        actions.give_back(receipt.number, paper.id, by=helped.cast.wei, at=helped.at)
    helped.move(helped.cast.wei, "finish", result="solved", note="证已办好")
    assert helped.case().stage != "handling"


def test_without_the_guard_it_would_end(helped: Town) -> None:
    errand(helped, *PAPERS)
    guards.install()
    helped.move(helped.cast.wei, "solve", result="solved", note="证已办好")
    assert helped.case().stage != "reported"


def test_its_person_can_always_withdraw_and_the_paper_stays_on_the_list(helped: Town) -> None:
    errand(helped, "户口本")
    helped.move(helped.lin, "withdraw")
    assert [(one.row.stage, one.out) for one in asked.errands(helped.cast.wei, helped.at)] == [("ended", 1)]


@pytest.mark.parametrize("name", ["身份证 340405195001011234", "户口本号：1234 5678 9012", "残疾证34040519500101123X"])
def test_no_number_of_a_paper_is_written_down(helped: Town, name: str) -> None:
    with pytest.raises(rules.NumberOfPaper):
        errand(helped, name)
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_one_more_paper_is_taken_and_the_same_is_not(helped: Town) -> None:
    receipt = errand(helped, "户口本")
    actions.hand_over(receipt.number, "病历", by=helped.cast.wei, at=helped.at)
    assert asked.out(receipt.case_id) == ["户口本", "病历"]
    with pytest.raises(rules.PaperIsOut):
        actions.hand_over(receipt.number, "病历", by=helped.cast.wei, at=helped.at)


def test_others_know_nothing_of_it(helped: Town) -> None:
    receipt = errand(helped, "户口本")
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id = 'desk-999901002'", [rules.POWER])
    qiu, paper = actor_of(helped.cast.ids["qiu"], helped.at), asked.papers(receipt.case_id)[0].id
    assert qiu is not None
    with pytest.raises(NotFound):
        actions.hand_over(receipt.number, "病历", by=qiu, at=helped.at)
    with pytest.raises(NotFound):
        actions.give_back(receipt.number, paper, by=qiu, at=helped.at)
    with pytest.raises(NotAllowed):
        actions.give_back(receipt.number, paper, by=helped.cast.ding, at=helped.at)
    assert asked.out(receipt.case_id) == ["户口本"]


def test_the_worker_writes_one_down_and_prints_its_slip(helped: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "pdf", str.encode)  # printing takes seconds; what is printed is what counts here
    browser = signed_in(helped.cast.ids["wei"], helped.at)
    fields = {"text": WHAT, "agreed": "own", "area": GRID, "name": "孙桂兰", "phone": "13800001234", "papers": PAPERS}
    assert send(browser, "/field/errands/new", **fields | {"name": ""}).status_code == 422
    answer = send(browser, "/field/errands/new", **fields)
    assert answer.status_code == 200, text(answer)
    (number, case) = rows("SELECT number, id FROM cases_case")[0]
    assert "data-offline" in text(browser.get("/field/errands/new"))
    assert number in text(browser.get("/field/errands/"))
    assert "一寸照片" in text(browser.get(f"/field/{number}/"))
    slip = text(browser.get(f"/field/errands/{number}/slip"))
    assert [slip.count(said) for said in (*PAPERS, "孙**", "孙桂兰", "/c/")] == [2, 2, 2, 0, 0]
    code = re.search(r'name="code" value="(\w+)"', text(answer))
    assert code
    assert "data:image/svg" in text(browser.post(f"/field/errands/{number}/slip", {"code": code[1]}))
    assert browser.post(f"/field/errands/{number}/slip", {"code": "AAAAAAAAAAAAA"}).status_code == 404
    assert signed_in(helped.cast.ids["qiu"], helped.at).get(f"/field/errands/{number}/slip").status_code == 404
    paper = asked.papers(case)[0].id
    assert browser.post(f"/field/errands/{number}/papers/{paper}/back").status_code == 302
    assert asked.out(case) == ["一寸照片"]


def test_a_resident_asks_for_one(helped: Town) -> None:
    phone = Client()
    assert send(phone, f"/errand/{GRID}", text=WHAT, agreed="own").status_code == 422
    answer = send(phone, f"/errand/{GRID}", text=WHAT, agreed="own", phone="13800001234", wanted="2099-01-05")
    assert answer.status_code == 302, text(answer)
    case = queries.tracked(answer["Location"].rpartition("/")[2])
    assert (case.state.kind, case.steps[0].facts["agreed"]) == ("service", "own")
    assert case.steps[0].facts["wanted"].startswith("2099-01-05")
    made = "INSERT INTO services_paper (case_id, name, given) VALUES (%s, '户口本', now()) RETURNING name"
    assert rows(made, case.id)[0][0] in text(phone.get(answer["Location"]))
