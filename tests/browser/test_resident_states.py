"""Every state of a matter as its reporter sees it, in both types: readable, not wider than the phone also when
everything is shown twice as large, nothing that a screen reader or weak eyes stumble over. In big type (长辈版)
nothing is smaller than 18 px, and whatever is pressed is 60 px high."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.people import People
from tests.browser.reading import faults
from tests.stories.vocabulary import Story
from yizhi.cases.testing import rows

pytestmark = pytest.mark.browser

GRID = "340405001001003"
CLERK, URBAN, LIAISON = "desk-340405001001", "dept-urban-management", "liaison-urban-management"
TEXT = "三号楼一单元门口的路灯坏了三天"
LONG = "a" * 300 + "三号楼二单元门口的污水井盖翘起来半尺高，夜里看不见。" * 12
RIGHT_TO_LEFT = "محل المأكولات في الطابق الأرضي"
OFFICE_NUMBER = "0554-0000060"

#: What each state says on top.
HEADLINES = {
    "reported": "已收到",
    "accepted": "已受理，正在安排单位",
    "dispatched": "已交给办理单位",
    "handling": "正在办理",
    "suspended": "需要等一等",
    "handled": "办过了，正在核查",
    "verified": "请您看看，解决了没有",
    "closed": "您告诉我们：已经解决",
    "declined": "这件事请到别处办理",
    "transferred": "已转给能办这件事的单位",
    "ended": "不再办理",
    "merged": "和别人反映的同一件事一起办",
    "reopened": "已受理，正在安排单位",
}
#: Who makes it, its name, its facts.
Move = tuple[str, str, Mapping[str, object]]
#: Words of offices that no reporter should meet.
JARGON = ("案件", "办结", "挂起", "督办", "工单", "内部")


def matters(story: Story) -> Iterator[tuple[str, str]]:
    """A matter in each state, by real moves; its name and its address."""
    story.at = timezone.now()

    def as_far_as(*moves: Move, text: str = TEXT) -> str:
        story.report(text, GRID)
        for seat, move, facts in moves:
            story.move(seat, move, **facts)
        return f"/c/{story.receipt.code}"

    accepted: Move = (CLERK, "accept", {"category": "0502", "note": "内部：老问题了"})
    dispatched: Move = (CLERK, "dispatch", {"unit": URBAN})
    signed: Move = (LIAISON, "sign", {})
    finished: Move = (LIAISON, "finish", {"result": "solved", "note": "灯泡已换好，晚上会亮"})
    verified: Move = (CLERK, "verify", {})
    until = (story.at + timedelta(days=5)).isoformat()
    paused = {"ground": "weather", "until": until, "note": "内部：等材料"}
    yield "reported", as_far_as(text=LONG)
    yield "accepted", as_far_as(accepted)
    main = story.receipt.case_id
    yield "dispatched", as_far_as(accepted, dispatched)
    yield "handling", as_far_as(accepted, dispatched, signed, (LIAISON, "progress", {"note": RIGHT_TO_LEFT * 9}))
    yield "suspended", as_far_as(accepted, dispatched, signed, (LIAISON, "suspend", paused))
    yield "handled", as_far_as(accepted, dispatched, signed, finished)
    yield "verified", as_far_as(accepted, dispatched, signed, finished, verified)
    yes = ("resident", "follow_up", {"answer": "yes"})
    yield "closed", as_far_as(accepted, dispatched, signed, finished, verified, yes)
    again = ("resident", "reopen", {"note": "又不亮了"})
    yield "reopened", as_far_as(accepted, dispatched, signed, finished, verified, yes, again)
    yield (
        "declined",
        as_far_as((CLERK, "decline", {"ground": "not_ours", "note": "请到物业服务中心办理，电话见楼道公示牌"})),
    )
    yield "transferred", as_far_as((CLERK, "transfer", {"to": "petition", "note": "已转信访局，凭编号查询"}))
    yield "ended", as_far_as(("resident", "withdraw", {}))
    yield "merged", as_far_as(accepted, (CLERK, "merge", {"into": main}))


@pytest.fixture
def places(people: People, story: Story) -> dict[str, str]:
    return dict(matters(story))


def test_every_state_says_in_plain_words_how_it_stands(people: People, places: dict[str, str]) -> None:
    page = people.open(touch=True)
    for state, path in places.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINES[state])
        shown = page.locator("main").inner_text()
        assert not [word for word in JARGON if word in shown], state


@pytest.mark.parametrize("view", ["plain", "big"])
def test_every_state_can_be_read_by_everybody(people: People, places: dict[str, str], view: str) -> None:
    page, sticker = people.open(touch=True), people.sticker(GRID)
    page.goto(f"/?type={view}")
    wrong = []
    for path in ("/", "/q/", f"/q/{sticker}", "/q/no-such", *places.values()):
        page.goto(path)
        open_all(page)
        wrong += [
            f"{path}: {fault}" for fault in (*faults(page), *narrow(page), *(small(page) if view == "big" else ()))
        ]
    assert not wrong, "\n" + "\n".join(wrong)


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")


def narrow(page: Page) -> Iterator[str]:
    """The page at twice its size: half as much room."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"] // 2, "height": size["height"] // 2})
    spare = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size(size)
    if spare > 0:
        yield f"is {spare} px wider than the screen at twice the size"


