"""Without a sticker: the place is chosen, and what is reported there says so."""

import re

import pytest
from django.test import Client

from yizhi.cases import queries
from yizhi.cases.queries.spots import office, spot
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import COMMUNITY, COMMUNITY_DESK, DISTRICT, GRID, GRID_UNIT, STREET, STREET_DESK
from yizhi.places.queries import Scan


def test_every_community_can_be_chosen_under_its_street(town: Town) -> None:
    shown = Client().get("/q/").content.decode()
    assert re.findall(r"<summary>(\S+)", shown) == ["东桥街道", "西塘街道"]
    assert re.findall(r'/q/(\d+)">(\S+)</a>', shown) == [
        (COMMUNITY, "柳荫社区"),
        ("999901001002", "桥头社区"),
        ("999901002001", "塘口社区"),
    ]


@pytest.mark.parametrize("area", [COMMUNITY, GRID])
def test_a_report_from_there_comes_from_the_page_not_from_a_scan(town: Town, area: str) -> None:
    answer = Client().post(f"/q/{area}", {"key": "a" * 32, "text": "路灯不亮"})
    whole = queries.tracked(answer["Location"].rpartition("/")[2])
    assert (whole.state.area, whole.state.source) == (area, "page")
    assert rows("SELECT door, account FROM cases_event") == [("page", None)]
    assert "您反映的事，我们收到了。" in Client().get(answer["Location"]).content.decode()


@pytest.mark.parametrize("code", [DISTRICT, STREET, "99", "999901001009", "340405001001", "9999010010", "x" * 200, "‮"])
def test_nothing_else_opens_a_form(town: Town, code: str) -> None:
    assert Client().get(f"/q/{code}").status_code == 404


def test_the_nearest_office_is_rung(town: Town) -> None:
    rows("UPDATE people_unit SET phone = '0554-1' WHERE code = %s", STREET_DESK)
    assert spot(GRID).ring.phone == "0554-1"
    rows("UPDATE people_unit SET phone = '0554-2' WHERE code = %s", GRID_UNIT)
    assert spot(GRID).ring.phone == "0554-2"
    assert spot(GRID).desk.phone == "0554-1", "who keeps the report is a desk"
    assert spot(GRID).scan == Scan(GRID, GRID, "", None, None)


def test_nobody_is_told_to_ring_whom_it_is_about(town: Town) -> None:
    for code, number in ((GRID_UNIT, "0554-1"), (COMMUNITY_DESK, "0554-2"), (STREET_DESK, "0554-3")):
        rows("UPDATE people_unit SET phone = %s WHERE code = %s", number, code)
    town.report("窗口没人", about=(COMMUNITY_DESK,))
    whole = queries.tracked(town.receipt.code)
    found = office(whole.state, whole.city)
    assert found is not None
    assert found.code == STREET_DESK


def test_a_place_is_found_by_its_name_and_by_what_stands_on_a_sticker(phone: Client, town: Town) -> None:
    rows("INSERT INTO places_scancode VALUES ('4F7HKM3QXW', '幸福里3号楼', 116.8, 32.6, true, now(), %s)", GRID)
    by_name = phone.get("/q/", {"where": "东桥 柳荫"}).content.decode()
    assert f'href="/q/{COMMUNITY}">东桥街道 柳荫社区<' in by_name
    by_label = phone.get("/q/", {"where": "幸福里"}).content.decode()
    assert f'href="/q/{GRID}"' in by_label
    assert "4F7HKM3QXW" not in by_label
    assert "没有找到这个名称" in phone.get("/q/", {"where": "没有这个地方"}).content.decode()
