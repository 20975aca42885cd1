"""The page behind the reporter's code: what is told there, and what can be answered."""

from typing import Any

import pytest
from django.test import Client

from yizhi.cases import actions, queries
from yizhi.cases.testing import Town, rows
from yizhi.core.case import Case
from yizhi.matters.tests.resident import TEXT, hidden, page
from yizhi.people.testing import COMMUNITY_DESK, STREET_DESK, URBAN


def test_a_code_that_opens_nothing(phone: Client, now: Town) -> None:
    assert phone.get("/c/ABCDEFGHJKLMN").status_code == 404
    assert phone.post("/c/ABCDEFGHJKLMN/urge").status_code == 404


def test_the_number_alone_opens_nothing(phone: Client, now: Town, code: str) -> None:
    assert phone.get(f"/c/{now.receipt.number}").status_code == 404


def test_steps_in_plain_words_and_nothing_internal(phone: Client, now: Town, code: str) -> None:
    cast = now.cast
    now.move(cast.chen, "accept", category="0401", note="内部：老问题了")
    now.move(cast.chen, "dispatch", unit=URBAN, note="内部：请抓紧")
    now.move(cast.he, "supervise", level="yellow", note="内部：黄牌")
    now.move(cast.ding, "sign")
    now.move(cast.ding, "arrive", note="内部：现场情况")
    now.move(cast.ding, "progress", note="灯头已订货，明天换")
    shown = page(phone, code)
    for said in ("柳荫社区桥头堡已经受理。", "已交给青禾区城市管理局办理。", "到现场看过了", "灯头已订货，明天换"):
        assert said in shown
    for kept in ("内部", "黄牌", "督办", "超时", "案件"):
        assert kept not in shown


def test_the_newest_step_stands_first(phone: Client, now: Town, code: str) -> None:
    now.move(now.cast.chen, "accept", category="0401")
    shown = page(phone, code)
    assert shown.index("已经受理") < shown.index("我们收到了")


def solved(now: Town) -> None:
    now.move(now.cast.chen, "solve", result="solved", note="灯泡已换好", category="0401")


def case(now: Town) -> Case:
    return queries.state(now.receipt.case_id)


def tap(phone: Client, code: str, move: str, **fields: str) -> Any:
    shown = page(phone, code)
    return phone.post(f"/c/{code}/{move}", {"key": hidden(shown), "expected": hidden(shown, "expected"), **fields})


def test_solved_by_one_tap(phone: Client, now: Town, code: str) -> None:
    solved(now)
    assert "真的解决了吗？" in page(phone, code)
    assert tap(phone, code, "follow_up", answer="yes").status_code == 302
    assert (case(now).stage, case(now).satisfied) == ("closed", True)
    assert "您告诉我们：已经解决" in page(phone, code)


def test_not_solved_by_one_tap(phone: Client, now: Town, code: str) -> None:
    solved(now)
    tap(phone, code, "follow_up", answer="no", note="晚上还是不亮")
    assert (case(now).stage, case(now).satisfied) == ("accepted", False)
    assert "晚上还是不亮" in page(phone, code)


def test_an_answer_that_is_none_changes_nothing(phone: Client, now: Town, code: str) -> None:
    solved(now)
    answer = tap(phone, code, "follow_up", answer="nobody_to_ask", note="写好的话")
    assert answer.status_code == 422
    assert "写好的话" in answer.content.decode()
    assert case(now).stage == "handled"


def test_once_closed_it_can_be_taken_up_again_without_writing_why(phone: Client, now: Town, code: str) -> None:
    solved(now)
    tap(phone, code, "follow_up", answer="yes")
    assert tap(phone, code, "reopen").status_code == 302
    assert case(now).stage == "accepted"
    assert "没解决，请再办。" in page(phone, code)


def test_reopening_is_not_offered_for_ever(phone: Client, now: Town, code: str) -> None:
    solved(now)
    now.move(now.lin, "follow_up", answer="yes")
    rows(
        "UPDATE cases_case SET state = jsonb_set(state::jsonb, '{moved}', to_jsonb(now() - interval '40 days'))"
        " WHERE id = %s",
        now.receipt.case_id,
    )
    assert "没解决，请再办" not in page(phone, code)


