"""The field: cards with their likeliest moves, ready sentences, what became of one's reports, one's own work, slips."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from yizhi.cases import city
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.profile import LawText, Phrase, Texts
from yizhi.core.testing import KINDS
from yizhi.people.testing import GRID, URBAN
from yizhi.seats.testing import HTMX, Browsers, make, text


def cards(page: str) -> list[str]:
    """The cards of a list, each as its piece of the page."""
    return page.partition("</ol>")[0].split('<li class="card-box"')[1:]


def at_once(card: str) -> dict[str, str]:
    """The address and the hidden fields of a card's first form, as a browser would send them."""
    form = card.partition("<form")[2].partition("</form>")[0]
    address = re.search(r'action="([^"]+)"', form)
    assert address
    fields = dict(re.findall(r'name="(key|expected|seen)" value="([^"]*)"', form))
    return {"address": address[1], **fields}


# ----- today


def test_to_come_is_one_tap_and_twice_pressed_it_is_once(now: Town, browser_of: Browsers) -> None:
    now.report("楼下堆了垃圾", place="三号楼")
    wei = browser_of("wei")
    (card,) = cards(text(wei.get("/field/")))
    assert "三号楼" in card
    form = at_once(card)
    address = form.pop("address")
    assert address == f"/field/{now.receipt.number}/arrive"
    for _ in range(2):
        answer = wei.post(address, form)
        assert (answer.status_code, answer["Location"]) == (302, f"/field/{now.receipt.number}/?done=arrive")
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'arrive'") == [(1,)]
    assert cards(text(wei.get("/field/"))) == []  # she was there: the desk goes on with it


def test_each_button_of_a_card_has_a_key_of_its_own(now: Town, browser_of: Browsers) -> None:
    """To come, and to sign for it: both from one card that a telephone kept, and neither is taken for the other."""
    now.report("邻居吵架", category="0201")
    jing = browser_of("jing")
    (card,) = cards(text(jing.get("/field/?view=mine")))
    for piece in card.split("<form")[1:]:
        form = at_once("<form" + piece)
        assert jing.post(form.pop("address"), form).status_code == 302
    moves = [move for (move,) in rows("SELECT move FROM cases_event ORDER BY id")]
    assert {"arrive", "sign"} & set(moves)
    assert len(re.findall("<form", card)) == len({"arrive", "sign"} & set(moves))


def test_a_card_offers_nothing_that_is_not_open(now: Town, browser_of: Browsers) -> None:
    """The clock of the visit is the grid's; who serves there without the power is offered no button."""
    now.report(category="0401")
    rows("UPDATE people_post SET acts = array_remove(array_remove(acts, 'arrive'), 'solve')")
    (card,) = cards(text(browser_of("wei").get("/field/")))
    assert "data-move" not in card


def test_an_overtaken_card_shows_what_changed(now: Town, browser_of: Browsers) -> None:
    now.report(category="0401")
    now.move(now.cast.wei, "escalate", note="请社区安排")
    now.move(now.cast.chen, "dispatch", unit=URBAN)
    ding = browser_of("ding")
    form = at_once(cards(text(ding.get("/field/?view=mine")))[0])
    assert form["address"] == f"/field/{now.receipt.number}/sign?view=mine"
    now.move(now.cast.chen, "recall", note="派错了")
    answer = ding.post(form.pop("address"), form)
    assert answer.status_code in (404, 409)
    assert now.case().stage == "accepted"


def test_a_card_says_where_it_is_and_nobody_asks_where_i_am(now: Town, browser_of: Browsers) -> None:
    now.report(category="0401", lon=116.51, lat=32.51)
    now.report("没有坐标", category="0401")
    rows("UPDATE places_area SET lon = 116.6, lat = 32.6, sketch = true, boundary = '{}' WHERE code = %s", GRID)
    wei = browser_of("wei")
    drawn = cards(text(wei.get("/field/")))
    assert sorted("data-lon" in card for card in drawn) == [False, True]  # a sketch is nowhere
    assert any('data-lon="116.51" data-lat="32.51"' in card and "data-about" not in card for card in drawn)
    rows("UPDATE places_area SET sketch = false WHERE code = %s", GRID)
    drawn = cards(text(wei.get("/field/")))
    assert any('data-lon="116.6" data-lat="32.6" data-about' in card for card in drawn)


