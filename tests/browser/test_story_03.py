"""Story 3 as people see it: a manager joins by telephone, the office confirms and rings, a department promises sum and
day, the manager says that it is solved and that the money has come. Every page on the way can be read."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, SCREEN, People, move
from tests.browser.reading import faults

OFFICE, REFORM = "liaison-enterprise-office", "liaison-development-reform"

pytestmark = pytest.mark.browser


def readable(page: Page) -> None:
    assert list(faults(page)) == [], page.url


def joined(manager: Page, office: Page) -> None:
    """The form, the office's word, and in."""
    manager.goto("/")
    manager.locator('a[href^="/e/"]').click()
    readable(manager)
    manager.locator('a[href^="/e/join"]').click()
    manager.locator("main form button").click()
    expect(manager.locator("#refused")).to_contain_text("统一社会信用代码")
    readable(manager)
    for field, typed in (("uscc", "91340405MA2N0ABC9C"), ("name", "淮南八公山豆制品有限公司"), ("person", "王敏")):
        manager.locator(f"#{field}").fill(typed)
    manager.locator("#position").fill("办公室主任")
    manager.locator("#phone").fill("13955401234")
    manager.locator("#area").select_option("340405001001")
    manager.locator("main form button").click()
    expect(manager.locator("main")).to_contain_text("等待核实")
    waiting = manager.url

    office.goto("/enterprises/")
    readable(office)
    office.set_viewport_size(PHONE)
    readable(office)
    office.set_viewport_size(SCREEN)
    office.get_by_role("button", name="确认", exact=True).click()
    expect(office.locator("main")).to_contain_text("没有待核实的申请")
    manager.goto(waiting)
    readable(manager)
    manager.get_by_role("button", name="进入").click()
    manager.get_by_role("button", name="在这里登录").click()
    expect(manager).to_have_url(manager.url.split("/e/")[0] + "/e/")


def called(manager: Page) -> str:
    manager.locator('a[href="/e/new"]').click()
    manager.get_by_label("政策兑现（奖补）").check()
    manager.locator("#text").fill("去年评上专精特新，奖补资金一直没有到账")
    readable(manager)
    manager.locator("main form button.btn-primary").click()
    expect(manager.locator("[role=status]").first).to_contain_text("我们会先给您打电话")
    readable(manager)
    number: str = manager.locator(".slip-number").inner_text()
    return number


def promised(reform: Page, number: str) -> None:
    reform.goto(f"/desk/{number}/")
    move(reform, "签收")
    reform.goto(f"/desk/{number}/progress")
    form = reform.locator("#act form")
    form.get_by_label("负责人已会见企业").check()
    form.locator("[name=amount]").fill("300000")
    form.locator("[name=until]").fill("2099-05-22T17:00")
    form.locator("textarea").first.fill("区领导见面商定，一次拨付")
    form.locator("button.btn-primary").click()
    expect(reform.locator("#enterprise")).to_contain_text("300,000元")
    readable(reform)


def test_a_reward_is_called_for_promised_and_paid(people: People) -> None:
    manager, office, reform = people.open(), people.sign_in(OFFICE), people.sign_in(REFORM)
    joined(manager, office)
    number = called(manager)

    office.goto(f"/desk/{number}/")
    expect(office.locator("#enterprise")).to_contain_text("91340405MA2N0ABC9C")
    move(office, "联系企业", note="已通话，核对批复文件")
    move(office, "受理")
    office.goto(f"/desk/{number}/dispatch")
    office.locator("#act select[name=unit]").select_option("dept-development-reform")
    office.locator("#act button.btn-primary").click()
    expect(office.locator("#done")).to_contain_text("已完成")
    promised(reform, number)
    reform.goto(f"/desk/{number}/")
    move(reform, "结果反馈", choose="已解决", note="商定奖补30万元，5月22日前拨付")
    office.goto(f"/desk/{number}/")
    move(office, "核查", note="已核对")

    manager.goto(f"/e/{number}/")
    expect(manager.locator("main")).to_contain_text("300,000元")
    readable(manager)
    manager.locator("#ask button[value=yes]").click()
    expect(manager.locator("h1.solved")).to_be_visible()
    manager.get_by_role("button", name="已兑现").click()
    expect(manager.locator(".promises")).to_contain_text("兑现")
    expect(manager.locator(".promises button")).to_have_count(0)
    manager.set_viewport_size(SCREEN)
    for path in ("/e/", "/e/people", f"/e/{number}/"):
        manager.goto(path)
        readable(manager)
