"""The case page: the moves open now, forms in place, what is kept when a move is refused, looks with a purpose."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from yizhi.cases import queries
from yizhi.cases.actions import Contact
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import COMMUNITY_DESK, GRID_UNIT, OTHER_GRID, STATION, STREET_DESK, URBAN
from yizhi.seats.testing import HTMX, SEATS, Browsers, hidden, make, offered, opened, text


def stage(now: Town) -> str:
    return now.case().stage


# ----- one case


@pytest.mark.parametrize("seat", SEATS)
@pytest.mark.parametrize("login", ["chen", "wei", "gao", "he"])
def test_the_buttons_are_exactly_the_moves_open_now(now: Town, browser_of: Browsers, seat: str, login: str) -> None:
    now.report()
    actor = getattr(now.cast, login)
    shown = text(browser_of(login).get(f"/{seat}/{now.receipt.number}/"))
    assert offered(shown) == {move.name for move, _ in queries.case(actor, now.receipt.number).moves}


def test_every_open_move_has_a_form_that_opens_in_place(now: Town, browser_of: Browsers) -> None:
    cast = now.cast
    now.report()
    asked = 0
    for step in (
        None,
        ("chen", "accept", {"category": "0401"}),
        ("chen", "dispatch", {"unit": URBAN}),
        ("ding", "sign", {}),
    ):
        if step:
            now.move(getattr(cast, step[0]), step[1], **step[2])
        for login in ("chen", "ding", "he"):
            browser = browser_of(login)
            page = browser.get(f"/desk/{now.receipt.number}/")
            for move in offered(text(page)) if page.status_code == 200 else ():
                whole = browser.get(f"/desk/{now.receipt.number}/{move}")
                part = browser.get(f"/desk/{now.receipt.number}/{move}", headers=HTMX)
                assert whole.status_code == part.status_code == 200
                assert text(part).lstrip().startswith('<section class="act"')
                assert 'name="key"' in text(whole)
                asked += 1
    assert asked > 40


def test_a_case_tells_its_clocks_with_owner_and_ground(now: Town, browser_of: Browsers) -> None:
    now.report()
    shown = text(browser_of("chen").get(f"/desk/{now.receipt.number}/"))
    for said in ("受理", "到场核查", "处置答复", "柳荫社区第一网格", "东桥街道调度站", "城市默认"):
        assert said in shown


def test_the_story_tells_who_did_what_in_whose_words(now: Town, browser_of: Browsers) -> None:
    now.report("楼下堆了垃圾")
    now.move(now.cast.chen, "accept", category="0401", note="第三次了")
    now.move(now.cast.chen, "dispatch", unit=URBAN, note="请今天清")
    now.move(now.cast.ding, "sign")
    now.move(now.cast.ding, "progress", note="车已经出发")
    shown = re.sub(r"<[^>]+>", "", text(browser_of("chen").get(f"/desk/{now.receipt.number}/")))
    for said in (
        "诉求人 反映",
        "社区专干 受理",
        "第三次了",
        "点对点推送给青禾区城市管理局",
        "车已经出发",
        "诉求人可见",
    ):
        assert said in shown


def test_a_matter_that_was_merged_or_closed_says_so(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.lin, "withdraw")
    shown = text(browser_of("chen").get(f"/desk/{now.receipt.number}/"))
    assert "已终止" in shown


@pytest.mark.parametrize("words", ["", "很长的话。" * 1000])
def test_long_texts_and_erased_ones(now: Town, browser_of: Browsers, words: str) -> None:
    now.report(words or "会被删除")
    if not words:
        rows("DELETE FROM cases_text WHERE case_id = %s", now.receipt.case_id)
    shown = text(browser_of("chen").get(f"/desk/{now.receipt.number}/"))
    assert (words or "（内容不显示）") in shown


# ----- moves


def test_a_move_is_made_and_said(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen = browser_of("chen")
    answer = make(chen, now, "accept", category="0401", note="马上办")
    assert answer["Location"] == f"/desk/{now.receipt.number}/?done=accept"
    assert stage(now) == "accepted"
    assert "已完成：受理。" in text(chen.get(answer["Location"]))
    assert rows("SELECT door, account FROM cases_event WHERE move = 'accept'") == [("desk", now.cast.ids["chen"])]


def test_with_htmx_the_page_goes_on_in_place(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen = browser_of("chen")
    data = opened(chen, now, "accept") | {"category": "0401"}
    answer = chen.post(f"/desk/{now.receipt.number}/accept?view=all", data, headers=HTMX)
    assert '"target": "#case"' in answer["HX-Location"]
    case = chen.get(f"/desk/{now.receipt.number}/?view=all&done=accept", headers=HTMX)
    assert case["HX-Trigger"] == "moved"
    assert case["HX-Replace-Url"] == f"/desk/{now.receipt.number}/?view=all"
    assert text(case).lstrip().startswith("<article")


def at_the_station(now: Town) -> None:
    """In the other street, where Jing looks after nothing: she sees it only while the station has a hand in it."""
    now.report(area=OTHER_GRID)
    now.move(now.cast.qiu, "accept", category="0401")
    now.move(now.cast.qiu, "dispatch", unit=STATION)


def test_a_move_that_takes_it_out_of_ones_hands_leads_to_the_list(now: Town, browser_of: Browsers) -> None:
    at_the_station(now)
    jing = browser_of("jing")
    answer = make(jing, now, "send_back", ground="wrong_place", note="在河对岸")
    gone = jing.get(answer["Location"])
    assert gone["Location"] == f"/desk/?gone={now.receipt.number}&slip=1"
    assert "已不在本单位" in text(jing.get(gone["Location"]))
    inside = jing.get(answer["Location"], headers=HTMX)
    assert inside["HX-Redirect"] == gone["Location"]


def test_sent_twice_it_is_one_move(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen = browser_of("chen")
    data = opened(chen, now, "accept") | {"category": "0401"}
    for _ in range(2):
        assert chen.post(f"/desk/{now.receipt.number}/accept", data).status_code == 302
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'accept'") == [(1,)]


def test_a_missing_fact_is_asked_for_and_the_words_stay(now: Town, browser_of: Browsers) -> None:
    now.report()
    answer = make(browser_of("chen"), now, "accept", category="", note="写好的备注")
    assert answer.status_code == 422
    shown = text(answer)
    assert "请填写“分类”。" in shown
    assert 'href="#accept-category"' in shown
    assert "写好的备注" in shown
    assert stage(now) == "reported"


def test_a_fact_that_cannot_be_used_is_told(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.cast.chen, "accept", category="0401")
    chen = browser_of("chen")
    assert "没有这个单位" in text(make(chen, now, "dispatch", unit="nowhere"))
    assert "对方是您的上级" in text(make(chen, now, "dispatch", unit=STREET_DESK))


def test_the_duty_list_refuses_and_quotes_its_line(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.cast.chen, "accept", category="0101")
    answer = make(browser_of("chen"), now, "dispatch", unit=GRID_UNIT, note="请处理")
    assert answer.status_code == 422
    assert "gas is the district's duty" in text(answer)
    assert "请处理" in text(answer)


def test_somebody_was_faster_shows_what_changed_and_keeps_what_was_typed(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.cast.chen, "accept", category="0401")
    chen = browser_of("chen")
    data = opened(chen, now, "decline") | {"ground": "not_ours", "note": "写了十分钟的理由"}
    now.move(now.cast.gao, "urge", note="快一点")
    now.move(now.cast.chen, "escalate", note="社区办不了")
    answer = chen.post(f"/desk/{now.receipt.number}/decline", data)
    assert answer.status_code in (403, 409)
    shown = text(answer)
    for said in ("写了十分钟的理由", "您打开之后：", "上报（提级办理）"):
        assert said in shown
    assert stage(now) == "accepted"


def test_an_old_version_can_be_sent_again_from_the_same_page(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen = browser_of("chen")
    data = opened(chen, now, "decline") | {"ground": "not_ours", "note": "请到水务局办理"}
    now.move(now.cast.chen, "accept", category="0401")
    answer = chen.post(f"/desk/{now.receipt.number}/decline", data)
    assert answer.status_code == 409
    shown = text(answer)
    assert "有人先办了一步" in shown
    assert "请到水务局办理" in shown
    again = data | {name: hidden(shown, name) for name in ("key", "expected", "seen")}
    assert chen.post(f"/desk/{now.receipt.number}/decline", again).status_code == 302
    assert stage(now) == "declined"


def test_words_come_back_even_when_the_case_has_gone(now: Town, browser_of: Browsers) -> None:
    at_the_station(now)
    now.move(now.cast.jing, "sign")
    jing = browser_of("jing")
    data = opened(jing, now, "finish") | {"result": "solved", "note": "写好的结果反馈"}
    now.move(now.cast.qiu, "recall", note="派错了")
    answer = jing.post(f"/desk/{now.receipt.number}/finish", data)
    assert answer.status_code == 404
    assert "写好的结果反馈" in text(answer)


def test_a_move_that_nobody_knows_or_that_is_not_open_leads_to_the_case(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen = browser_of("chen")
    for move in ("nonsense", "finish"):
        assert chen.get(f"/desk/{now.receipt.number}/{move}")["Location"] == f"/desk/{now.receipt.number}/"
    assert chen.post(f"/desk/{now.receipt.number}/finish", {"note": "x"}).status_code == 409


def test_photos_follow_a_move_through_a_refusal(now: Town, browser_of: Browsers) -> None:
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    now.report(category="0401")
    wei = browser_of("wei")
    file = SimpleUploadedFile("a.jpg", made.getvalue(), "image/jpeg")
    refused = text(make(wei, now, "solve", "field", result="solved", note="", photos=file))
    assert "第 1 张已经收到" in refused
    data = {name: hidden(refused, name) for name in ("key", "expected", "seen", "kept")}
    answer = wei.post(f"/field/{now.receipt.number}/solve", data | {"result": "solved", "note": "清走了"})
    assert answer.status_code == 302
    step = next(step for step in queries.case(now.cast.wei, now.receipt.number).steps if step.move == "solve")
    assert len(step.photos) == 1


@pytest.mark.parametrize(("drawn", "checked"), [(0.0, True), (0.99, False)])
def test_a_share_of_what_is_solved_on_the_spot_gets_checked(
    now: Town, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch, drawn: float, checked: bool
) -> None:
    monkeypatch.setattr("yizhi.seats.web.case.random.random", lambda: drawn)
    now.report(category="0401")
    make(browser_of("wei"), now, "solve", "field", result="solved", note="清走了")
    assert now.case().check is checked


def test_a_second_person_confirms(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen = browser_of("chen")
    answer = make(chen, now, "terminate", note="重复登记")
    assert "须由另一人确认" in text(chen.get(answer["Location"]))
    again = make(chen, now, "terminate", note="再来一次")
    assert again.status_code == 409
    assert make(browser_of("gao"), now, "terminate", note="同意").status_code == 302
    assert stage(now) == "ended"


# ----- personal fields


@pytest.fixture
def with_contact(now: Town) -> Town:
    now.report(contact=Contact("林秀英", "13812345678"), about=(COMMUNITY_DESK, STREET_DESK))
    return now


def test_a_look_needs_a_purpose_and_leaves_a_trace(with_contact: Town, browser_of: Browsers) -> None:
    he, address = browser_of("he"), f"/desk/{with_contact.receipt.number}/look/phone"
    page = text(he.get(f"/desk/{with_contact.receipt.number}/"))
    assert "138****5678" in page
    assert "13812345678" not in page
    refused = he.post(address, {"purpose": ""})
    assert refused.status_code == 422
    assert "请填写“用途”。" in text(refused)
    answer = he.post(address, {"purpose": "核实情况"}, headers=HTMX)
    assert "13812345678" in text(answer)
    assert "林秀英" not in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert rows("SELECT field, purpose FROM cases_look") == [("phone", "核实情况")]
    assert "13812345678" not in text(he.get(f"/desk/{with_contact.receipt.number}/"))


def test_who_may_not_look_is_not_offered_it(now: Town, browser_of: Browsers) -> None:
    now.report(contact=Contact("林秀英", "13812345678"))
    chen, address = browser_of("chen"), f"/desk/{now.receipt.number}/look/phone"
    assert "看电话" not in text(chen.get(f"/desk/{now.receipt.number}/"))
    assert chen.post(address, {"purpose": "看看"}).status_code == 403
    assert rows("SELECT count(*) FROM cases_look") == [(0,)]
    assert chen.get(address).status_code == 405
