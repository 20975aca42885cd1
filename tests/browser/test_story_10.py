"""Story 10 as people see it: four of them have their pages open at once. The community whistles, the departments
report in, the community's page shows who has come and who has not."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People, move

GRID = "340405001001003"
WORKER, CLERK, OFFICER, FIRE = f"grid-{GRID}", "desk-340405001001", "officer-340405001001", "liaison-fire"

pytestmark = pytest.mark.browser


def reported(people: People) -> str:
    resident = people.open()
    resident.goto(f"/q/{people.sticker(GRID)}")
    resident.locator("textarea[name=text]").fill("三号楼的消防通道被杂物堵住，电动车进不来")
    resident.locator("main form button.btn-primary").last.click()
    number: str = resident.locator(".slip-number").inner_text()
    return number


def whistle(clerk: Page, *units: str) -> None:
    clerk.goto(clerk.url.split("?")[0] + "whistle")
    form = clerk.locator("#act form")
    for unit in units:
        form.get_by_label(unit, exact=True).check()
    form.locator("textarea").first.fill("3号楼消防通道，请到现场")
    form.locator("button.btn-primary").click()
    expect(clerk.locator("#case [role=status]")).to_contain_text("已完成")


def test_the_community_whistles_and_sees_who_came(people: People) -> None:
    number = reported(people)
    clerk, officer, fire = people.sign_in(CLERK), people.sign_in(OFFICER), people.sign_in(FIRE, phone=True)
    clerk.goto(f"/desk/{number}/accept")
    clerk.locator("#act").get_by_label("分类").select_option("0103")
    clerk.locator("#act button.btn-primary").click()
    expect(clerk.locator("#case [role=status]")).to_contain_text("受理")
    clerk.goto(f"/desk/{number}/")
    whistle(clerk, "新庄孜派出所", "八公山区消防救援大队")

    officer.goto(f"/desk/{number}/")
    move(officer, "报到", note="已到现场")

    clerk.goto(f"/desk/{number}/")
    for unit in ("新庄孜派出所", "八公山区消防救援大队"):
        expect(clerk.locator("#case")).to_contain_text(unit)
    expect(clerk.locator("#case")).to_contain_text("已报到")
    expect(clerk.locator("#case")).to_contain_text("未报到")

    fire.goto(f"/desk/{number}/")
    move(fire, "报到", note="消防员两名已到")
    clerk.goto(f"/desk/{number}/")
    move(clerk, "现场结论", note="当场清空，物业每天巡一次")
    for said in ("3号楼消防通道", "消防员两名已到", "当场清空"):
        expect(clerk.locator(".story")).to_contain_text(said)


def test_who_was_not_called_sees_nothing(people: People) -> None:
    number = reported(people)
    fire = people.sign_in(FIRE)
    answer = fire.goto(f"/desk/{number}/")
    assert answer is not None
    assert answer.status == 404