def test_the_list_asks_no_more_for_fifty_than_for_one(
    now: Town, browser_of: Browsers, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    wei = browser_of("wei")
    asked = []
    for number in range(12):
        now.report(f"第{number}件", category="0401")
        if number in (0, 11):
            wei.get("/field/", headers=HTMX)  # what is kept in memory is there
            with django_assert_max_num_queries(30) as counted:
                assert len(cards(text(wei.get("/field/", headers=HTMX)))) == number + 1
            asked.append(len(counted))
    assert asked[0] == asked[1]


# ----- ready sentences

LAW = LawText(("0401",), "生态环境法典", "第五百零六条", "禁止随意倾倒生活垃圾。")


@pytest.fixture
def ready(now: Town) -> Town:
    """The town's profile with sentences that are ready."""
    texts = Texts((LAW,), (Phrase(("solve",), "已现场处理。"),), now.at.date())
    city.install(replace(XINGHE, texts=texts), KINDS.values())
    return now


def test_the_usual_result_stands_in_the_hand_and_nowhere_else(now: Town, browser_of: Browsers) -> None:
    now.report(category="0401")
    wei = browser_of("wei")
    solved = 'value="solved" checked'
    assert solved in text(wei.get(f"/field/{now.receipt.number}/solve"))
    assert solved not in text(wei.get(f"/desk/{now.receipt.number}/solve"))
    refused = wei.post(f"/field/{now.receipt.number}/solve", {"result": "", "note": "清走了"})
    assert refused.status_code == 422
    assert solved not in text(refused)


def test_sentences_stand_where_words_are_asked(ready: Town, browser_of: Browsers) -> None:
    ready.report(category="0401")
    for seat in ("field", "desk"):
        shown = text(browser_of("wei").get(f"/{seat}/{ready.receipt.number}/solve"))
        assert 'data-say="已现场处理。"' in shown
        assert f'data-say="{LAW.said}"' in shown
        assert "<details" in shown  # to be read and copied without scripts
        assert LAW.text in shown
    assert LAW.text not in text(browser_of("wei").get(f"/field/{ready.receipt.number}/escalate"))


def test_a_clause_says_whether_it_was_compared_and_who_has_yet_to_look(ready: Town, browser_of: Browsers) -> None:
    ready.report(category="0401")
    page = f"/field/{ready.receipt.number}/solve"
    shown = text(browser_of("wei").get(page))
    assert "条文待核对" in shown
    assert "条文已核对" not in shown
    assert "待本地法制部门核对。" in shown
    read = Texts(
        (replace(LAW, source="公布文本", checked=date(2026, 11, 22)),), (), date(2026, 11, 22), date(2026, 12, 1)
    )
    city.install(replace(XINGHE, texts=read), KINDS.values())
    shown = text(browser_of("wei").get(page))
    assert "条文已核对 2026-11" in shown
    assert "条文待核对" not in shown
    assert "本地法制部门已于2026年12月1日核对。" in shown
    assert "待本地法制部门核对" not in shown


# ----- what became of it


def test_she_sees_that_her_report_was_put_right(now: Town, browser_of: Browsers) -> None:
    wei = replace(now.cast.wei, door="field")
    now.report("井盖松了", by=wei, category="0401", source="field", answerable=False)
    assert "已上报" not in text(browser_of("wei").get("/field/"))
    number = now.receipt.number
    shown = text(browser_of("wei").get("/field/me/raised"))
    assert "井盖松了" in shown
    assert f'href="/field/{number}/"' in shown
    now.move(now.cast.wei, "escalate", note="请社区安排")
    now.move(now.cast.chen, "dispatch", unit=URBAN)
    now.move(now.cast.ding, "sign")
    assert "青禾区城市管理局正在办" in text(browser_of("wei").get("/field/me/raised"))
    now.move(now.cast.ding, "finish", result="solved", note="换好了")
    now.move(now.cast.chen, "verify")
    assert "✓ 已解决" in text(browser_of("wei").get("/field/me/raised"))
    assert "您上报的 1 件已经解决" in text(browser_of("wei").get("/field/"))
    assert "井盖松了" not in text(browser_of("chen").get("/field/me/raised"))


def test_after_a_week_it_is_no_news_but_still_in_the_list(now: Town, browser_of: Browsers) -> None:
    wei_at_work, wei = browser_of("wei"), replace(now.cast.wei, door="field")
    now.pass_(days=-8)
    now.report("井盖松了", by=wei, category="0401", source="field", answerable=False)
    now.move(now.cast.wei, "escalate", note="请社区安排")
    now.move(now.cast.chen, "solve", result="solved", note="换好了")
    assert "已经解决" not in text(wei_at_work.get("/field/"))
    assert "✓ 已解决" in text(wei_at_work.get("/field/me/raised"))


def test_what_she_solved_herself_is_no_news(now: Town, browser_of: Browsers) -> None:
    wei = replace(now.cast.wei, door="field")
    now.report("纸箱", by=wei, category="0401", source="field", answerable=False)
    now.move(wei, "solve", result="solved", note="搬走了")
    assert "您上报的" not in text(browser_of("wei").get("/field/"))


# ----- her own work


def test_her_work_is_hers_alone(now: Town, browser_of: Browsers) -> None:
    now.report(category="0401")
    now.move(now.cast.wei, "arrive")
    now.move(now.cast.wei, "progress", note="在清")
    month = f"{timezone.localtime(now.at):%Y-%m}"
    for asked in ("", f"?month={month}", "?month=never", f"?account={now.cast.wei.account}"):
        mine, chens = (text(browser_of(login).get(f"/field/me/work{asked}")) for login in ("wei", "chen"))
        assert "1 件 · 经办 2 次" in mine
        assert now.receipt.number in mine
        assert now.receipt.number not in chens
    before = text(browser_of("wei").get("/field/me/work?month=2001-01"))
    assert "本月还没有办理记录" in before
    assert "2001年1月" in before
    assert "?month=2000-12" in before
    assert "?month=2001-02" in before


def test_a_month_ends_at_its_midnight(now: Town, browser_of: Browsers) -> None:
    chen, local = browser_of("chen"), timezone.localtime(now.at)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    now.at = first - timedelta(seconds=1)
    now.report(by=now.cast.chen, category="0401")
    assert now.receipt.number not in text(chen.get("/field/me/work"))
    assert now.receipt.number in text(chen.get(f"/field/me/work?month={now.at:%Y-%m}"))


# ----- slips


def test_what_a_unit_hands_on_leaves_a_slip(now: Town, browser_of: Browsers) -> None:
    now.report("邻居占了车位", category="0201", place="二号楼")
    jing = browser_of("jing")
    number = now.receipt.number
    assert f"/field/{number}/object" in text(jing.get(f"/field/{number}/"))
    answer = make(jing, now, "object", "field", ground="not_our_duty", note="属于物业职责")
    after = text(jing.get(answer["Location"]))
    assert f'href="/field/{number}/handover"' in after
    slip = text(jing.get(f"/field/{number}/handover"))
    for said in ("非警务事项移交单", "东桥派出所", "属于物业职责", "不属于本单位职责", number, "二号楼"):
        assert said in slip
    assert jing.get(f"/desk/{number}/handover").status_code == 200
    assert browser_of("chen").get(f"/field/{number}/handover").status_code == 404


@pytest.mark.parametrize("seat", ["field", "desk"])
def test_the_list_leads_to_the_slip_when_the_matter_is_gone(now: Town, browser_of: Browsers, seat: str) -> None:
    now.report(category="0401")
    now.move(now.cast.wei, "escalate", note="请社区安排")
    now.move(now.cast.chen, "dispatch", unit=URBAN)
    rows("UPDATE people_post SET acts = array_remove(acts, 'see')")
    ding, number = browser_of("ding"), now.receipt.number
    answer = make(ding, now, "send_back", seat, ground="wrong_place", note="不在本区")
    gone = ding.get(answer["Location"])
    assert gone["Location"] == f"/{seat}/?gone={number}&slip=1"
    assert f'href="/{seat}/{number}/handover"' in text(ding.get(gone["Location"]))
    slip = text(ding.get(f"/{seat}/{number}/handover"))
    assert "事项移交单" in slip
    assert "非警务" not in slip