#: Text that is smaller than 18 px, and what can be pressed and is lower than 60: measured as the browser lays it out.
_SMALL = """() => {
  const seen = (it) => it.checkVisibility() && it.getBoundingClientRect().width > 1 && !it.closest('.skip');
  const named = (it) => `${it.tagName} “${(it.innerText || it.name || '').slice(0, 20)}”`;
  const texts = [...document.querySelectorAll('body *')].filter((it) => seen(it)
    && [...it.childNodes].some((part) => part.nodeType === 3 && part.data.trim()));
  const pressed = [...document.querySelectorAll('a[href], button, summary, textarea, input:not([type=hidden])')]
    .filter(seen).map((it) => (it.closest('label.choice, .photo-ready .picker') || it));
  return [
    ...texts.filter((it) => parseFloat(getComputedStyle(it).fontSize) < 18)
      .map((it) => `${named(it)} is written in ${getComputedStyle(it).fontSize}`),
    ...pressed.filter((it) => it.getBoundingClientRect().height < 60)
      .map((it) => `${named(it)} is ${it.getBoundingClientRect().height} px high`),
  ];
}"""


def small(page: Page) -> list[str]:
    return list(page.evaluate(_SMALL))


def test_what_is_too_small_is_noticed(people: People) -> None:
    page = people.open(touch=True)
    page.goto("/?type=big")
    assert small(page) == []
    page.goto("/?type=plain")
    found = " ".join(small(page))
    assert "is written in 14px" in found
    assert "px high" in found


@pytest.mark.parametrize("path", ["/q/{sticker}", "{reported}"])
def test_one_button_rings_the_office_of_the_grid(people: People, places: dict[str, str], path: str) -> None:
    page = people.open(scripts=False, touch=True)
    page.goto(path.format(sticker=people.sticker(GRID), **places))
    expect(page.get_by_role("link", name="打电话给网格办公室")).to_have_count(0)
    page.get_by_role("link", name="长辈版").tap()
    ring = page.get_by_role("link", name="打电话给网格办公室")
    expect(ring).to_have_attribute("href", f"tel:{OFFICE_NUMBER}")
    assert rows("SELECT kind FROM people_unit WHERE phone = %s", OFFICE_NUMBER) == [("grid",)], (
        "an office, nobody's own"
    )
    page.get_by_role("link", name="标准版").tap()
    expect(ring).to_have_count(0)


def test_names_of_places_may_be_long_and_run_the_other_way(people: People) -> None:
    label = f"{RIGHT_TO_LEFT} {'长' * 20} {'W' * 45}"
    rows("UPDATE places_scancode SET label = %s WHERE area_id = %s", label, GRID)
    page = people.open(touch=True)
    for view in ("plain", "big"):
        page.goto(f"/q/{people.sticker(GRID)}?type={view}")
        assert not [*faults(page), *narrow(page)]
        expect(page.get_by_text("W" * 45)).to_have_css("direction", "rtl")


def test_in_english_too(people: People, places: dict[str, str]) -> None:
    page = people.open(touch=True)
    page.goto(places["verified"])
    page.get_by_role("button", name="English").tap()
    expect(page).to_have_url(re.compile(f"{places['verified']}$"))
    for path in ("/", "/q/", f"/q/{people.sticker(GRID)}", *places.values()):
        page.goto(path)
        open_all(page)
        ours = page.locator("summary, button:not([lang]), label > span:first-child, .title, .field-hint")
        chinese = [said for said in ours.all_inner_texts() if re.search("[\u4e00-\u9fff]", said)]
        assert [said for said in chinese if not re.search("社区|街道|镇|林场|区", said)] == [], path
