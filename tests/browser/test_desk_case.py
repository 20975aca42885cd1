"""The case page of those who work all day: without a mouse, beside others, with nothing typed ever lost."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.people import SCREEN, People
from tests.stories.vocabulary import Story
from yizhi.cases.actions import Contact
from yizhi.core.admin import MACHINE
from yizhi.people import actions, queries

GRID, NEXT_GRID = "340405001001003", "340405001001002"
CLERK, STREET, HOUSING = "desk-340405001001", "desk-340405001", "liaison-housing"


@pytest.fixture
def case(people: People, story: Story) -> Story:
    """Reported a moment ago: pages read the time themselves."""
    story.at = timezone.now()
    story.report("三号楼一单元门口的路灯坏了三天", GRID, source="scan")
    return story


def ready(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("html.script")).to_be_attached()


def done(page: Page, said: str) -> None:
    expect(page.locator("#done")).to_contain_text(said)


# ----- without a mouse


def test_a_clerk_accepts_and_assigns_by_keys_alone(people: People, case: Story) -> None:
    clerk = people.sign_in(CLERK)
    ready(clerk, "/desk/")
    expect(clerk.locator("#list .row")).to_have_count(1)
    keys = clerk.keyboard
    keys.press("j")
    keys.press("Enter")
    expect(clerk.locator("#number")).to_have_text(case.receipt.number)
    keys.press("a")
    expect(clerk.locator("#act .search-list")).to_be_focused()
    keys.type("路灯")
    keys.press("Control+Enter")
    done(clerk, "受理")
    expect(clerk.locator("#done")).to_be_focused()
    keys.press("d")
    expect(clerk.locator("#act .search-list").first).to_be_focused()
    keys.type("城管")
    expect(clerk.locator("#act button.btn-primary")).to_have_text("点对点推送给八公山区城市管理局")
    keys.press("Control+Enter")
    expect(clerk.locator(".story li").first).to_contain_text("点对点推送给八公山区城市管理局")


def test_a_form_that_came_as_a_whole_page_takes_words_at_once(people: People, case: Story) -> None:
    clerk = people.sign_in(CLERK)
    clerk.goto(f"/desk/{case.receipt.number}/accept#act")
    expect(clerk.locator("#act .search-list")).to_be_focused()


def test_the_list_of_keys_marks_what_is_open_and_escape_leads_back(people: People, case: Story) -> None:
    clerk = people.sign_in(CLERK)
    ready(clerk, f"/desk/{case.receipt.number}/")
    clerk.keyboard.press("?")
    shown = clerk.locator("#keys")
    expect(shown).to_be_visible()
    expect(shown.locator(".keys-open", has_text="不予受理").locator("kbd")).to_have_text("⇧D")
    expect(shown.locator("[data-move=sign]")).not_to_have_class(re.compile("keys-open"))
    clerk.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    clerk.keyboard.press("Shift+D")
    expect(clerk.locator("#act form")).to_have_attribute("data-move", "decline")
    clerk.keyboard.press("Escape")
    expect(clerk.locator("#act form")).to_have_count(0)
    expect(clerk.locator("details.more > summary")).to_be_focused()


def test_letters_typed_into_a_form_are_words(people: People, case: Story) -> None:
    clerk = people.sign_in(CLERK)
    ready(clerk, f"/desk/{case.receipt.number}/decline")
    clerk.locator("#act textarea").press_sequentially("a d?")
    expect(clerk.locator("#act textarea")).to_have_value("a d?")
    expect(clerk.locator("#act form")).to_have_attribute("data-move", "decline")


def test_the_unit_of_the_duty_list_is_chosen_already_and_others_say_why_not(people: People, case: Story) -> None:
    case.move(CLERK, "accept", category="0101")
    clerk = people.sign_in(CLERK)
    ready(clerk, f"/desk/{case.receipt.number}/dispatch")
    unit = clerk.locator("#act select[name=unit]")
    expect(unit.locator("option:checked")).to_have_text("八公山区住房和城乡建设局")
    expect(clerk.locator("#act")).to_contain_text("由区燃气主管部门牵头")
    expect(unit.locator("option", has_text="治东社区第三网格")).to_contain_text("职责清单不作牵头")
    clerk.locator("#act .search-list").first.fill("没有这样的单位")
    expect(clerk.locator("#act")).to_contain_text("列表里没有这个名称")


def test_without_scripts_the_picker_is_a_list(people: People, case: Story) -> None:
    case.move(CLERK, "accept", category="0502")
    clerk = people.sign_in(CLERK, scripts=False)
    clerk.goto(f"/desk/{case.receipt.number}/dispatch")
    clerk.locator("select[name=unit]").select_option(label="八公山区城市管理局")
    clerk.locator("#act button.btn-primary").click()
    expect(clerk.locator(".story")).to_contain_text("点对点推送给八公山区城市管理局")


# ----- beside others


def test_a_move_that_somebody_overtook_shows_what_changed_and_what_can_be_done_now(people: People, case: Story) -> None:
    slow, quick = people.sign_in(CLERK), people.sign_in(STREET)
    ready(slow, f"/desk/{case.receipt.number}/decline")
    slow.get_by_label("不属于受理范围").check()
    slow.locator("#act textarea").fill("写了很久的理由，请到物业办理")
    ready(quick, f"/desk/{case.receipt.number}/")
    case.move(CLERK, "accept", category="0502", note="我们来办")
    case.move(CLERK, "dispatch", unit="dept-urban-management")
    slow.keyboard.press("Control+Enter")
    refused = slow.locator("#refused")
    expect(refused).to_be_focused()
    for said in ("受理", "我们来办", "点对点推送给八公山区城市管理局"):
        expect(refused.locator(".changed")).to_contain_text(said)
    expect(slow.locator(".typed")).to_have_text("写了很久的理由，请到物业办理")
    expect(slow.locator("#case .case-number")).to_contain_text("待签收")


def test_what_is_under_way_stands_with_who_is_awaited(people: People, case: Story) -> None:
    case.move(CLERK, "accept", category="0502")
    case.move(CLERK, "whistle", units=["dept-urban-management", "dept-housing"], note="三号楼前集合")
    clerk = people.sign_in(CLERK)
    ready(clerk, f"/desk/{case.receipt.number}/")
    block = clerk.locator(".pending-whistle")
    expect(block).to_contain_text("2 家已到 0 家")
    expect(block).to_contain_text("未报到")
    block.get_by_role("link", name="现场结论").click()
    expect(clerk.locator("#act form")).to_have_attribute("data-move", "conclude_whistle")


# ----- nothing typed is lost


def kept(page: Page) -> str:
    """All drafts on the device. The page's policy lets nobody wait in it for a condition."""
    found: str = page.evaluate(
        "JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('draft:')))"
    )
    return found


