"""The grid worker on the round: one hand, few taps, sometimes no scripts. Every press of hers is counted."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, move, photo
from yizhi.cases.testing import rows

GRID = "340405001001003"
WORKER, CLERK, LIAISON = f"grid-{GRID}", "desk-340405001001", "liaison-urban-management"

pytestmark = pytest.mark.browser


@dataclass
class Thumb:
    """Presses what a hand would press, and counts; what is out of reach of a finger is no button."""

    taps: int = 0

    def tap(self, what: Locator) -> None:
        box = what.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        what.click()
        self.taps += 1


def report(worker: Page, text: str, category: str) -> str:
    """On the spot: photo first, the place is known, one button. The number of the matter."""
    worker.goto("/field/new")
    worker.locator("input[name=photos]").last.set_input_files(photo())
    worker.get_by_label("什么事").fill(text)
    expect(worker.get_by_label("地点", exact=True)).to_have_value(GRID)
    worker.locator("select[name=category]").select_option(category)
    worker.get_by_role("button", name="上报").click()
    return worker.locator(".slip-number").inner_text()


def card(page: Page, number: str) -> Locator:
    return page.locator(".card-box", has=page.locator(f'a[href*="{number}"]'))


def test_a_simple_case_is_done_in_three_taps(people: People) -> None:
    worker = people.sign_in(WORKER, phone=True)
    number = report(worker, "楼道口堆了一袋建筑垃圾", "0402")
    worker.goto("/field/")
    thumb = Thumb()
    thumb.tap(card(worker, number).get_by_role("link", name="自办自结"))
    thumb.tap(worker.get_by_role("button", name="已现场处理，恢复正常。"))
    expect(worker.locator("#act textarea")).to_have_value("已现场处理，恢复正常。")
    thumb.tap(worker.locator("#act").get_by_role("button", name="自办自结"))
    expect(worker.locator("#done")).to_contain_text("已完成：自办自结")
    assert thumb.taps == 3
    assert rows("SELECT state->>'result' FROM cases_case WHERE number = %s", number) == [("solved",)]


@pytest.mark.parametrize("scripts", [True, False])
def test_to_come_is_one_tap(people: People, scripts: bool) -> None:
    worker = people.sign_in(WORKER, phone=True, scripts=scripts)
    resident = people.open(scripts=False)
    resident.goto(f"/q/{people.sticker(GRID)}")
    resident.get_by_label("什么事？在哪里？").fill("三号楼门口的树要倒了")
    resident.get_by_role("button", name="发送").click()
    worker.goto("/field/")
    thumb = Thumb()
    thumb.tap(worker.locator(".card-box").first.get_by_role("button", name="到场核查"))
    expect(worker.locator("#done")).to_contain_text("已完成：到场核查")
    assert thumb.taps == 1
    worker.go_back()
    again = worker.locator(".card-box").get_by_role("button", name="到场核查")
    if again.count():  # a page that the telephone kept: pressed again it is the same visit
        again.first.click()
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'arrive'") == [(1,)]


def test_a_simple_case_without_scripts(people: People) -> None:
    worker = people.sign_in(WORKER, phone=True, scripts=False)
    number = report(worker, "楼道口堆了一袋建筑垃圾", "0402")
    worker.goto("/field/")
    card(worker, number).get_by_role("link", name="自办自结").click()
    expect(worker.locator("#act").get_by_label("已解决", exact=True)).to_be_checked()
    worker.locator("#act textarea").fill("清走了")
    expect(worker.get_by_role("button", name="已现场处理，恢复正常。")).to_be_hidden()
    worker.locator("#act").get_by_role("button", name="自办自结").click()
    expect(worker.locator("#done")).to_contain_text("已完成：自办自结")


def test_the_nearest_first_and_nobody_is_told_where_she_is(people: People) -> None:
    worker = people.sign_in(WORKER, phone=True)
    far = report(worker, "远处的垃圾", "0401")
    near = report(worker, "近处的垃圾", "0401")
    rows("UPDATE cases_case SET lon = 116.84, lat = 32.63 WHERE number = %s", far)
    rows("UPDATE cases_case SET lon = 116.8032, lat = 32.63 WHERE number = %s", near)
    worker.context.grant_permissions(["geolocation"])
    worker.context.set_geolocation({"longitude": 116.80001234, "latitude": 32.6300567})
    sent: list[str] = []
    worker.on("request", lambda request: sent.append(request.url + str(request.headers) + str(request.post_data)))
    worker.goto("/field/")
    expect(worker.locator(".card-box").first).to_contain_text("远处的垃圾")
    Thumb().tap(worker.get_by_role("button", name="按离我近的排"))
    expect(worker.locator(".card-box").first).to_contain_text("近处的垃圾")
    expect(worker.locator(".card-box").first.locator(".card-far")).to_have_text("约 300米")
    expect(worker.locator(".card-box").last.locator(".card-far")).to_have_text("约 3.7公里")
    worker.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    worker.wait_for_load_state("networkidle")
    expect(worker.locator(".card-box").first).to_contain_text("近处的垃圾")
    kept = worker.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert not [one for one in [*sent, kept] if "116.8000" in one or "32.63005" in one]


def test_without_a_position_the_order_of_the_clocks_stays(people: People) -> None:
    worker = people.sign_in(WORKER, phone=True)
    first, second = report(worker, "第一处", "0401"), report(worker, "第二处", "0401")
    rows("UPDATE cases_case SET lon = 116.8, lat = 32.6 WHERE number = %s", first)
    worker.goto("/field/")
    expect(worker.locator("#near")).to_be_hidden()  # one point is no order
    rows("UPDATE cases_case SET lon = 116.9, lat = 32.6 WHERE number = %s", second)
    worker.goto("/field/")
    before = worker.locator(".card-gist").all_inner_texts()
    worker.get_by_role("button", name="按离我近的排").click()
    expect(worker.locator("#near-said")).to_contain_text("没有取得本机位置")
    assert worker.locator(".card-gist").all_inner_texts() == before


def test_she_sees_that_her_report_was_put_right_and_it_is_news_once(people: People) -> None:
    worker = people.sign_in(WORKER, phone=True)
    number = report(worker, "井盖松动，车过就响", "0107")
    worker.get_by_role("link", name="我的").click()
    worker.get_by_role("link", name="我上报的").click()
    expect(worker.locator(".card-box")).to_contain_text("等签收")
    liaison = people.sign_in(LIAISON)
    liaison.goto(f"/desk/{number}/")
    move(liaison, "签收")
    move(liaison, "结果反馈", choose="已解决", note="井盖已加固")
    clerk = people.sign_in(CLERK)
    clerk.goto(f"/desk/{number}/")
    move(clerk, "核查通过", note="看过了")
    worker.goto("/field/")
    news = worker.get_by_role("link", name="您上报的 1 件已经解决")
    expect(news).to_be_visible()
    news.click()
    expect(worker.locator(".card-box")).to_contain_text("✓ 已解决")
    worker.goto("/field/")
    expect(worker.locator("html.script")).to_be_attached()
    expect(news).to_be_hidden()


def test_her_month_on_paper(people: People) -> None:
    worker = people.sign_in(WORKER, phone=True, scripts=False)
    number = report(worker, "楼道口堆了一袋建筑垃圾", "0402")
    worker.goto("/field/me")
    worker.get_by_role("link", name="本月我办的").click()
    expect(worker.locator(".work-sheet")).to_contain_text(number)
    expect(worker.locator(".work-sheet")).to_contain_text("只有本人能打开")
    worker.emulate_media(media="print")
    expect(worker.locator(".slip-bar")).to_be_hidden()
