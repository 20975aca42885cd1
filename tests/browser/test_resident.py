"""The resident: from the scan to the receipt, on a phone and on a screen, with and without scripts, by keys alone; and
what the page of a matter says and asks."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, photo
from tests.stories.vocabulary import Story
from yizhi.cases.testing import rows

pytestmark = pytest.mark.browser

GRID = "340405001001003"
CLERK, URBAN = "desk-340405001001", "dept-urban-management"
WORDS = "三号楼一单元门口的路灯坏了三天"
MOST_TAPS = 4


def taps_of(page: Page) -> list[str]:
    """What is tapped from now on, as the browser notices it, on this page and those that follow."""
    taps: list[str] = []
    page.expose_function("tapped", lambda what: taps.append(what))  # a list's own method has no signature
    page.add_init_script("addEventListener('pointerdown', (tap) => tapped(tap.target.outerHTML.slice(0, 60)), true)")
    return taps


def receipt(page: Page) -> str:
    """All that a receipt has to say; its number."""
    slip = page.locator(".slip")
    for said in ("收到了，谢谢您。", "治东社区桥头堡", "0554-", "前给您答复", "接下来"):
        expect(slip).to_contain_text(said)
    expect(page.locator(".keep")).to_contain_text("请保存这一页。")
    expect(page.get_by_alt_text("用别的手机扫")).to_be_visible()
    return slip.locator(".slip-number").inner_text()


def send(page: Page, sticker: str, words: str = WORDS) -> None:
    page.goto(f"/q/{sticker}")
    page.get_by_label("什么事？在哪里？").fill(words)
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".slip-number")).to_be_visible()


@pytest.mark.parametrize("first", ["words", "photo"])
def test_from_the_scan_to_the_receipt_in_three_taps(people: People, first: str) -> None:
    page = people.open(touch=True)
    taps = taps_of(page)
    page.goto(f"/q/{people.sticker(GRID)}")
    for step in ("words", "photo") if first == "words" else ("photo", "words"):
        if step == "words":
            page.get_by_label("什么事？在哪里？").tap()
            page.keyboard.insert_text(WORDS)
        else:
            with page.expect_file_chooser() as opened:
                page.locator(".picker-camera").tap()
            assert opened.value.element.get_attribute("capture") == "environment", "the camera opens at once"
            opened.value.set_files(photo())
            expect(page.locator(".previews li")).to_have_count(1)
    page.get_by_role("button", name="发送").tap()
    receipt(page)
    assert len(taps) == 3 <= MOST_TAPS, taps
    expect(page.locator(".tools")).to_contain_text("打印回执")
    page.get_by_text("您写的内容", exact=True).tap()
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.locator(".photos img")).to_have_count(1)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "screen"])
def test_the_same_without_scripts(people: People, phone: bool) -> None:
    page = people.open(phone=phone, scripts=False, touch=phone)
    page.goto(f"/q/{people.sticker(GRID)}")
    page.get_by_label("什么事？在哪里？").click()
    page.keyboard.insert_text(WORDS)
    page.get_by_label("选照片").set_input_files([photo(), photo()])
    page.get_by_role("button", name="发送").click()
    receipt(page)
    expect(page.get_by_role("button", name="打印回执")).to_have_count(0)
    assert rows("SELECT count(*) FROM cases_attachment") == [(2,)]


def test_by_keys_alone(people: People) -> None:
    page = people.open(phone=False)
    page.goto(f"/q/{people.sticker(GRID)}")
    reach(page, page.get_by_label("什么事？在哪里？"))
    page.keyboard.insert_text(WORDS)
    reach(page, page.get_by_role("button", name="发送"))
    page.keyboard.press("Enter")
    receipt(page)
    reach(page, page.get_by_text("等得太久，催一催"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="请快一点办"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("已经替您催了。")


def reach(page: Page, wanted: Locator) -> None:
    """By the tab key, and not too far."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement || it.contains(document.activeElement)"):
            return
    raise AssertionError(f"{wanted} is not reached by the tab key")


