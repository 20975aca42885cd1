"""What stands on the case page beside moves and forms: what is awaited, rounds, what lies around, the paper."""

import re
from typing import Any

import pytest

from yizhi.cases.actions import Contact
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import HOUSING, OTHER_GRID, SECOND_GRID, URBAN
from yizhi.seats.story import folded
from yizhi.seats.testing import HTMX, SEATS, Browsers, hidden, offered, text

POINT: dict[str, Any] = {"lon": 116.8301, "lat": 32.6301}


def shown(browser_of: Browsers, now: Town, login: str = "chen", more: str = "", seat: str = "desk") -> str:
    return text(browser_of(login).get(f"/{seat}/{now.receipt.number}/{more}"))


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def block(page: str, code: str) -> str:
    found = re.search(rf'<section class="pending pending-{code}".*?</section>', page, re.DOTALL)
    assert found, code
    return found[0]


def to_housing(now: Town) -> None:
    now.report()
    now.move(now.cast.chen, "accept", category="0401")
    now.move(now.cast.chen, "dispatch", unit=URBAN, assists=[HOUSING])
    now.move(now.cast.ding, "sign")


# ----- what is awaited, from whom, and the move for whom it concerns


def test_a_whistle_says_who_came_and_offers_each_side_its_move(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.cast.chen, "accept", category="0401")
    now.move(now.cast.chen, "whistle", units=[URBAN, HOUSING], note="楼前集合")
    now.move(now.cast.ding, "report_in")
    own = block(shown(browser_of, now), "whistle")
    assert "2 家已到 1 家" in plain(own)
    assert offered(own) == {"conclude_whistle"}
    assert plain(own).count("未报到") == 1
    assert offered(block(shown(browser_of, now, "fang"), "whistle")) == {"report_in"}
    assert not offered(block(shown(browser_of, now, "ding"), "whistle"))


def test_assistants_stand_with_their_own_time_limits_until_all_fed_back(now: Town, browser_of: Browsers) -> None:
    to_housing(now)
    own = block(shown(browser_of, now, "fang"), "assists")
    assert "1 家协办，0 家已反馈" in plain(own)
    assert "clock" in own
    assert "assist_done" in offered(own)
    now.move(now.cast.fang, "assist_done", note="配合拆除")
    assert "pending-assists" not in shown(browser_of, now, "fang")


def test_an_objection_is_decided_where_it_is_told(now: Town, browser_of: Browsers) -> None:
    to_housing(now)
    now.move(now.cast.ding, "object", ground="not_our_duty", note="不归我们")
    told = block(shown(browser_of, now, "gao"), "objection")
    assert "不属于本单位职责" in plain(told)
    assert offered(told) == {"rule"}
    assert not offered(block(shown(browser_of, now, "ding"), "objection"))


def test_an_extension_and_a_consultation_are_told(now: Town, browser_of: Browsers) -> None:
    to_housing(now)
    now.move(now.cast.ding, "extend", workdays=5, note="等配件")
    now.move(now.cast.chen, "consult", ground="duties_overlap", units=[HOUSING])
    page = shown(browser_of, now)
    assert "申请延期 5 个工作日" in plain(block(page, "extension"))
    assert offered(block(page, "extension")) == {"grant_extension"}
    assert "1 家会商（职能交叉），0 家已提出意见" in plain(block(page, "consultation"))


def test_nobody_is_offered_to_confirm_what_they_proposed(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.cast.chen, "terminate", note="重复登记")
    assert not offered(block(shown(browser_of, now, "chen"), "proposal"))
    assert offered(block(shown(browser_of, now, "gao"), "proposal")) == {"terminate"}


# ----- the story


def test_a_new_round_is_set_off_and_a_return_stands_out(now: Town, browser_of: Browsers) -> None:
    to_housing(now)
    now.move(now.cast.fang, "assist_done", note="好了")
    now.move(now.cast.ding, "finish", result="solved", note="清走了")
    now.move(now.cast.chen, "rework", note="还在")
    page = shown(browser_of, now)
    assert "第 2 轮自此开始" in page
    assert len(re.findall(r'<li class="turn">', page)) == 1


@pytest.mark.parametrize(("steps", "middle"), [(18, 0), (19, 4), (200, 185)])
def test_a_long_story_is_folded_in_the_middle_and_nothing_is_lost(steps: int, middle: int) -> None:
    entries: Any = list(range(steps))
    parts = folded(entries)
    assert len(parts[1]) == middle
    assert [one for part in parts for one in part] == entries[::-1]


def test_two_hundred_steps_are_all_on_the_page(now: Town, browser_of: Browsers) -> None:
    now.report()
    for number in range(40):
        now.move(now.cast.chen, "progress", note=f"第{number}次")
    page = shown(browser_of, now)
    assert "还有 26 条" in page
    assert all(f"第{number}次" in page for number in range(40))


# ----- merged, letters


def test_a_merged_matter_leads_to_its_main_one(now: Town, browser_of: Browsers) -> None:
    main = now.report("路面坏了")
    now.report("路面又坏了")
    now.move(now.cast.chen, "merge", into=main.number)
    assert f'href="/desk/{main.number}/"' in shown(browser_of, now)


@pytest.mark.parametrize("seat", SEATS)
def test_letters_are_for_desks(now: Town, browser_of: Browsers, seat: str) -> None:
    now.report()
    page = shown(browser_of, now, seat=seat)
    letters = re.findall(r'data-key="(\w)"', page)
    assert len(set(letters)) == len(letters)
    assert bool(letters) == (seat == "desk")
    assert ('aria-keyshortcuts="Shift+D"' in page) == (seat == "desk")


