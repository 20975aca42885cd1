"""Rounds on the phone, and what the desk sees of them."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.people import PHONE, People
from tests.browser.reading import faults
from tests.stories.vocabulary import SAMPLE, Story
from yizhi.core.admin import MACHINE
from yizhi.patrols import sample

pytestmark = pytest.mark.browser

GRID = "340405001001003"


def test_a_round_a_finding_and_the_rest_with_one_tap(people: People, story: Story) -> None:
    sample.fill(SAMPLE / "sample_points.csv", by=MACHINE, at=timezone.now())
    worker = people.sign_in(f"grid-{GRID}", phone=True)
    worker.goto("/field/")
    worker.get_by_role("link", name="日常巡查").click()
    wrong = list(faults(worker))
    stop = worker.locator(".spot", has_text="农贸市场东口消防通道")
    stop.get_by_text("没能查看").click()
    stop.get_by_role("button", name="门锁着").click()
    expect(worker.locator(".spot-said")).to_contain_text("门锁着")
    worker.locator(".spot", has_text="老家属院西侧车棚").get_by_role("link", name="发现问题").click()
    worker.get_by_label("发现了什么").fill("车棚里拉线充电")
    worker.get_by_label("已当场处理好").check()
    wrong += faults(worker)
    worker.get_by_label("当场怎么处理的").fill("已拔掉，请车主改到充电口")
    worker.locator("main form button.btn-primary").last.click()
    expect(worker.locator(".slip")).to_contain_text("已当场处理")
    worker.get_by_role("link", name="继续巡查").click()
    worker.get_by_role("button", name="其余2处无异常").click()
    expect(worker.get_by_role("status").first).to_contain_text("已巡完")
    assert worker.viewport_size == PHONE
    worker.goto("/field/")
    expect(worker.locator(".patrol-card", has_text="日常巡查")).to_contain_text("1/2")

    desk = people.sign_in("desk-340405001001")
    desk.goto("/patrols/")
    expect(desk.get_by_role("row", name="第三网格")).to_contain_text("1/3")
    wrong += faults(desk)
    assert not wrong, "\n".join(wrong)
