"""A morning in a village without a line: what was kept can be read, what is done is kept and sent once, also when the
telephone closes the page in between."""

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import People, photo
from tests.browser.reading import faults
from tests.stories.vocabulary import Story
from yizhi.cases.testing import rows
from yizhi.core.admin import MACHINE
from yizhi.people import actions, queries

GRID = "340405001001003"
WORKER, CLERK = f"grid-{GRID}", "desk-340405001001"

#: A browser with a worker of its own once stood still for good: until it is known why, it does so in `make soak` alone.
pytestmark = [pytest.mark.browser, pytest.mark.soak]

#: What does not come back within two seconds is asked for again: a question to a page has no limit of its own.
_KEPT = """() => {
  const asked = async () => {
    if (!(await indexedDB.databases()).some(({ name }) => name === "yizhi-field")) return [];
    const done = (request) => new Promise((found, failed) => {
      request.onsuccess = () => found(request.result);
      request.onerror = request.onblocked = () => failed(request.error);
    });
    const base = await done(indexedDB.open("yizhi-field"));
    try {
      if (!base.objectStoreNames.contains("pages")) return [];
      return await done(base.transaction("pages").objectStore("pages").getAllKeys());
    } finally {
      base.close();
    }
  };
  return Promise.race([asked().catch(() => null), new Promise((late) => setTimeout(late, 2000, null))]);
}"""


def keeps(page: Page, *paths: str) -> None:
    """Until the telephone keeps these pages."""
    for _ in range(300):
        if set(paths) <= set(page.evaluate(_KEPT) or ()):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"only {page.evaluate(_KEPT)} is kept")


def reopened(context: BrowserContext, page: Page, path: str) -> Page:
    """The telephone closed the page, and somebody opens it again."""
    page.close()
    again = context.new_page()
    again.goto(path)
    return again


def test_a_morning_without_a_line(people: People, story: Story) -> None:
    story.at = timezone.now()
    mine = story.report("楼道口堆了一袋建筑垃圾", GRID, by=WORKER, category="0402").number
    taken = story.report("路边有一堆落叶", GRID, by=WORKER, category="0402").number
    page = people.sign_in(WORKER, phone=True, keeps=True)
    page.goto("/field/")
    keeps(page, f"/field/{mine}/", f"/field/{taken}/", "/field/new")

    context = page.context
    context.set_offline(True)
    page.reload()
    expect(page.locator("#line")).to_contain_text("没有网络 · 内容截至")
    page.goto(f"/field/{mine}/")
    expect(page.locator("#words")).to_have_text("楼道口堆了一袋建筑垃圾")
    page.goto("/field/new")
    page.locator("input[name=photos]").last.set_input_files(photo())
    page.get_by_label("什么事").fill("三号楼的井盖翘起来半尺高")
    page.get_by_role("button", name="上报").click()
    expect(page.locator("#waiting [data-said]")).to_have_text("已存在手机里。有网时自动发送，不用再点。")

    page = reopened(context, page, f"/field/{mine}/")
    page.get_by_role("link", name="自办自结").click()
    page.locator("#act textarea").fill("已清走")
    page.locator("#act").get_by_role("button", name="自办自结").click()
    expect(page.locator(".to-send")).to_have_text("待发送：自办自结")
    page.goto(f"/field/{taken}/solve")
    page.locator("#act textarea").fill("已扫净")
    page.locator("#act").get_by_role("button", name="自办自结").click()
    page = reopened(context, page, "/field/")
    expect(page.locator("#line")).to_contain_text("3 条待发送", timeout=20_000)
    assert rows("SELECT count(*) FROM cases_case") == [(2,)]

    story.move(WORKER, "take")  # meanwhile, from another telephone
    context.set_offline(False)
    expect(page.locator("#line")).to_have_text("1 条未收下", timeout=20_000)
    assert rows("SELECT count(*) FROM cases_case") == [(3,)]
    assert rows("SELECT count(*) FROM cases_attachment") == [(1,)]
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'solve'") == [(1,)]
    page.goto("/field/waiting")
    page.get_by_role("link", name="对照现在的情况，再发送").click()
    expect(page.locator(".side").first).to_contain_text("已扫净")
    expect(page.locator(".side").last).to_contain_text("办理中")
    assert list(faults(page)) == []

    page.goto("/field/me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    context.set_offline(True)
    page.goto("/field/")
    expect(page.locator("[data-locked]")).to_be_visible()
    assert page.evaluate(_KEPT) == []


def test_a_session_that_ended_takes_nothing_with_it(people: People, story: Story) -> None:
    story.at = timezone.now()
    page = people.sign_in(WORKER, phone=True, keeps=True)
    page.goto("/field/")
    keeps(page, "/field/new")
    page.goto("/field/new")
    page.locator("input[name=photos]").last.set_input_files(photo())
    page.get_by_label("什么事").fill("三号楼的井盖翘起来半尺高")
    account = queries.account_id(WORKER)
    assert account is not None
    actions.end_sessions(account, by=MACHINE, at=timezone.now())
    page.get_by_role("button", name="上报").click()
    page.wait_for_url(lambda url: not url.endswith("/field/new"))
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]
    people.sign_in_at(page, WORKER)
    page.goto("/field/waiting")
    expect(page.locator("#waiting li").first).to_contain_text("已发送", timeout=20_000)
    assert rows("SELECT count(*) FROM cases_attachment") == [(1,)]
