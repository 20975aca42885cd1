"""Story 9 as people see it: a hard matter goes up circle by circle, and each desk has it on its open page by itself,
without anybody asking for the page again."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from tests.browser.people import People, move
from yizhi.cases import tail

GRID = "340405001001003"
WORKER, CLERK, STREET, DISTRICT = f"grid-{GRID}", "desk-340405001001", "desk-340405001", "district-1"

pytestmark = pytest.mark.browser


@pytest.fixture
def told(people: People) -> Iterator[None]:
    """The process that serves the pages follows the log, as it does at work."""
    stop = threading.Event()

    def follow() -> None:
        while not stop.wait(tail.EVERY_SECONDS):
            tail._tail.read(time.monotonic())
        connection.close()

    thread = threading.Thread(target=follow)
    thread.start()
    yield
    stop.set()
    thread.join()


def has(page: Page, number: str) -> None:
    """The matter comes onto the list by itself; to who reads just now a line tells of it, which one takes in."""
    row, fresh = page.locator(f'#list .row[data-number="{number}"]'), page.locator("#fresh:visible")
    expect(row.or_(fresh).first).to_be_visible(timeout=20_000)
    if fresh.is_visible():
        fresh.click()
    expect(row).to_be_visible()


def test_a_hard_matter_goes_up_circle_by_circle(people: People, told: None) -> None:
    desks = {login: people.sign_in(login) for login in (CLERK, STREET, DISTRICT)}
    for page in desks.values():
        expect(page.locator("html.script #list")).to_be_attached()
    worker = people.sign_in(WORKER, phone=True)
    worker.goto("/field/new")
    worker.locator("textarea[name=text]").fill("整栋楼飞线充电，劝了多次没有用")
    worker.locator("main form button.btn-primary").last.click()
    number = worker.locator(".slip-number").inner_text()
    has(desks[CLERK], number)

    for login, above, why in ((CLERK, STREET, "物业没有场地建车棚"), (STREET, DISTRICT, "需要区里协调规划和消防")):
        desk = desks[login]
        desk.goto(f"/desk/{number}/")
        move(desk, "上报（提级办理）", note=why)
        has(desks[above], number)

    district = desks[DISTRICT]
    district.goto(f"/desk/{number}/")
    expect(district.locator("#case .story")).to_contain_text("物业没有场地建车棚")
    expect(district.locator("#case .story")).to_contain_text("需要区里协调规划和消防")
    district.goto(f"/desk/{number}/dispatch")
    district.locator("#act select[name=unit]").select_option("dept-fire")
    district.locator("#act select[name=category]").select_option("0102")
    district.locator("#act button.btn-primary").click()
    expect(district.locator("#act form")).to_have_count(0)
    expect(district.locator("#case [role=status]")).to_contain_text("交办")
    expect(district.locator("#case .case-number")).to_contain_text("待签收")


def test_a_small_matter_is_done_in_the_grid_and_the_reporter_says_so(people: People) -> None:
    resident, worker = people.open(), people.sign_in(WORKER, phone=True)
    resident.goto(f"/q/{people.sticker(GRID)}")
    resident.locator("textarea[name=text]").fill("楼下垃圾没人收")
    resident.locator("main form button.btn-primary").last.click()
    kept, number = resident.url, resident.locator(".slip-number").inner_text()
    clerk = people.sign_in(CLERK)
    clerk.goto(f"/desk/{number}/accept")
    clerk.locator("#act").get_by_label("分类").select_option("0401")
    clerk.locator("#act button.btn-primary").click()
    expect(clerk.locator("#act form")).to_have_count(0)
    expect(clerk.locator("#case [role=status]")).to_contain_text("受理")
    clerk.goto(f"/desk/{number}/dispatch")
    clerk.locator("#act select[name=unit]").select_option(f"grid-{GRID}")
    clerk.locator("#act button.btn-primary").click()
    expect(clerk.locator("#act form")).to_have_count(0)
    expect(clerk.locator("#case [role=status]")).to_contain_text("交办")
    worker.goto(f"/field/{number}/")
    worker.locator("#case").get_by_role("button", name="签收").click()
    expect(worker.locator("#case .case-number")).to_contain_text("办理中")
    move(
        worker,
        "处置反馈" if worker.get_by_text("处置反馈").count() else "结果反馈",
        note="已联系保洁清运",
        choose="已解决",
    )
    clerk.goto(f"/desk/{number}/")
    move(clerk, "核查通过")
    resident.goto(kept)
    resident.get_by_role("button", name="解决了").click()
    expect(resident.locator(".slip")).to_contain_text("解决")