# ----- photos


def test_photos_are_shown_made_small_and_can_be_taken_out(people: People) -> None:
    page = people.open()
    page.goto(f"/q/{people.sticker(GRID)}")
    page.get_by_label("选照片").set_input_files([photo((3000, 2000)), photo((2000, 3000))])
    expect(page.locator(".previews img")).to_have_count(2)
    page.get_by_label("选照片").set_input_files(photo())
    expect(page.locator(".previews img")).to_have_count(3)
    page.get_by_role("button", name="去掉 2").click()
    expect(page.locator(".previews img")).to_have_count(2)
    page.get_by_label("什么事？在哪里？").fill(WORDS)
    page.get_by_role("button", name="发送").click()
    receipt(page)
    assert rows("SELECT width, height FROM cases_attachment ORDER BY place") == [(1600, 1067), (64, 48)]


def test_the_tenth_photo_is_left_out_and_said_so(people: People) -> None:
    page = people.open()
    page.goto(f"/q/{people.sticker(GRID)}")
    page.get_by_label("选照片").set_input_files([photo()] * 12)
    expect(page.locator(".previews img")).to_have_count(9)
    expect(page.locator("[data-said]")).to_have_text("最多九张，多出的没有放进来。")
    page.get_by_label("什么事？在哪里？").fill(WORDS)
    page.get_by_role("button", name="发送").click()
    receipt(page)


# ----- what was typed


def test_words_outlive_a_reload_and_a_dead_network_but_never_a_telephone_number(people: People) -> None:
    page = people.open()
    page.goto(f"/q/{people.sticker(GRID)}")
    page.get_by_label("什么事？在哪里？").fill(WORDS)
    page.get_by_text("留个电话").click()
    page.get_by_label("电话", exact=False).last.fill("13812345678")
    page.wait_for_function("() => Object.values(localStorage).join().includes('路灯')")
    page.reload()
    expect(page.get_by_label("什么事？在哪里？")).to_have_value(WORDS)
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "13812345678" not in kept

    page.context.set_offline(True)
    page.get_by_role("button", name="发送").click()
    expect(page.locator("[data-state]")).to_contain_text("现在没有网络")
    page.context.set_offline(False)
    page.get_by_role("button", name="发送").click()
    receipt(page)
    assert WORDS not in page.evaluate("Object.values(localStorage).join()"), "gone when it has arrived"


def test_a_lost_answer_makes_no_second_matter(people: People) -> None:
    page = people.open()
    sticker = people.sticker(GRID)
    page.goto(f"/q/{sticker}")
    page.get_by_label("什么事？在哪里？").fill(WORDS)
    page.route("**/q/*", lambda route: (route.fetch(max_redirects=0), route.abort()))  # it arrived, nobody heard
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="发送").click()
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]
    page.unroute("**/q/*")
    page.goto(f"/q/{sticker}")
    expect(page.get_by_label("什么事？在哪里？")).to_have_value(WORDS)
    page.get_by_role("button", name="发送").click()
    receipt(page)
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]
    send(page, sticker)
    assert rows("SELECT count(*) FROM cases_case") == [(2,)], "the next one is another"


def test_what_is_refused_is_said_first_and_everything_is_kept(people: People) -> None:
    page = people.open()
    page.goto(f"/q/{people.sticker(GRID)}")
    page.get_by_label("选照片").set_input_files(photo())
    page.get_by_text("留个电话").click()
    page.get_by_label("怎么称呼您").fill("王女士")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#refused")).to_be_focused()
    expect(page.get_by_label("怎么称呼您")).to_have_value("王女士")
    expect(page.get_by_label("第 1 张已经收到，不用再选")).to_be_checked()
    page.get_by_role("link", name="请填写").click()
    expect(page.get_by_label("什么事？在哪里？")).to_be_focused()


