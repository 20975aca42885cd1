"""Before a resident sends: on a telephone what is known already is said while they type, on a screen without scripts as
a step; who follows what was reported has a code of their own; who may be watched leaves at once."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.people import People
from tests.browser.reading import faults
from tests.stories.vocabulary import Story
from yizhi.cases import actions
from yizhi.core.actor import Actor

pytestmark = pytest.mark.browser

GRID = "340405001001003"
WORDS = "楼下垃圾桶满了，没人清运"


@pytest.fixture
def older(story: Story) -> str:
    """Waste, reported in this grid two hours ago; its number."""
    what = actions.Report(text="垃圾堆了两天", area=GRID, category="0401")
    return actions.report(what, by=Actor(door="scan"), at=timezone.now() - timedelta(hours=2)).number


def _photo_with_place() -> FilePayload:
    exif, made = Image.Exif(), BytesIO()
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 37.0, 43.3), 3: "E", 4: (116.0, 49.0, 52.3)})
    Image.new("RGB", (64, 48)).save(made, "JPEG", exif=exif)
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def _follow(page: Page, number: str) -> None:
    page.get_by_role("button", name="就是这件，我来关注").click()
    expect(page.locator(".slip-number")).to_have_text(number)
    expect(page.locator("main")).not_to_contain_text("垃圾堆了两天")
    assert list(faults(page)) == []


def test_on_a_telephone_it_is_said_while_somebody_types(people: People, older: str) -> None:
    page = people.open(touch=True)
    page.goto(f"/q/{GRID}")
    page.locator("#photos").set_input_files(_photo_with_place())
    expect(page.locator("input[name=lon]")).to_have_value("116.831194")
    expect(page.locator("[data-chosen-here]")).to_contain_text("没有采用")  # it was taken elsewhere
    page.get_by_label("什么事？在哪里？").fill(WORDS)
    page.get_by_role("button", name="暴露垃圾").tap()
    expect(page.locator("#category")).to_have_value("0401")
    expect(page.locator("#alike")).to_be_visible()
    assert list(faults(page)) == []
    _follow(page, older)


def test_on_a_screen_without_scripts_it_is_a_step(people: People, older: str) -> None:
    page = people.open(phone=False, scripts=False)
    page.goto(f"/q/{GRID}")
    page.get_by_label("什么事？在哪里？").fill(WORDS)
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#alike")).to_be_visible()
    expect(page.get_by_label("什么事？在哪里？")).to_have_value(WORDS)
    expect(page.get_by_role("button", name="我说的是另一件事，提交")).to_be_visible()
    page.get_by_role("button", name="就是这件，我来关注").click()
    expect(page.locator(".slip-number")).to_have_text(older)


def test_who_may_be_watched_leaves_at_once_and_leaves_no_words(people: People) -> None:
    page = people.open(touch=True)
    page.route("https://www.weather.com.cn/**", lambda route: route.fulfill(body="sunny"))
    page.goto(f"/q/{GRID}")
    page.get_by_label("什么事？在哪里？").fill("我老公打我")
    expect(page.get_by_role("link", name="马上离开这一页")).to_be_visible()
    assert list(faults(page)) == []
    page.get_by_role("link", name="马上离开这一页").tap()
    page.wait_for_url("https://www.weather.com.cn/**")
    page.goto(f"/q/{GRID}")
    expect(page.get_by_label("什么事？在哪里？")).to_have_value("")
    assert "打我" not in page.evaluate("JSON.stringify(localStorage)")


def test_on_a_telephone_the_place_is_touched_on_a_map_and_moved_by_keys(people: People) -> None:
    page = people.open(touch=True)
    page.goto(f"/q/{GRID[:12]}")
    page.get_by_text("或在图上指一下").tap()
    map, told = page.locator(".pin-touch"), page.locator("[data-chosen-here]")
    box = map.bounding_box()
    assert box
    assert box["width"] > 300
    map.tap(position={"x": box["width"] * 0.25, "y": box["height"] * 0.6})
    expect(told).to_contain_text("第一网格")
    for _step in range(12):
        map.press("ArrowRight")
    expect(told).to_contain_text("第二网格")
    assert list(faults(page)) == []
    map.tap(position={"x": 4, "y": 4})
    expect(told).to_contain_text("没有采用")
    page.get_by_role("button", name="不用这个位置").tap()
    expect(page.locator("input[name=lon]")).to_have_value("")
    map.press("Enter")
    expect(told).to_contain_text("地图上指的是")
    page.get_by_label("具体地点").fill("三号楼东侧")
    page.get_by_label("什么事？在哪里？").fill("井盖松动，车轧上去响")
    page.get_by_label("具体地点").press("Enter")  # sends; it does not press the map
    expect(page.locator(".slip")).to_contain_text("网格")
    page.go_back()  # what was sent is not sent twice by mistake
    expect(page.get_by_label("什么事？在哪里？")).to_have_value("")
