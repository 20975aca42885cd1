"""The 15-minute circle and who looks after a grid: straight lines called so, by what right, and no names."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from yizhi.cases.queries import spots
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import BadFact, MissingFact, NotFound
from yizhi.doors.testing import signed_in
from yizhi.people.testing import COMMUNITY, GRID, OTHER_GRID
from yizhi.services import actions, circle, rules
from yizhi.services.actions import Offer
from yizhi.services.tests.helping import send, text

CLINIC = Offer(
    kind="medical",
    area=COMMUNITY,
    name="柳荫卫生站",
    what="取药",
    who="anyone",
    hours="每天 8:00–20:00",
    address="柳荫路1号",
    bring="社保卡",
    phone="0554-0000201",
    lon=116.805,
    lat=32.605,
)


def test_a_straight_line_is_as_long_as_on_the_globe() -> None:
    assert rules.straight((116.80, 32.60), (116.80, 32.61)) == pytest.approx(1112, abs=1)
    assert rules.straight((116.80, 32.60), (116.81, 32.60)) == pytest.approx(937, abs=1)
    assert [rules.rounded(far) for far in (2, 347, 1234)] == [10, 350, 1200]


def test_the_nearest_comes_first_and_what_is_far_stands_apart(helped: Town) -> None:
    rows("INSERT INTO places_scancode VALUES ('4F7HKM3QXW', '东门', 116.805, 32.605, true, now(), %s)", GRID)
    far = {"name": "法律顾问室", "kind": "law", "lat": 32.65}
    for more in (far, {"name": "药店", "lat": 32.608}, {}, {"name": "没有位置", "lon": None, "lat": None}):
        actions.offer(replace(CLINIC, area=GRID, **more), by=helped.cast.wei, at=helped.at)
    found = circle.circle(spots.spot("4F7HKM3QXW"), "")
    assert [(one.place.name, one.metres) for one in found.near] == [("柳荫卫生站", 10), ("药店", 330)]
    assert [one.place.name for one in found.farther] == ["法律顾问室", "没有位置"]
    assert [one.place.name for one in circle.circle(spots.spot("4F7HKM3QXW"), "law").farther] == ["法律顾问室"]
    page = text(Client().get("/near/4F7HKM3QXW"))
    assert "直线距离约330" in page
    assert CLINIC.bring in page


@pytest.mark.parametrize("more", [{"who": ""}, {"hours": ""}, {"kind": "zoo"}])
def test_each_says_who_may_use_it_when_and_what_is_done(helped: Town, more: dict[str, Any]) -> None:
    with pytest.raises(MissingFact):
        actions.offer(replace(CLINIC, area=GRID, **more), by=helped.cast.wei, at=helped.at)


def test_one_keeps_the_list_of_ones_own_ground(helped: Town) -> None:
    number = actions.offer(replace(CLINIC, area=GRID), by=helped.cast.wei, at=helped.at)
    with pytest.raises(actions.OfferedAlready):
        actions.offer(replace(CLINIC, area=GRID), by=helped.cast.wei, at=helped.at)
    with pytest.raises(BadFact):
        actions.offer(replace(CLINIC, area=OTHER_GRID), by=helped.cast.wei, at=helped.at)
    with pytest.raises(NotFound):
        actions.withdraw(number, by=helped.cast.qiu, at=helped.at)
    actions.withdraw(number, by=helped.cast.wei, at=helped.at)
    assert text(Client().get(f"/near/{GRID}")).count("card-box") == 0


def test_the_desk_writes_one_down_and_puts_it_right(helped: Town) -> None:
    browser = signed_in(helped.cast.ids["chen"], helped.at)
    fields = {name: getattr(CLINIC, name) for name in ("kind", "area", "name", "what", "who", "hours", "address")}
    assert send(browser, "/services/new", **fields, position="这里").status_code == 422
    assert send(browser, "/services/new", **fields, position="116.805，32.605").status_code == 302
    ((number, lon),) = rows("SELECT id, lon FROM services_place")
    assert lon == 116.805
    assert send(browser, f"/services/{number}", **fields | {"hours": "每天 9:00–17:00"}).status_code == 302
    assert "9:00–17:00" in text(Client().get(f"/near/{COMMUNITY}"))


def test_who_looks_after_a_grid_is_told_by_posts_and_never_by_names(helped: Town) -> None:
    rows("UPDATE people_account SET title = '魏晓明' WHERE id = %s", helped.cast.ids["wei"])
    rows("UPDATE people_unit SET phone = '0554-0000060' WHERE code = 'grid-1'")
    page = text(Client().get(f"/grid/{GRID}"))
    assert "魏晓明" not in page
    assert "听您反映情况" in page
    assert Client().get("/grid/no-such").status_code == 404