# ----- the page of a matter


def solved(story: Story, words: str = WORDS) -> str:
    """A matter that waits for its reporter; its address."""
    story.at = timezone.now()
    story.report(words, GRID)
    story.move(CLERK, "solve", result="solved", note="灯泡已换好，晚上会亮", category="0502")
    if story.case.check:
        story.move("desk-340405001", "verify")
    return f"/c/{story.receipt.code}"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_one_tap_says_that_it_is_not_solved_and_a_word_may_follow(people: People, story: Story, scripts: bool) -> None:
    page = people.open(scripts=scripts)
    page.goto(solved(story))
    yes, no = page.get_by_role("button", name="解决了"), page.get_by_role("button", name="没解决", exact=True)
    sizes = [(found["width"], found["height"]) for it in (yes, no) if (found := it.bounding_box())]
    assert sizes[0] == sizes[1], "two buttons of one size"
    no.click()
    expect(page.get_by_role("status").first).to_have_text("收到了，谢谢您告诉我们。")
    expect(page.locator(".track li").first).to_contain_text("还没有解决")
    page.get_by_label("要补充什么？").fill("左边那盏还是黑的")
    page.get_by_role("button", name="发送补充").click()
    expect(page.locator(".track li").first).to_contain_text("左边那盏还是黑的")


def test_one_tap_says_that_it_is_solved_and_another_takes_it_back(people: People, story: Story) -> None:
    page = people.open()
    page.goto(solved(story))
    page.get_by_role("button", name="解决了").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您告诉我们：已经解决")
    page.get_by_text("其实没解决？").click()
    page.get_by_role("button", name="没解决，请再办").click()
    expect(page.locator(".track li").first).to_contain_text("您要求重新办理")


def test_who_has_more_to_say_says_it_with_the_answer(people: People, story: Story) -> None:
    page = people.open()
    page.goto(solved(story))
    page.get_by_text("想说一句").click()
    page.get_by_label(re.compile("写好以后")).fill("修得很快")
    page.get_by_role("button", name="解决了").click()
    expect(page.locator(".track")).to_contain_text("您告诉我们：已经解决。谢谢您。")


def test_on_paper_a_receipt_without_buttons_and_with_whole_dates(people: People) -> None:
    page = people.open()
    send(page, people.sticker(GRID))
    page.emulate_media(media="print")
    for gone in ("发送补充", "打印回执", "English"):
        expect(page.get_by_role("button", name=gone)).to_have_count(0)
    expect(page.locator(".keep img")).to_be_visible()
    said = page.locator(".slip time").first.evaluate("it => getComputedStyle(it, '::after').content")
    assert re.search(r"20\d\d", said)


def test_reading_aloud_is_offered_where_the_browser_can(people: People) -> None:
    page = people.open()
    send(page, people.sticker(GRID))
    expect(page.get_by_role("button", name="读给我听")).to_be_visible()
    page.add_init_script("delete Window.prototype.speechSynthesis; delete window.speechSynthesis")
    page.reload()
    expect(page.get_by_role("button", name="打印回执")).to_be_visible()
    expect(page.get_by_role("button", name="读给我听")).to_have_count(0)


def test_without_a_sticker_the_place_is_chosen(people: People) -> None:
    page = people.open(scripts=False)
    page.goto("/")
    page.get_by_role("link", name="没有二维码，选社区反映").click()
    page.get_by_text("新庄孜街道").click()
    page.get_by_role("link", name="治东社区").click()
    page.get_by_label("什么事？在哪里？").fill(WORDS)
    page.get_by_role("button", name="发送").click()
    number, code = receipt(page), page.locator(".slip-code").inner_text()
    page.goto("/")
    page.get_by_label("您反映的事办得怎么样了？").fill(code.lower())
    page.get_by_role("button", name="查看进展").click()
    expect(page.locator(".slip-number")).to_have_text(number)
