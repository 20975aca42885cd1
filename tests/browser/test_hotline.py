"""Whoever answers the hotline never lets go of the keyboard, and loses nothing when the page does."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People
from tests.browser.reading import faults

pytestmark = pytest.mark.browser


def typed(page: Page, *fields: str) -> None:
    for field in fields:
        page.keyboard.type(field)
        page.keyboard.press("Tab")


def test_a_call_by_keyboard_alone(people: People) -> None:
    page = people.sign_in("desk-340405001001")
    page.goto("/hotline/")
    expect(page.locator("#phone")).to_be_focused()
    typed(page, "13900001234", "王女士", "学校门口三盏路灯不亮")
    expect(page.locator("#saved")).to_contain_text("已保存 ")
    expect(page.locator("#call[data-unsaved]")).to_have_count(0)
    page.reload()
    expect(page.locator("#text")).to_have_value("学校门口三盏路灯不亮")

    page.keyboard.press("Alt+1")
    page.keyboard.type("治东第三")
    expect(page.locator("#area")).to_have_value("340405001001003")
    page.keyboard.press("Control+Enter")
    number = page.locator(".slip-number").inner_text()

    page.keyboard.press("Alt+n")
    expect(page.locator("#phone")).to_be_focused()
    typed(page, "139 0000 1234", "", "昨天又灭了一盏")
    expect(page.locator("#beside")).to_contain_text(number)
    page.keyboard.press("Alt+4")
    page.keyboard.press("Space")
    assert [*faults(page)] == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("已补充到事项")
    page.goto(f"/desk/{number}/")
    expect(page.locator("#case")).to_contain_text("昨天又灭了一盏")


def test_what_was_answered_is_typed_at_once_and_what_is_missing_next(people: People) -> None:
    page = people.sign_in("desk-340405001001")
    page.goto("/hotline/")
    typed(page, "", "", "老年优待证怎么办理")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".error-box")).to_contain_text("告知去哪里")
    expect(page.locator("[name=to]").first).to_be_focused()
    page.keyboard.press("Alt+2")
    page.keyboard.type("带身份证到桥头堡办理。")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("已作为答复记录保存")


def test_a_call_without_scripts(people: People) -> None:
    page = people.sign_in("desk-340405001001", scripts=False)
    page.goto("/hotline/")
    page.fill("#text", "老年优待证怎么办理")
    page.get_by_role("button", name="暂存").click()
    page.goto("/hotline/")
    page.get_by_role("link", name="老年优待证怎么办理").click()
    page.get_by_label("当场答复").check()
    page.fill("#answer", "带身份证到桥头堡办理。")
    page.get_by_role("button", name="完成登记").click()
    expect(page.get_by_role("status").first).to_contain_text("已作为答复记录保存")
