"""Every page of the product in its states, on a phone and on a screen, by day and by night: nothing that a screen
reader, a keyboard or weak eyes stumble over, and nothing that has to be pushed sideways to be read."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.people import PHONE, SCREEN, People
from tests.browser.reading import DAY, EVERY_VIEW, NIGHT, VIEWS, faults, viewed
from tests.stories.vocabulary import Story
from yizhi.core.admin import MACHINE
from yizhi.opendata import actions as opendata
from yizhi.registry import sample as records
from yizhi.registry.models import Record
from yizhi.services import sample as services
from yizhi.services.models import Visit
from yizhi.site import profiles

pytestmark = pytest.mark.browser

GRID = "340405001001003"
WORKER, CLERK, OFFICER = f"grid-{GRID}", "desk-340405001001", "officer-340405001001"
LONG = "三号楼二单元门口的污水井盖翘起来半尺高，夜里看不见，昨天绊倒了一位老人。" * 12

#: Whose seat, and where. Braces: a matter in that state.
PAGES = """
nobody    /
nobody    /in/
nobody    /?type=big
nobody    /q/
nobody    /q/{sticker}
nobody    /q/{sticker}?type=big
nobody    /q/no-such-sticker
nobody    /c/{new_code}
nobody    /c/{new_code}?type=big
nobody    /c/{closed_code}
nobody    /c/{asked_code}
nobody    /c/{withdrawn_code}
nobody    /c/no-such-code
nobody    /m/aaaaaaaaaaaa
nobody    /errand/{sticker}
nobody    /near/340405001001
nobody    /grid/{sticker}
nobody    /law/{sticker}
nobody    /open/
nobody    /s/
nobody    /s/no-such-code
nobody    /desk/
worker    /field/
worker    /field/?view=mine
worker    /field/new
worker    /field/me
worker    /field/waiting
worker    /field/me/raised
worker    /field/me/work
worker    /feeds/mine/
worker    /field/errands/new
worker    /field/visits/{visit}/
worker    /notices/
worker    /field/{new}/
worker    /field/{new}/solve
worker    /field/{closed}/
clerk     /desk/
clerk     /desk/?view=all
clerk     /desk/?view=all&stage=closed
clerk     /desk/?q=找不到的词
clerk     /desk/new
clerk     /desk/{new}/
clerk     /desk/{new}/accept
clerk     /desk/{accepted}/dispatch
clerk     /desk/{new}/around
clerk     /desk/{accepted}/slip
clerk     /desk/{closed}/
clerk     /desk/bulk?n={new}&n={accepted}
clerk     /figures/
clerk     /figures/cases?what=open
clerk     /figures/burden
worker    /suggest
clerk     /notices/
clerk     /notices/wish
clerk     /hotline/
clerk     /hotline/letter
clerk     /imports/
clerk     /patrols/points/
clerk     /patrols/points/new
clerk     /reporters/
leader    /
leader    /figures/
leader    /figures/?by=unit
leader    /notices/
officer   /desk/
officer   /desk/{police}/
officer   /desk/{police}/progress
officer   /desk/Y0000000/
officer   /field/
officer   /field/{police}/
officer   /field/{police}/progress
nobody    /mine/
worker    /records/
worker    /records/place/{house}/
worker    /records/{person}/
worker    /records/{person}/correct
worker    /records/place/{house}/new/person
clerk     /records/?q=治东路
clerk     /records/proposals/
clerk     /records/sheets/
clerk     /records/out/
officer   /field/{handed}/handover
"""
SEATS = {"worker": WORKER, "clerk": CLERK, "officer": OFFICER, "leader": "leader-340405"}
TURNS = (((PHONE, DAY), (SCREEN, NIGHT)), ((PHONE, DAY), (SCREEN, DAY)))


@pytest.fixture
def places(people: People, story: Story) -> dict[str, str]:
    """Matters in several states, made by moves."""
    story.at = timezone.now()
    found = {"sticker": people.sticker(GRID)}
    found["new"] = story.report(LONG, GRID).number
    found["new_code"] = story.receipt.code
    found["police"] = story.report("火锅店旁堆放十多个液化气瓶", GRID, by=WORKER, category="0101").number
    found["handed"] = story.report("楼下有人摆摊", GRID, by=WORKER, category="0201").number
    story.move(OFFICER, "object", ground="not_our_duty", note="属于城管职责")
    found["accepted"] = story.report("路灯不亮", GRID).number
    story.move(CLERK, "accept", category="0502")
    story.report("重复了", GRID)
    found["withdrawn_code"] = story.receipt.code
    story.move("resident", "withdraw")
    _, found["asked_code"] = solved(story)
    found["closed"], found["closed_code"] = solved(story)
    story.move("resident", "follow_up", answer="yes")
    opendata.count(story.at)
    records.fill(profiles.folder("bagongshan") / "sample_records.csv", by=MACHINE, at=story.at)
    person = Record.objects.filter(register="person").latest("id")
    found |= {"person": str(person.id), "house": str(person.building)}
    services.fill(profiles.folder("bagongshan"), at=story.at)
    found["visit"] = str(Visit.objects.latest("id").id)
    return found


def solved(story: Story) -> tuple[str, str]:
    """Number and code of a matter whose reporter is asked whether it is solved."""
    number = story.report("楼道灯坏了", GRID).number
    story.move(CLERK, "solve", result="solved", note="灯泡已换好", category="0502")
    if story.case.stage == "handled" and "verify" in story.open_to("desk-340405001"):
        story.move("desk-340405001", "verify")
    return number, story.receipt.code


def opened(people: People, places: dict[str, str], every: bool) -> Iterator[tuple[str, Page]]:
    """Each page of the table on a telephone, and on a screen by day or by night in turns."""
    lines = [tuple(line.split(maxsplit=1)) for line in PAGES.strip().splitlines()]
    seats: dict[str, Page] = {}
    for turn, (seat, path) in enumerate(lines):
        if seat in SEATS and seat not in seats:
            seats[seat] = people.sign_in(SEATS[seat])
        page = seats.get(seat) or people.open()  # a resident's browser would keep the big type
        yield from viewed(f"{seat} {path}", page, path.format_map(places), VIEWS if every else TURNS[turn % 2])
        if seat not in seats:
            page.context.close()


@EVERY_VIEW
def test_everybody_can_read_and_use_every_page(people: People, places: dict[str, str], every: bool) -> None:
    wrong = [f"{where}: {fault}" for where, page in opened(people, places, every) for fault in faults(page)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_page_with_faults_is_noticed(people: People) -> None:
    page = people.open()
    page.goto("/")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<img src=/favicon.ico><p>x</p>'"
        " + '<p class=broad>x</p>'; document.querySelector('.broad').style.width = '2000px'"
    )
    found = " ".join(faults(page))
    assert "image-alt" in found
    assert "px wider" in found
