"""People at their screens: everyone has a browser of their own, and nobody's page may complain."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.stories.vocabulary import Story
from yizhi.cases import city
from yizhi.core.admin import MACHINE
from yizhi.core.profile import Words
from yizhi.doors import words
from yizhi.people import actions, queries
from yizhi.places.queries import scan_codes

PHONE: ViewportSize = {"width": 390, "height": 844}
SCREEN: ViewportSize = {"width": 1440, "height": 900}


@dataclass
class People:
    """Opens a browser for each, signed in by a link as people are. `complaints` are errors of pages and of the
    policy that forbids foreign scripts and styles."""

    address: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, *, phone: bool = True, scripts: bool = True, touch: bool = False, keeps: bool = False) -> Page:
        """`touch`: a real telephone, with fingers instead of a pointer. `keeps`: one that keeps pages for where
        there is no line; else it asks for nothing by itself that a test does not wait for."""
        context = self.browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=PHONE if phone else SCREEN,
            java_script_enabled=scripts,
            is_mobile=touch,
            has_touch=touch,
            service_workers="allow" if keeps else "block",
            base_url=self.address,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Policy" in said.text else None)
        return page

    def sign_in(self, login: str, *, phone: bool = False, scripts: bool = True, keeps: bool = False) -> Page:
        page = self.open(phone=phone, scripts=scripts, keeps=keeps)
        self.sign_in_at(page, login)
        return page

    def sign_in_at(self, page: Page, login: str) -> None:
        account = queries.account_id(login)
        assert account is not None
        secret = actions.make_link(account, by=MACHINE, at=timezone.now(), minutes=5)
        page.goto(f"/in/{secret}")
        page.get_by_role("button", name="在这里登录").click()

    def sticker(self, grid: str) -> str:
        """The code that hangs in a grid."""
        return scan_codes(grid)[0].code


def photo(size: tuple[int, int] = (64, 48)) -> FilePayload:
    """Noise, so that a large one is large on the line as well."""
    made = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(made, "JPEG")
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def move(page: Page, label: str, *, note: str = "", choose: str = "") -> None:
    """Makes a move on the case that is open: its button, its form in place, its own words."""
    button = page.locator("#case [data-button]", has_text=label).first
    if not button.is_visible():
        page.locator("details.more > summary").click()
    button.click()
    form = page.locator("#act form")
    if choose:
        form.get_by_label(choose, exact=True).check()
    if note:
        form.locator("textarea").fill(note)
    form.locator("button.btn-primary").click()
    expect(form).to_have_count(0)
    expect(page.locator("#case [role=status]")).to_contain_text("已完成")


@pytest.fixture
def people(story: Story, live_server: LiveServer, browser: Browser) -> Iterator[People]:
    """The sample city, served."""
    found = People(live_server.url, browser)
    words.use(city.profile().words)
    yield found
    words.use(Words())
    for context in found.contexts:
        context.close()
    assert found.complaints == []