# ----- what lies around


def test_what_lies_around_is_drawn_and_listed_for_who_may_see_it(now: Town, browser_of: Browsers) -> None:
    first = now.report("路灯坏了", category="0401", **POINT)
    hidden_one = now.report("别的街道的事", area=OTHER_GRID, category="0401", **POINT)
    now.report("灯不亮", category="0401", lon=POINT["lon"] + 0.0001, lat=POINT["lat"])
    page = shown(browser_of, now, more="around")
    assert 'class="ground-case"' in page
    assert page.count('class="ground-area') >= 2
    assert first.number in page
    assert hidden_one.number not in page
    part = text(browser_of("chen").get(f"/desk/{now.receipt.number}/around", headers=HTMX))
    assert part.lstrip().startswith('<section id="around"')


def test_who_may_merge_finds_the_main_number_in_the_form(now: Town, browser_of: Browsers) -> None:
    first = now.report("路灯坏了", category="0401")
    now.report("灯不亮", category="0401")
    link = re.search(r'href="(/desk/\w+/merge\?into=\w+)#act"', shown(browser_of, now, more="around"))
    assert link
    assert hidden(text(browser_of("chen").get(link[1])), "into") == first.number
    assert "merge?into" not in shown(browser_of, now, "ding", "around")


def test_without_a_point_the_grid_is_marked(now: Town, browser_of: Browsers) -> None:
    now.report(area=SECOND_GRID)
    page = shown(browser_of, now, "gao", "around")
    assert "ground-known" in page
    assert "ground-case" not in page
    assert "没有标明具体位置" in page


# ----- the paper


def test_the_slip_is_called_as_the_ranks_say_and_filled_from_the_log(now: Town, browser_of: Browsers) -> None:
    now.report("楼下堆了垃圾", contact=Contact("林秀英", "13812345678"))
    assert "事项办理单" in shown(browser_of, now, more="slip")
    now.move(now.cast.chen, "accept", category="0401", note="第三次了")
    now.move(now.cast.chen, "dispatch", unit=URBAN, assists=[HOUSING], note="请今天清")
    now.move(now.cast.gao, "reply", note="已安排")
    now.move(now.cast.ding, "sign")
    page = shown(browser_of, now, more="slip")
    for said in (
        "点对点推送单",
        "第三次了",
        "请今天清",
        "138****5678",
        "林**",
        "拟办意见",
        "领导批示",
        "签字",
        "打印时间",
    ):
        assert said in page
    assert "13812345678" not in page


def test_the_slip_of_a_superior_is_an_assignment(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.cast.chen, "escalate", note="社区办不了")
    now.move(now.cast.gao, "escalate", note="街道办不了")
    now.move(now.cast.he, "dispatch", unit=URBAN, category="0401")
    assert "交办单" in shown(browser_of, now, "he", "slip")


def test_a_slip_cuts_what_no_page_holds_and_says_so(now: Town, browser_of: Browsers) -> None:
    now.report("很长的话。" * 1000)
    page = shown(browser_of, now, more="slip")
    assert "全文见系统" in page
    assert page.count("很长的话") < 100


def test_an_erased_text_is_no_hole_in_the_paper(now: Town, browser_of: Browsers) -> None:
    now.report("会被删除")
    rows("DELETE FROM cases_text WHERE case_id = %s", now.receipt.case_id)
    for more in ("", "slip", "around"):
        assert "内容不显示" in shown(browser_of, now, more=more)
        assert "会被删除" not in shown(browser_of, now, more=more)


# ----- nothing typed is lost


def test_what_was_typed_before_the_sign_in_stands_in_the_form_once(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen, address = browser_of("chen"), f"/desk/{now.receipt.number}/decline"
    stranger = browser_of("wei")
    stranger.logout()
    stale = text(stranger.post(address, {"ground": "not_ours", "note": "写好的理由", "phone": "13812345678"}))
    token = {"carried": hidden(stale, "carried"), "next": hidden(stale, "next")}
    answer = chen.post("/in/back", token)
    assert answer["Location"] == address
    form = text(chen.get(address))
    assert "写好的理由</textarea>" in form
    assert re.search(r'value="not_ours" checked', form)
    assert "写好的理由" not in text(chen.get(address))


def test_a_forged_token_brings_nothing(now: Town, browser_of: Browsers) -> None:
    now.report()
    chen = browser_of("chen")
    assert chen.post("/in/back", {"carried": "forged", "next": "//evil.example/"})["Location"] == "/"
    assert "carried" not in chen.session


def test_a_form_of_a_secret_matter_keeps_no_draft(now: Town, browser_of: Browsers) -> None:
    now.report()
    address = f"/desk/{now.receipt.number}/decline"
    assert "data-draft=" in text(browser_of("chen").get(address))
    rows("UPDATE cases_case SET state = state || '{\"secret\": true}'::jsonb WHERE id = %s", now.receipt.case_id)
    assert "data-draft=" not in text(browser_of("chen").get(address))


def test_the_done_sentence_names_the_draft_that_was_sent(now: Town, browser_of: Browsers) -> None:
    now.report()
    assert f'data-draft-done="case/{now.receipt.number}/accept"' in shown(browser_of, now, more="?done=accept")
