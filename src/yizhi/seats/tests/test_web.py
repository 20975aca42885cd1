"""The seats: lists, the case with the moves open now, forms in place; what others may not, and what was typed."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from yizhi.cases import queries
from yizhi.cases.actions import Contact
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import COMMUNITY_DESK, GRID, GRID_UNIT, OTHER_GRID, STATION, STREET_DESK, URBAN

Browsers = Callable[[str], Client]
SEATS = ("field", "desk")
HTMX = {"HX-Request": "true"}


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def offered(page: str) -> set[str]:
    """The moves whose buttons stand on a page."""
    return set(re.findall(r'href="/(?:desk|field)/[A-Z0-9]+/(\w+)[^"]*#act"', page))


def opened(browser: Client, now: Town, move: str, seat: str = "desk") -> dict[str, str]:
    """The hidden fields of a form that was just opened."""
    shown = text(browser.get(f"/{seat}/{now.receipt.number}/{move}"))
    return {name: hidden(shown, name) for name in ("key", "expected", "seen")}


def make(browser: Client, now: Town, move: str, seat: str = "desk", **fields: Any) -> Any:
    data = opened(browser, now, move, seat) | fields
    return browser.post(f"/{seat}/{now.receipt.number}/{move}", data)


def stage(now: Town) -> str:
    return now.case().stage


# ----- who gets in


@pytest.mark.parametrize("seat", SEATS)
@pytest.mark.parametrize("path", ["", "filters", "new", "XH1/", "XH1/accept"])
def test_nobody_gets_in_without_signing_in(now: Town, seat: str, path: str) -> None:
    answer = Client().get(f"/{seat}/{path}")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/in/")


@pytest.mark.parametrize("path", ["/", "/accept", "/sign"])
def test_hidden_and_absent_are_the_same_bytes(now: Town, browser_of: Browsers, path: str) -> None:
    now.report()
    qiu = browser_of("qiu")
    there, absent = (qiu.get(f"/desk/{number}{path}") for number in (now.receipt.number, "XH0000000"))
    assert there.status_code == absent.status_code == 404
    assert there.content == absent.content


def test_the_outsider_may_not(now: Town, browser_of: Browsers) -> None:
    now.report()
    qiu = browser_of("qiu")
    assert qiu.post(f"/desk/{now.receipt.number}/accept", {"category": "0401"}).status_code == 404
    assert qiu.post(f"/desk/{now.receipt.number}/look/phone", {"purpose": "看看"}).status_code == 404
    assert now.receipt.number not in text(qiu.get("/desk/?view=all"))
    assert stage(now) == "reported"


def test_home_leads_each_to_their_seat(now: Town, browser_of: Browsers) -> None:
    assert browser_of("wei").get("/")["Location"] == "/field/"
    assert browser_of("chen").get("/")["Location"] == "/desk/"
    start = Client().get("/")
    assert start.status_code == 200
    assert "110" in text(start)
    now.report()
    spaced = " ".join(now.receipt.code)
    assert Client().get("/", {"code": spaced})["Location"] == f"/c/{now.receipt.code}"


# ----- lists


def test_the_list_shows_what_it_is_where_and_how_long(now: Town, browser_of: Browsers) -> None:
    now.report("楼下堆了垃圾", category="0401")
    shown = text(browser_of("chen").get("/desk/?view=all"))
    for said in ("楼下堆了垃圾", "柳荫社区 第一网格", "垃圾", "待受理", "1 件", "clock-near"):
        assert said in shown


def test_filters_are_links_and_an_address_says_all(now: Town, browser_of: Browsers) -> None:
    now.report("第一件", category="0401")
    here = now.receipt.number
    now.move(now.cast.chen, "accept")
    chen = browser_of("chen")
    assert here in text(chen.get("/desk/?view=all&stage=accepted&kind=matter"))
    assert here not in text(chen.get("/desk/?view=all&stage=reported"))
    assert here not in text(chen.get("/desk/?view=all&late=1"))
    assert here in text(chen.get("/desk/?q=第一件&view=all"))
    shown = text(chen.get("/desk/?view=all&stage=accepted"))
    assert 'href="/desk/?view=all&stage=handling"' in shown
    assert f'href="/desk/{here}/?view=all&stage=accepted"' in shown


def test_the_district_narrows_by_place(now: Town, browser_of: Browsers) -> None:
    now.report()
    here = now.receipt.number
    now.report(area=OTHER_GRID)
    he = browser_of("he")
    assert "西塘街道" in text(he.get("/desk/?view=all"))
    shown = text(he.get("/desk/?view=all&scope=999901001"))
    assert here in shown
    assert now.receipt.number not in shown
    assert "柳荫社区" in shown


def test_the_filters_count(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.report()
    shown = re.sub(r"\s+", " ", text(browser_of("chen").get("/desk/filters?view=all", headers=HTMX)))
    assert "<!doctype" not in shown
    assert '<span>待受理</span><span class="filter-count">2 </span>' in shown.replace("2</span>", "2 </span>")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/desk/", "手上没有待办的事项。"),
        ("/desk/?view=all&q=没有的词", "没有找到“没有的词”"),
        ("/desk/?view=all&stage=closed", "这样筛选没有事项。"),
        ("/field/", "现在没有等着您办的事。"),
    ],
)
def test_empty_says_what_to_do_next(now: Town, browser_of: Browsers, address: str, said: str) -> None:
    shown = text(browser_of("wei" if "field" in address else "chen").get(address))
    assert said in shown
    assert "0 件" in shown


def test_a_long_list_goes_on(now: Town, browser_of: Browsers) -> None:
    for _ in range(51):
        now.report()
    chen = browser_of("chen")
    shown = text(chen.get("/desk/?view=all"))
    assert "前 50 件" in shown
    following = re.search(r'href="(/desk/[^"]*after=[^"]*)"', shown)
    assert following
    assert "1 件" in text(chen.get(following[1]))


def test_a_cursor_that_is_none_is_told(now: Town, browser_of: Browsers) -> None:
    answer = browser_of("chen").get("/desk/?after=xyz")
    assert answer.status_code == 422
    assert "不是本系统给出的" in text(answer)


def test_htmx_gets_the_list_alone(now: Town, browser_of: Browsers) -> None:
    shown = text(browser_of("chen").get("/desk/?view=all", headers=HTMX))
    assert shown.lstrip().startswith('<div id="list"')


def test_a_card_in_the_field_has_its_likeliest_move(now: Town, browser_of: Browsers) -> None:
    now.report(category="0401")
    assert now.case().holder == GRID_UNIT
    shown = text(browser_of("wei").get("/field/"))
    assert f"/field/{now.receipt.number}/solve" in shown


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
    assert gone["Location"] == f"/desk/?done={now.receipt.number}"
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
    assert "1 张照片已经收下" in refused
    data = {name: hidden(refused, name) for name in ("key", "expected", "seen", "kept")}
    answer = wei.post(f"/field/{now.receipt.number}/solve", data | {"result": "solved", "note": "清走了"})
    assert answer.status_code == 302
    step = next(step for step in queries.case(now.cast.wei, now.receipt.number).steps if step.move == "solve")
    assert len(step.photos) == 1


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


# ----- reporting from a seat


def filled(browser: Client, seat: str, **fields: Any) -> dict[str, Any]:
    key = hidden(text(browser.get(f"/{seat}/new")), "key")
    return {"key": key, "area": GRID, "text": "楼道口堆了气瓶", **fields}


def test_a_grid_worker_reports_for_her_grid(now: Town, browser_of: Browsers) -> None:
    wei = browser_of("wei")
    page = text(wei.get("/field/new"))
    assert f'value="{GRID}" selected' in page
    assert OTHER_GRID not in page
    answer = wei.post("/field/new", filled(wei, "field", category="0201", place="一单元"))
    assert answer.status_code == 200
    ((number,),) = rows("SELECT number FROM cases_case")
    shown = text(answer)
    assert number in shown
    assert "东桥派出所" in shown
    state = queries.case(now.cast.wei, number).state
    assert (state.kind, state.source, state.answerable) == ("police", "field", False)


def test_registered_at_the_window_the_slip_has_the_code(now: Town, browser_of: Browsers) -> None:
    chen = browser_of("chen")
    answer = chen.post("/desk/new", filled(chen, "desk", name="林秀英", phone="13812345678"))
    code = re.search(r'class="slip-code">([^<]+)<', text(answer))
    assert code
    whole = queries.tracked(code[1])
    assert whole.state.answerable
    assert whole.state.source == "desk"


def test_sent_twice_the_same_slip_comes_twice(now: Town, browser_of: Browsers) -> None:
    wei = browser_of("wei")
    data = filled(wei, "field")
    first, second = (text(wei.post("/field/new", data)) for _ in range(2))
    assert re.findall(r"XH\d+", first) == re.findall(r"XH\d+", second)
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"area": ""}, "请填写“地点”。"),
        ({"area": OTHER_GRID}, "不在您的范围内"),
        ({"text": ""}, "请填写“什么事、在哪里”。"),
        ({"category": "9999"}, "没有这个分类"),
        ({"happened": "gestern"}, "不是时间"),
        ({"happened": "2001-01-01T10:00"}, "时间太早"),
    ],
)
def test_what_is_wrong_is_told_and_the_words_stay(
    now: Town, browser_of: Browsers, fields: dict[str, str], said: str
) -> None:
    chen = browser_of("chen")
    answer = chen.post("/desk/new", filled(chen, "desk", place="三号楼", **fields))
    assert answer.status_code == 422
    assert said in text(answer)
    assert "三号楼" in text(answer)
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_who_may_not_report_is_told(now: Town, browser_of: Browsers) -> None:
    assert browser_of("ding").get("/desk/new").status_code == 403


def test_every_seat_has_every_address() -> None:
    for seat in SEATS:
        assert reverse(seat) == f"/{seat}/"
        assert reverse(f"{seat}_case", args=["X1"]) == f"/{seat}/X1/"
        assert reverse(f"{seat}_move", args=["X1", "accept"]) == f"/{seat}/X1/accept"


def test_my_page_says_where_i_serve(now: Town, browser_of: Browsers) -> None:
    shown = text(browser_of("wei").get("/field/me"))
    assert "柳荫社区第一网格 专职网格员" in shown
    assert "退出登录" in shown
