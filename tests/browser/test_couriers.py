"""Story 7 as people see it: a courier joins by the sheet at his station, stops, taps twice; the department deals with
it point to point; his telephone shows what became of it. And the office that handed the code out."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.people import People, move
from tests.browser.reading import NIGHT, faults

COMMUNITY = "340405001001"
CLERK, URBAN = f"desk-{COMMUNITY}", "liaison-urban-management"

pytestmark = pytest.mark.browser

#: A telephone that rides first and then stands: Chromium's own pretended position knows no speed.
RIDING = """
let asked = 0;
navigator.geolocation.getCurrentPosition = (found) =>
  found({ coords: { longitude: 116.83, latitude: 32.63, accuracy: 9, speed: asked++ ? 0 : 6 } });
"""


def handed_out(clerk: Page) -> str:
    """The office's form, filled in; the code of the sheet."""
    clerk.goto("/reporters/")
    clerk.get_by_label("单位名称").fill("治东社区快递驿站")
    clerk.get_by_label("单位类型").select_option("courier")
    clerk.get_by_label("有效期至").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    clerk.get_by_label("可加入人数").fill("30")
    clerk.get_by_role("button", name="发码").click()
    expect(clerk.get_by_role("status")).to_contain_text("加入码已生成")
    return clerk.locator(".slip-code").inner_text().replace(" ", "")


def test_a_courier_stops_taps_twice_and_sees_what_became_of_it(people: People) -> None:
    code = handed_out(people.sign_in(CLERK))
    rider = people.open(touch=True)
    rider.add_init_script(RIDING)
    rider.goto(f"/s/{code}")
    wrong = list(faults(rider))
    rider.get_by_role("button", name="加入").click()
    rider.get_by_role("button", name="我已停稳").click()
    expect(rider.get_by_role("status").first).to_contain_text("您好像还在移动")
    expect(rider.get_by_role("button", name="井盖缺失破损")).to_be_hidden()
    rider.get_by_role("button", name="我已停稳").click()
    expect(rider.locator("#here")).to_contain_text("网格")
    rider.emulate_media(color_scheme=NIGHT, reduced_motion="reduce")
    wrong += faults(rider)
    rider.get_by_role("button", name="井盖缺失破损").click()
    expect(rider.locator(".slip")).to_contain_text("八公山区城市管理局")
    number = rider.locator(".slip-number").inner_text()

    department = people.sign_in(URBAN)
    department.goto(f"/desk/{number}/")
    move(department, "签收")
    move(department, "结果反馈", note="井盖已换新", choose="已解决")

    rider.goto("/s/mine")
    card = rider.get_by_role("link", name=re.compile(number))
    expect(card).to_contain_text("办过了，正在核查")
    wrong += faults(rider)
    card.click()
    expect(rider.locator(".track")).to_contain_text("井盖已换新")
    assert wrong == []
