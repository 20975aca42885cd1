"""A desk sends work to an office without an account; there it is signed for and finished on a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.people import PHONE, SCREEN, People
from tests.browser.reading import DAY, NIGHT, faults, viewed
from tests.stories.vocabulary import Story
from yizhi.cases.testing import rows

pytestmark = pytest.mark.browser

GRID, CLERK, OFFICE = "340405001001003", "desk-340405001001", "property-340405001001"


def test_from_the_desk_to_a_telephone_without_an_account(people: People, story: Story) -> None:
    rows(
        "UPDATE people_service SET until = since WHERE post_id IN (SELECT id FROM people_post WHERE unit_id = %s)",
        OFFICE,
    )
    rows("UPDATE people_unit SET by_link = true WHERE code = %s", OFFICE)
    story.at = timezone.now()
    number = story.report("二号楼单元门禁坏了，夜里门一直开着", GRID).number
    story.move(CLERK, "accept", category="0504")
    story.move(CLERK, "dispatch", unit=OFFICE, note="门卫室有备用钥匙")
    desk = people.sign_in(CLERK)
    desk.goto(f"/desk/{number}/")
    desk.get_by_role("link", name="发链接交办").click()
    desk.get_by_role("button", name="生成链接").click()
    wrong = [
        f"{where}: {fault}"
        for where, page in viewed("desk", desk, views=((SCREEN, DAY), (PHONE, NIGHT)))
        for fault in faults(page)
    ]
    address = desk.locator(".typed").inner_text().rpartition("/o/")[2].strip()
    office = people.open()
    office.goto(f"/o/{address}")
    wrong += [
        f"{where}: {fault}"
        for where, page in viewed("work", office, views=((SCREEN, NIGHT), (PHONE, DAY)))
        for fault in faults(page)
    ]
    office.get_by_role("button", name="是，签收").click()
    expect(office.get_by_text("已签收，办理时限从现在起算")).to_be_visible()
    wrong += [f"form: {fault}" for fault in faults(office)]
    office.get_by_label("已解决", exact=True).check()
    office.get_by_label("办理情况").fill("门禁已修好")
    office.get_by_role("button", name="结果反馈").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("待核查")
    assert story.case.stage == "handled"
    assert not wrong, "\n" + "\n".join(wrong)
