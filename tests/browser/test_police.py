"""The police-grid room on a telephone: the officer leads, the grid worker assists; what is no police work leaves with a
slip."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People
from tests.browser.test_field import CLERK, GRID, WORKER, Thumb, card, report

OFFICER = "officer-340405001001"

pytestmark = pytest.mark.browser


def routed(people: People) -> str:
    """A matter for police and grid that the worker saw: its number."""
    worker = people.sign_in(WORKER, phone=True)
    worker.goto("/field/new")
    worker.get_by_label("具体位置").fill("三号楼一单元门口")
    return report(worker, "楼下有人半夜摆摊喝酒吵闹", "0201")


def fill(page: Page, note: str) -> None:
    page.locator("#act textarea").fill(note)
    page.locator("#act button.btn-primary").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_officer_knows_the_door_before_setting_out_and_comes_with_one_tap(people: People, scripts: bool) -> None:
    resident = people.open(scripts=False)
    resident.goto(f"/q/{people.sticker(GRID)}")
    number = routed(people)
    officer = people.sign_in(OFFICER, phone=True, scripts=scripts)
    officer.goto("/field/")
    mine = card(officer, number)
    expect(mine).to_contain_text("治东社区 第三网格")
    mine.locator(".card-link").click()
    expect(officer.locator("#case .photos img").first).to_be_visible()
    expect(officer.locator(".go-place")).to_contain_text("治东社区 第三网格")
    officer.goto("/field/")
    thumb = Thumb()
    thumb.tap(card(officer, number).get_by_role("button", name="到场处置"))
    expect(officer.locator("#done")).to_contain_text("已完成：到场处置")
    thumb.tap(officer.locator(".case-act").get_by_role("button", name="签收"))
    expect(officer.locator("#done")).to_contain_text("已完成：签收")
    assert thumb.taps == 2


def test_the_law_is_ready_where_it_is_explained(people: People) -> None:
    number = routed(people)
    officer = people.sign_in(OFFICER, phone=True)
    officer.goto("/field/")
    card(officer, number).get_by_role("button", name="签收").click()
    officer.goto(f"/field/{number}/progress")
    laws = officer.locator(".laws")
    expect(laws).to_contain_text("《治安管理处罚法》")
    expect(laws).to_contain_text("2026年11月22日")
    expect(laws).to_contain_text("条文待核对")
    expect(laws).to_contain_text("条文已核对 2026-11")
    expect(laws).to_contain_text("待本地法制部门核对")
    Thumb().tap(laws.get_by_role("button", name="写入").first)
    expect(officer.locator("#act textarea")).to_have_value(
        "《治安管理处罚法》（2025年修订）关于调解的规定：因民间纠纷引起的打架斗殴或者损毁他人财物等违反治安管理行为，"
        "情节较轻的，公安机关可以调解处理；经调解达成协议的，不予处罚。"
    )
    expect(officer.get_by_label("宣讲法律", exact=True)).to_be_checked()
    officer.locator("#act button.btn-primary").click()
    expect(officer.locator("#done")).to_contain_text("已完成：进展")
    expect(officer.locator(".story")).to_contain_text("宣讲法律")


def test_without_scripts_the_law_is_there_to_copy(people: People) -> None:
    number = routed(people)
    officer = people.sign_in(OFFICER, phone=True, scripts=False)
    officer.goto(f"/field/{number}/progress")
    expect(officer.locator(".laws li").first).to_be_visible()
    expect(officer.get_by_role("button", name="写入").first).to_be_hidden()


def test_the_grid_worker_assists_by_the_citys_rule(people: People) -> None:
    number = routed(people)
    worker = people.sign_in(WORKER, phone=True)
    worker.goto("/field/")
    officer = people.sign_in(OFFICER, phone=True)
    officer.goto(f"/field/{number}/")
    officer.locator(".case-act").get_by_role("button", name="签收").click()
    thumb = Thumb()
    worker.goto("/field/")
    thumb.tap(card(worker, number).get_by_role("link", name="协办反馈"))
    thumb.tap(worker.get_by_role("button", name="已协助到场，配合做好解释和清理。"))
    thumb.tap(worker.locator("#act").get_by_role("button", name="协办反馈"))
    expect(worker.locator("#done")).to_contain_text("已完成：协办反馈")
    assert thumb.taps == 3
    officer.goto(f"/field/{number}/finish")
    expect(officer.get_by_label("已解决", exact=True)).to_be_checked()
    fill(officer, "已劝离，摊位清走")
    expect(officer.locator("#done")).to_contain_text("处置反馈")


def test_what_is_no_police_work_leaves_with_a_slip(people: People) -> None:
    number = routed(people)
    officer = people.sign_in(OFFICER, phone=True)
    officer.goto(f"/field/{number}/")
    officer.get_by_text("不是警务事项？").click()
    officer.locator(".hand-on").get_by_role("link", name="派单异议").click()
    officer.locator("#act").get_by_label("不属于本单位职责", exact=True).check()
    fill(officer, "占道摆摊由城管部门管理")
    officer.get_by_role("link", name="打印移交单").click()
    slip = officer.locator(".sheet")
    for said in ("非警务事项移交单", "新庄孜派出所", "新庄孜街道调度站", "占道摆摊由城管部门管理", number):
        expect(slip).to_contain_text(said)
    officer.emulate_media(media="print")
    expect(officer.locator(".slip-bar")).to_be_hidden()
    clerk = people.sign_in(CLERK)
    answer = clerk.goto(f"/desk/{number}/handover")
    assert answer is not None
    assert answer.status == 404  # another unit's paper