def test_adding_urging_and_withdrawing(phone: Client, now: Town, code: str) -> None:
    assert tap(phone, code, "add", note="是左边那盏").status_code == 302
    assert tap(phone, code, "urge").status_code == 302
    assert "是左边那盏" in page(phone, code)
    assert tap(phone, code, "withdraw").status_code == 302
    assert case(now).stage == "ended"
    assert "您撤回了这件事。" in page(phone, code)


def test_adding_nothing_is_asked_for(phone: Client, now: Town, code: str) -> None:
    answer = tap(phone, code, "add", note="")
    assert answer.status_code == 422
    assert "请填写“补充内容”。" in answer.content.decode()


def test_a_tap_sent_twice_counts_once(phone: Client, now: Town, code: str) -> None:
    fields = {"key": hidden(page(phone, code)), "expected": "1"}
    for _ in range(2):
        assert phone.post(f"/c/{code}/urge", fields).status_code == 302
    assert [step.move for step in queries.tracked(code).steps].count("urge") == 1


def test_an_answer_to_a_page_that_is_old_is_kept_and_told(phone: Client, now: Town, code: str) -> None:
    solved(now)
    shown = page(phone, code)
    now.move(now.lin, "follow_up", answer="no")
    fields = {"key": hidden(shown), "expected": hidden(shown, "expected"), "answer": "yes", "note": "挺好的"}
    answer = phone.post(f"/c/{code}/follow_up", fields)
    assert answer.status_code == 409
    assert "挺好的" in answer.content.decode()


@pytest.mark.parametrize("move", ["accept", "dispatch", "close_unanswered", "nonsense", "breach"])
def test_the_reporter_makes_only_the_reporters_moves(phone: Client, now: Town, code: str, move: str) -> None:
    before = case(now).seq
    assert tap(phone, code, move).status_code in (403, 409)
    assert case(now).seq == before


def test_going_to_an_answer_by_its_address_leads_to_the_page(phone: Client, code: str) -> None:
    answer = phone.get(f"/c/{code}/urge")
    assert (answer.status_code, answer["Location"]) == (302, f"/c/{code}")


def test_who_looked_and_why_stands_on_the_page(phone: Client, now: Town) -> None:
    offices = (COMMUNITY_DESK, STREET_DESK)  # then the district's desk holds it
    now.report(TEXT, contact=actions.Contact("林秀英", "13812345678"), about=offices)
    shown = page(phone, now.receipt.code)
    assert "还没有人看过" in shown
    actions.look(now.receipt.number, "phone", purpose="约定上门时间", by=now.cast.he, at=now.at)
    shown = page(phone, now.receipt.code)
    assert "约定上门时间" in shown
    assert "青禾区指挥部" in shown


def test_a_merged_matter_tells_what_becomes_of_the_main_one(phone: Client, now: Town, code: str) -> None:
    twin = now.receipt.number
    main = now.report("路灯不亮", by=now.lin).number
    now.move(now.cast.chen, "accept", category="0401")
    merged = queries.tracked(code)
    actions.move(twin, "accept", {"category": "0401"}, by=now.cast.chen, at=now.at)
    into = now.receipt.case_id
    actions.move(twin, "merge", {"into": into}, by=now.cast.chen, at=now.pass_(seconds=1))
    actions.move(main, "add", {"note": "别人补充的话"}, by=now.lin, at=now.pass_(seconds=1))
    actions.move(main, "solve", {"result": "solved", "note": "两盏都修好了"}, by=now.cast.chen, at=now.pass_(seconds=1))
    shown = page(phone, code)
    assert merged.number in shown
    assert "两盏都修好了" in shown
    assert "别人补充的话" not in shown, "another reporter's own words"


def test_in_english_when_asked_for(now: Town, code: str) -> None:
    phone = Client()
    phone.post("/language", {"language": "en"})
    assert "We have it. Thank you." in page(phone, code)
