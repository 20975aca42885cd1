"""The administrators at their screens: a change of rules from a fault to being in force, and pages that stay apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.people import People
from tests.stories.vocabulary import SAMPLE
from yizhi.cases import city
from yizhi.people.testing import make_admins
from yizhi.site import profiles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(people: People, tmp_path: Path, settings: Any) -> Iterator[People]:
    """With rules that may be changed: versions lie in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    profiles.install()
    make_admins(timezone.now())
    yield people
    profiles._loaded.clear()


def rules(old: str, new: str) -> FilePayload:
    text = (SAMPLE / "clocks.toml").read_text(encoding="utf-8").replace(old, new)
    return {"name": "clocks.toml", "mimeType": "text/plain", "buffer": text.encode()}


def hand_in(page: Page, file: FilePayload) -> None:
    page.get_by_role("link", name="城市规则").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="检查").click()


def test_a_rule_goes_from_a_fault_to_being_in_force(office: People) -> None:
    page, before = office.sign_in("system-admin"), city.profile().version
    hand_in(page, rules('owner = "grid"', 'owner = "moon"'))
    expect(page.get_by_role("alert")).to_contain_text("没有作任何改动")
    expect(page.locator(".o-faults")).to_contain_text("moon")
    hand_in(page, rules("amount = 24", "amount = 48"))
    expect(page.get_by_role("status")).to_contain_text("没有错误")
    page.get_by_role("button", name="先试算").click()
    expect(page.locator(".office")).to_contain_text("没有任何变化")
    hand_in(page, rules("amount = 24", "amount = 48"))
    page.get_by_role("button", name="启用").click()
    expect(page.locator("#versions")).to_contain_text("恢复这个版本")
    assert city.current().profile.version != before


def test_on_a_phone_nothing_runs_out_of_the_page(office: People) -> None:
    page = office.sign_in("security-admin", phone=True)
    for address in ("", "staff/", "staff/import/", "staff/hand-over/", "gaps/", "keys/new/", "erase/"):
        page.goto(f"/admin/{address}")
        expect(page.locator(".office")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    answer = page.goto("/admin/profile/")
    assert answer is not None
    assert answer.status == 404
