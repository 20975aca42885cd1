"""The seats: who gets in, what a list shows, what is typed in for somebody."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yizhi.cases import queries
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import GRID, GRID_UNIT, OTHER_GRID
from yizhi.seats.testing import HTMX, SEATS, Browsers, hidden, text

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
    assert now.case().stage == "reported"


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
        ("/desk/?q=没有的词", "在辖区全部事项（含已结束）里找"),
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
