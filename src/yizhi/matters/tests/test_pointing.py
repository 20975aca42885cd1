"""Where exactly: in words, or by a touch on the picture of the ground. And the telephone that is left with it."""

from typing import Any

import pytest
from django.test import Client

from yizhi.cases.queries import tracked
from yizhi.cases.testing import Town
from yizhi.core.admin import MACHINE
from yizhi.matters.tests.resident import TEXT, code_of, count, hidden, photo, send
from yizhi.people.testing import COMMUNITY, GRID, SECOND_COMMUNITY, SECOND_GRID
from yizhi.places import actions as places

WEST, SOUTH, SIDE = 116.83, 32.63, 0.01


def _square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


@pytest.fixture
def ground(now: Town, request: pytest.FixtureRequest) -> Town:
    """A community with two grids, surveyed unless the test wants a sketch, and another community beside it."""
    sketch = getattr(request, "param", False)
    for area, west, side in (
        (COMMUNITY, WEST, SIDE),
        (GRID, WEST, SIDE / 2),
        (SECOND_GRID, WEST + SIDE / 2, SIDE / 2),
        (SECOND_COMMUNITY, WEST + SIDE, SIDE),
    ):
        places.set_boundary(area, _square(west, SOUTH, side), by=MACHINE, at=now.at, sketch=sketch)
    return now


def _touch(phone: Client, x: int, y: int, **fields: Any) -> Any:
    return phone.post(f"/q/{COMMUNITY}", {"text": TEXT, "pin.x": x, "pin.y": y, **fields})


def _given(page: str) -> dict[str, str]:
    return {name: hidden(page, name) for name in ("key", "lon", "lat", "pinned")}


def test_without_scripts_a_touch_comes_back_with_the_form_and_goes_along(ground: Town, phone: Client) -> None:
    assert "pin-touch" in phone.get(f"/q/{COMMUNITY}").content.decode()
    page = _touch(phone, 90, 200, photos=photo()).content.decode()
    assert TEXT in page
    assert 'name="kept"' in page, "nobody chooses a photo again"
    assert count() == 0
    answer = phone.post(f"/q/{COMMUNITY}", {"text": TEXT, "place": "三号楼东侧", **_given(page)})
    case = tracked(code_of(answer))
    assert case.lon == pytest.approx(WEST + 0.002, abs=5e-4)
    assert case.lat == pytest.approx(SOUTH + 0.0025, abs=5e-4)
    assert case.state.area == GRID
    assert case.place == "三号楼东侧"


def test_the_point_can_be_taken_away_again(ground: Town, phone: Client) -> None:
    page = _touch(phone, 90, 200).content.decode()
    assert _given(page)["lon"]
    page = phone.post(f"/q/{COMMUNITY}", {"text": TEXT, "unpin": "1", **_given(page)}).content.decode()
    assert _given(page) | {"key": ""} == {"key": "", "lon": "", "lat": "", "pinned": ""}


@pytest.mark.parametrize("pressed", [{"pin.x": "0", "pin.y": "0"}, {"pin.x": "x", "pin.y": ""}])
def test_a_key_that_presses_the_picture_points_nowhere(ground: Town, phone: Client, pressed: dict[str, str]) -> None:
    page = phone.post(f"/q/{COMMUNITY}", {"text": TEXT, **pressed}).content.decode()
    assert not _given(page)["lon"]
    assert count() == 0


def test_a_point_outside_the_place_is_said_and_not_used(ground: Town, phone: Client) -> None:
    page = _touch(phone, 287, 100).content.decode()
    assert "没有采用" in page
    case = tracked(code_of(phone.post(f"/q/{COMMUNITY}", {"text": TEXT, **_given(page)})))
    assert (case.state.area, case.lon) == (COMMUNITY, None)


def test_a_position_that_fits_is_said_before_it_is_sent(ground: Town, phone: Client) -> None:
    known = {"text": TEXT, "lon": str(WEST + 0.002), "lat": str(SOUTH + 0.002)}
    assert "您的位置会随反映一起提交" in phone.post(f"/q/{COMMUNITY}/look", known).content.decode()
    assert "您的位置会随反映一起提交" not in phone.post(f"/q/{COMMUNITY}/look", {"text": TEXT}).content.decode()


@pytest.mark.parametrize("ground", [True], indirect=True)
def test_on_a_sketch_a_touch_says_which_grid_and_no_more(ground: Town, phone: Client) -> None:
    """Nobody knows where a placeholder lies: whoever went to the point would go to the wrong place."""
    page = _touch(phone, 90, 200).content.decode()
    case = tracked(code_of(phone.post(f"/q/{COMMUNITY}", {"text": TEXT, **_given(page)})))
    assert (case.state.area, case.lon, case.lat) == (GRID, None, None)
    assert "pin-touch" not in phone.get(f"/q/{GRID}").content.decode(), "there is nothing to choose"


def test_where_no_outline_is_known_there_are_words(now: Town, phone: Client) -> None:
    page = phone.get(f"/q/{COMMUNITY}").content.decode()
    assert "pin-touch" not in page
    assert 'name="place"' in page
    assert _touch(phone, 90, 200).status_code == 200


def test_a_place_that_is_too_long_is_refused_beside_it(now: Town, phone: Client, sticker: str) -> None:
    answer = send(phone, sticker, place="东" * 201)
    assert answer.status_code == 422
    assert 'id="place-error"' in answer.content.decode()


@pytest.mark.parametrize("number", ["12", "12345", "王大妈", "138-00y0-0000"])
def test_what_is_no_telephone_is_refused_beside_it(now: Town, phone: Client, sticker: str, number: str) -> None:
    answer = send(phone, sticker, phone=number)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"“{number}”不是电话号码" in page
    assert 'id="phone-error"' in page
    assert TEXT in page
    assert count() == 0


NUMBERS = "13800000000", "138 0000 0000", "+86 13800000000", "0554-1234567", "(0554)1234567", "400-820-8820", "1234567"


@pytest.mark.parametrize("number", [*NUMBERS, "0554-1234567转801", "１３８００００００００", ""])
def test_every_way_to_write_a_telephone_is_taken(now: Town, phone: Client, sticker: str, number: str) -> None:
    assert send(phone, sticker, phone=number).status_code == 302