def waits(page: Page, condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(kept(page))


def end_sessions() -> None:
    Session.objects.all().delete()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_session_that_ends_in_mid_form_brings_the_words_back(people: People, case: Story, scripts: bool) -> None:
    account = queries.account_id(CLERK)
    assert account is not None
    actions.set_password(account, password="correct horse 7", by=MACHINE, at=timezone.now())
    clerk = people.sign_in(CLERK, scripts=scripts)
    clerk.goto(f"/desk/{case.receipt.number}/decline")
    clerk.locator("#act").get_by_label("不属于受理范围").check()
    clerk.locator("#act textarea").fill("请到物业办理，电话在单元门口")
    if scripts:
        clerk.evaluate("localStorage.clear()")  # the server alone has to bring it back
    end_sessions()
    clerk.locator("#act button.btn-primary").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("请重新登录")
    clerk.get_by_label("登录名").fill(CLERK)
    clerk.get_by_label("密码").fill("wrong")
    clerk.get_by_role("button", name="登录").click()
    clerk.get_by_label("密码").fill("correct horse 7")
    clerk.get_by_role("button", name="登录").click()
    expect(clerk.locator("#act textarea")).to_have_value("请到物业办理，电话在单元门口")
    expect(clerk.locator("#act").get_by_label("不属于受理范围")).to_be_checked()
    clerk.locator("#act button.btn-primary").click()
    expect(clerk.locator("#case .case-number")).to_contain_text("不予受理")


def test_a_draft_is_there_after_a_reload_for_its_own_account_alone(people: People, case: Story) -> None:
    clerk = people.sign_in(CLERK)
    ready(clerk, f"/desk/{case.receipt.number}/accept")
    clerk.locator("#act textarea").fill("先记一笔，待核实")
    waits(clerk, lambda: "先记一笔" in kept(clerk))
    clerk.reload()
    expect(clerk.locator("#act textarea")).to_have_value("先记一笔，待核实")
    line = clerk.locator(".draft-said")
    expect(line).to_contain_text("已恢复您上次没发出的内容")

    other = queries.account_id(STREET)
    assert other is not None
    secret = actions.make_link(other, by=MACHINE, at=timezone.now(), minutes=5)
    beside = clerk.context.new_page()
    beside.goto(f"/in/{secret}")
    beside.get_by_role("button", name="在这里登录").click()
    ready(beside, f"/desk/{case.receipt.number}/progress")
    ready(beside, f"/desk/{case.receipt.number}/escalate")
    expect(beside.locator(".draft-said")).to_have_count(0)


def test_a_draft_can_be_dropped_and_goes_when_it_was_sent(people: People, case: Story) -> None:
    clerk = people.sign_in(CLERK)
    address = f"/desk/{case.receipt.number}/progress"
    ready(clerk, address)
    clerk.locator("#act textarea").fill("写了又不要")
    waits(clerk, lambda: "写了又不要" in kept(clerk))
    clerk.reload()
    clerk.get_by_role("button", name="不要了").click()
    expect(clerk.locator("#act textarea")).to_have_value("")
    assert kept(clerk) == "[]"
    clerk.locator("#act textarea").fill("已到现场")
    waits(clerk, lambda: "已到现场" in kept(clerk))
    clerk.keyboard.press("Control+Enter")
    done(clerk, "进展")
    waits(clerk, lambda: kept(clerk) == "[]")


def test_names_and_numbers_are_never_kept_on_the_device(people: People, case: Story) -> None:
    clerk = people.sign_in(CLERK)
    ready(clerk, "/desk/new")
    clerk.locator("details.fold > summary").first.click()
    clerk.locator("#name").fill("林秀英")
    clerk.locator("#phone").fill("13812345678")
    clerk.locator("#text").fill("楼道里堆了杂物")
    waits(clerk, lambda: "楼道里堆了杂物" in kept(clerk))
    assert "13812345678" not in kept(clerk)
    assert "林秀英" not in kept(clerk)


# ----- the ground around, and the paper


def test_the_ground_is_drawn_and_what_lies_near_can_be_merged_into(people: People, story: Story) -> None:
    story.at = timezone.now()
    story.report("路灯坏了", GRID, category="0502", lon=116.8301, lat=32.6301)
    first = story.receipt.number
    story.report("三号楼门口的灯不亮", GRID, category="0502", lon=116.8302, lat=32.6302)
    clerk = people.sign_in(CLERK)
    ready(clerk, f"/desk/{story.receipt.number}/")
    around = clerk.locator("#around")
    clerk.locator(".case-story").scroll_into_view_if_needed()  # past the map, which is asked for when it is seen
    expect(around.locator("svg .ground-case")).to_have_count(1)
    expect(around.locator("svg .ground-own")).to_have_count(1)
    expect(around.locator(".near")).to_contain_text(first)
    around.get_by_role("link", name=re.compile("并入")).click()
    expect(clerk.locator("#act input[name=into]")).to_have_value(first)


def test_the_slip_is_one_page_however_much_was_said(people: People, story: Story) -> None:
    story.at = timezone.now()
    story.report("很长的话。" * 400, GRID, contact=Contact("林秀英", "13812345678"))
    story.move(CLERK, "accept", category="0502", note="已核对位置，" * 40)
    story.move(CLERK, "dispatch", unit="dept-housing", note="请今天看现场，" * 40)
    for _ in range(3):
        story.move(CLERK, "progress", note="已联系维修单位，" * 40)
    clerk = people.sign_in(CLERK)
    clerk.set_viewport_size(SCREEN)
    ready(clerk, f"/desk/{story.receipt.number}/slip")
    sheet = clerk.locator(".sheet")
    for said in ("点对点推送单", story.receipt.number, "林**", "138****5678", "拟办意见", "领导批示", "回访", "签字"):
        expect(sheet).to_contain_text(said)
    expect(sheet).not_to_contain_text("13812345678")
    paper = clerk.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
