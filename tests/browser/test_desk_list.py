"""The list of the desk at 1440 × 900: several matters with keys alone, the Excel file, news that waits its turn."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.people import People
from tests.stories.vocabulary import Story

pytestmark = pytest.mark.browser

GRID, CLERK = "340405001001003", "desk-340405001001"
HOLES = ("校门口的路面塌了一块", "三号楼前的地砖松了", "菜市场口的台阶坏了")


def holes(story: Story) -> list[str]:
    story.at = timezone.now()
    return [story.report(text, GRID, category="0501").number for text in HOLES]


def desk(people: People, *, scripts: bool = True, path: str = "/desk/") -> Page:
    page = people.sign_in(CLERK, scripts=scripts)
    page.goto(path)
    if scripts:
        expect(page.locator("html.script #list")).to_be_visible()
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_two_of_three_are_accepted_and_handed_on_with_keys_alone(people: People, story: Story) -> None:
    first, second, third = holes(story)
    clerk = desk(people)
    expect(clerk.locator("#list .row")).to_have_count(3)
    expect(clerk.locator(".bulk-bar")).to_be_hidden()
    press(clerk, "j", "x", "j", "x")
    expect(clerk.locator(".bulk-said")).to_have_text("选中 2 件")
    press(clerk, "g")
    expect(clerk.get_by_role("button", name="受理", exact=True)).to_be_focused()
    press(clerk, "Enter")

    expect(clerk.get_by_role("heading", level=1)).to_have_text("批量受理（2 件）")
    clerk.locator("textarea").focus()
    clerk.keyboard.type("收到，今天安排")
    press(clerk, "Control+Enter")
    expect(clerk.locator(".bulk-summary h1")).to_have_text("受理：办成 2 件")

    clerk.goto("/desk/?stage=accepted")
    expect(clerk.locator("#list .row")).to_have_count(2)
    press(clerk, "j", "x", "j", "x", "g", "Enter")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("（2 件）")
    expect(clerk.locator("select[name=unit]")).to_have_value("each")
    clerk.locator("select[name=unit]").focus()
    press(clerk, "Control+Enter")
    expect(clerk.locator(".bulk-summary h1")).to_contain_text("办成 2 件")
    for number in (first, second):
        expect(clerk.locator(".bulk-summary")).to_contain_text(number)
    clerk.goto("/desk/")
    expect(clerk.locator(f"#list .row[data-number='{third}']")).to_have_count(1)
    expect(clerk.locator("#list .row")).to_have_count(1)


def test_it_works_without_scripts(people: People, story: Story) -> None:
    holes(story)
    clerk = desk(people, scripts=False)
    for tick in clerk.locator(".pick input").all()[:2]:
        tick.check()
    clerk.get_by_role("button", name="受理", exact=True).click()
    clerk.get_by_role("button", name="受理勾选的事项").click()
    expect(clerk.locator(".bulk-summary h1")).to_have_text("受理：办成 2 件")


def test_filters_narrow_and_chips_take_off(people: People, story: Story) -> None:
    holes(story)
    clerk = desk(people, path="/desk/?view=all")
    filters = clerk.locator("#filters")
    expect(filters.get_by_role("link", name="新来的 3")).to_be_visible()
    filters.get_by_role("link", name="待受理").click()
    expect(clerk.locator("#list .row")).to_have_count(3)
    clerk.locator(".filter-more summary").click()
    clerk.get_by_label("来源").select_option("field")
    clerk.get_by_role("button", name="筛选", exact=True).click()
    expect(clerk.locator("#list .row")).to_have_count(0)
    expect(clerk.locator(".list-empty")).to_contain_text("这样筛选没有事项")
    clerk.get_by_role("link", name="去掉：网格员上报").click()
    expect(clerk.locator("#list .row")).to_have_count(3)
    expect(clerk.locator(".chip")).to_have_count(1)


def test_the_excel_file_holds_what_the_list_holds(people: People, story: Story, tmp_path: Path) -> None:
    numbers = holes(story)
    clerk = desk(people, path="/desk/?view=all")
    shown = [str(row.get_attribute("data-number")) for row in clerk.locator("#list .row").all()]
    with clerk.expect_download() as waiting:
        clerk.get_by_role("link", name="导出 Excel").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    waiting.value.save_as(tmp_path / "list.xlsx")
    head, *lines = CalamineWorkbook.from_path(str(tmp_path / "list.xlsx")).get_sheet_by_index(0).to_python()
    filed = [dict(zip(head, line, strict=True)) for line in lines[: len(numbers)]]
    assert [line["编号"] for line in filed] == shown
    assert {str(line["内容"]) for line in filed} == set(HOLES)


def test_news_waits_while_somebody_reads_and_comes_by_itself_when_nobody_does(people: People, story: Story) -> None:
    holes(story)
    reader, idle = desk(people), desk(people)
    press(reader, "j")
    story.at = timezone.now()
    late = story.report("第四件", GRID, category="0501").number
    for page in (reader, idle):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    expect(idle.locator("#list .row")).to_have_count(4)
    expect(reader.locator("#fresh")).to_have_text("有 1 件新的，点开看")
    expect(reader.locator("#list .row")).to_have_count(3)
    press(reader, "g")
    expect(reader.locator("#list .row")).to_have_count(4)
    expect(reader.locator(f"#list .row[data-number='{late}']")).to_have_count(1)
    expect(reader.locator("#fresh")).to_be_hidden()


def test_what_is_chosen_stays_chosen_when_the_list_is_made_anew(people: People, story: Story) -> None:
    holes(story)
    clerk = desk(people)
    press(clerk, "j", "x")
    story.at = timezone.now()
    story.report("第四件", GRID, category="0501")
    clerk.evaluate("document.body.dispatchEvent(new CustomEvent('fresh'))")
    expect(clerk.locator("#list .row")).to_have_count(4)
    expect(clerk.locator(".pick input:checked")).to_have_count(1)
    expect(clerk.locator(".bulk-said")).to_have_text("选中 1 件")


def test_on_a_telephone_the_list_has_the_page_and_nothing_runs_over(people: People, story: Story) -> None:
    holes(story)
    page = people.sign_in(CLERK, phone=True)
    page.goto("/desk/?view=all")
    expect(page.locator(".desk-open")).to_be_hidden()
    page.locator(".pick").first.click()
    expect(page.locator(".bulk-said")).to_have_text("选中 1 件")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
