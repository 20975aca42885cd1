"""The leader's two minutes and the supervisor's table, on a screen, a telephone and one sheet of paper."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.people import People
from tests.stories.vocabulary import Story
from yizhi.insight import actions as insight

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRID = "340405001001003"
TROUBLE = "楼道里堆满了杂物，上下楼都不方便，说了很多次也没有人管，请尽快派人来看一看。" * 2


@pytest.fixture
def busy(story: Story, people: People) -> People:
    """Twelve open matters with long words, four of them late, one solved."""
    start = timezone.now() - timedelta(days=20)
    for number in range(13):
        story.at = start + timedelta(hours=number)
        story.report(
            "楼道里堆满了杂物，上下楼都不方便，说了很多次也没有人管，请尽快派人来看一看" * 2, GRID, category="0401"
        )
    story.move(f"grid-{GRID}", "solve", result="solved", note="已清走")
    story.move("resident", "follow_up", answer="yes")
    while insight.follow(timezone.now()):
        pass
    return people


def fits(page: Page) -> None:
    """Nothing lies beyond the edge but what scrolls by itself."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("phone", [False, True])
def test_the_leader_comes_home_to_one_page(busy: People, phone: bool) -> None:
    page = busy.sign_in("leader-340405", phone=phone)
    page.goto("/")
    assert page.url.endswith("/figures/brief")
    expect(page.locator(".six-n")).to_have_count(6)
    expect(page.locator(".knots tbody tr")).to_have_count(10)
    expect(page.locator("main")).to_contain_text("数据截至")
    fits(page)
    page.locator(".six-n").nth(1).click()
    expect(page.locator("main h1")).to_have_text("在办")
    expect(page.locator(".behind tbody tr")).to_have_count(12)
    fits(page)
    page.locator(".behind tbody a").first.click()
    expect(page.locator("#case")).to_contain_text("楼道里堆满了杂物")


def test_the_page_prints_on_one_sheet(busy: People) -> None:
    page = busy.sign_in("leader-340405")
    page.goto("/figures/brief")
    paper = page.pdf(format="A4", margin={"top": "12mm", "bottom": "12mm", "left": "12mm", "right": "12mm"})
    assert len(re.findall(rb"/Type */Page\b(?!s)", paper)) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_district_down_to_the_grid(busy: People, scripts: bool) -> None:
    page = busy.sign_in("leader-340405", scripts=scripts)
    page.goto("/figures/")
    for name in ("新庄孜街道", "治东社区", "第三网格"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("main h1")).to_contain_text(name)
    expect(page.locator("tfoot .figure").first).to_have_text("12")
    page.get_by_role("link", name="按单位").click()
    expect(page.locator(".figures-table tbody")).to_contain_text("第三网格")


def test_from_a_late_matter_to_urging_it(busy: People) -> None:
    page = busy.sign_in("leader-340405")
    page.goto("/figures/cases?what=overdue")
    page.locator(".behind-steps").first.get_by_role("link", name="督办").click()
    expect(page.locator("#act form")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
def test_the_table_on_a_telephone_scrolls_in_itself(busy: People, phone: bool) -> None:
    page = busy.sign_in("desk-340405001", phone=phone)
    page.get_by_role("link", name="情况", exact=True).click()
    expect(page.locator("main h1")).to_have_text("新庄孜街道")
    fits(page)
