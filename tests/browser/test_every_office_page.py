"""The back office and the page that sets a city up: each of their pages, and what they answer to mistakes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.people import PHONE, SCREEN, People
from tests.browser.reading import DAY, EVERY_VIEW, NIGHT, VIEWS, View, faults, viewed
from tests.stories.vocabulary import SAMPLE
from yizhi.people.testing import make_admins
from yizhi.site import profiles
from yizhi.site.setup import doing

pytestmark = pytest.mark.browser

#: Whose page, and where.
PAGES = """
system    /admin/
system    /admin/profile/
system    /admin/rehearse/
system    /admin/codes/?area=340405001001
system    /admin/mail/
system    /admin/connections/
system    /admin/connections/new/
system    /admin/delivery/
system    /admin/places/area/
system    /admin/places/area/add/
system    /admin/places/area/340405/change/
system    /admin/places/areasuccession/
system    /admin/people/unit/add/
system    /admin/cases/calendarday/add/
system    /admin/groups/group/
system    /admin/groups/group/add/
security  /admin/
security  /admin/staff/
security  /admin/staff/?filling=vacant
security  /admin/staff/?typed=没有这样的岗位
security  /admin/staff/import/
security  /admin/staff/hand-over/
security  /admin/gaps/
security  /admin/keys/new/
security  /admin/erase/
security  /admin/people/account/
security  /admin/people/post/add/
security  /admin/people/service/
security  /admin/oidc/identity/
security  /admin/oidc/identity/add/
audit     /admin/
audit     /admin/profile/
audit     /admin/staff/
audit     /admin/people/trail/
audit     /admin/people/apitoken/
audit     /admin/cases/look/
"""
#: There are many of these pages: each is looked at in one of these by turns, in all of them by `make soak`.
TURNS = ((PHONE, DAY), (SCREEN, NIGHT))
CLOCKS = (SAMPLE / "clocks.toml").read_text(encoding="utf-8")
#: What has to be sent in the back office before there is something to look at: a file, or a word in a field.
SENT: tuple[tuple[str, str, str, str], ...] = (
    ("system", "/admin/profile/", "file", CLOCKS.replace('owner = "grid"', 'owner = "moon"')),
    ("system", "/admin/profile/", "file", CLOCKS.replace("amount = 24", "amount = 48")),
    ("system", "/admin/rehearse/", "file", CLOCKS.replace("amount = 24", "amount = 48")),
    ("system", "/admin/places/area/add/", "code", "34040x"),
    ("security", "/admin/people/post/add/", "title", "岗"),
    ("security", "/admin/keys/new/", "login", "nobody"),
    ("security", "/admin/staff/hand-over/", "taker", "nobody"),
    ("security", "/admin/staff/import/", "file", "no sheet"),
)


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The three administrators, and rules that lie in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    profiles.install()
    make_admins(timezone.now())
    yield
    profiles._loaded.clear()


def opened(people: People, every: bool) -> Iterator[tuple[str, Page]]:
    """Each page of the table."""
    lines = [line.split(maxsplit=1) for line in PAGES.strip().splitlines()]
    for role in ("system", "security", "audit"):
        page = people.sign_in(f"{role}-admin")
        for turn, path in enumerate(path for whose, path in lines if whose == role):
            yield from viewed(f"{role} {path}", page, path, by_turns(turn, every))
        page.context.close()


def by_turns(turn: int, every: bool) -> tuple[View, ...]:
    return VIEWS if every else (TURNS[turn % 2],)


def sent(people: People, every: bool) -> Iterator[tuple[str, Page]]:
    """Each answer to what was sent in the back office."""
    for turn, (seat, path, field, typed) in enumerate(SENT):
        page = people.sign_in(f"{seat}-admin")
        page.goto(path)
        given = page.locator(f"main [name={field}]")
        if field == "file":
            name = "clocks.toml" if "clock" in typed else "staff.xlsx"
            given.set_input_files({"name": name, "mimeType": "text/plain", "buffer": typed.encode()})
        else:
            given.fill(typed)
        given.evaluate("field => { field.form.noValidate = true }")
        page.locator("main").locator("button.o-first, [name=_save]").first.click()
        page.wait_for_load_state()
        yield from viewed(f"{seat} {path} after {typed[:9]}", page, views=by_turns(turn, every))
        page.context.close()


@pytest.fixture
def empty(db: None, tmp_path: Path, settings: Any, live_server: LiveServer, browser: Browser) -> Iterator[Page]:
    """The setting-up page of an installation with nothing in it."""
    settings.DATA_DIR = tmp_path
    people = People(live_server.url, browser)
    page = people.open()
    page.goto(f"/setup/{doing.new_token()}/")
    yield page
    page.context.close()
    assert people.complaints == []


@EVERY_VIEW
def test_administrators_can_read_and_use_every_page(people: People, office: None, every: bool) -> None:
    wrong = [f"{where}: {fault}" for where, page in opened(people, every) for fault in faults(page)]
    assert not wrong, "\n" + "\n".join(wrong)


@EVERY_VIEW
def test_what_was_sent_in_the_back_office_is_answered_readably(people: People, office: None, every: bool) -> None:
    wrong = [f"{where}: {fault}" for where, page in sent(people, every) for fault in faults(page)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_city_can_be_set_up_by_anybodys_eyes_and_hands(empty: Page) -> None:
    wrong = [f"{where}: {fault}" for where, page in viewed("setup", empty) for fault in faults(page)]
    empty.locator("#division").fill("没有这个地方")
    empty.locator("main form").evaluate("form => { form.noValidate = true }")
    empty.locator("main form button").last.click()
    empty.wait_for_load_state()
    wrong += [f"{where}: {fault}" for where, page in viewed("setup, mistaken", empty) for fault in faults(page)]
    assert not wrong, "\n" + "\n".join(wrong)
