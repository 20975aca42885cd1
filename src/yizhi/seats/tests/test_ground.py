"""The picture of the ground: what stands where, and what shares a mark."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from yizhi.cases.queries import Near
from yizhi.places.rules import Shape
from yizhi.seats.ground import HEIGHT, WIDTH, Ground, ground

LON, LAT = 116.83, 32.63
SQUARE = ((LON, LAT), (LON + 0.01, LAT), (LON + 0.01, LAT + 0.01), (LON, LAT + 0.01), (LON, LAT))
OWN = Shape("own", (SQUARE,), (LON + 0.005, LAT + 0.005), sketch=True)
BESIDE = Shape("beside", (tuple((x + 0.01, y) for x, y in SQUARE),), (LON + 0.015, LAT + 0.005), sketch=False)


def near(lon: float | None = None, lat: float | None = None, *, is_open: bool = True) -> Near:
    return Near("N1", "", "reported", "matter", "", lon, lat, None, datetime(2026, 3, 2, tzinfo=UTC), is_open)


def drawn(
    *found: Near, lon: float | None = LON + 0.002, lat: float | None = LAT + 0.002, shapes: Any = (OWN, BESIDE)
) -> Ground:
    whole: Any = SimpleNamespace(lon=lon, lat=lat)
    made = ground(whole, found, shapes)
    assert made is not None
    return made


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    whole: Any = SimpleNamespace(lon=None, lat=None)
    assert ground(whole, [near()], []) is None


def test_the_own_grid_fills_the_picture_and_north_is_above() -> None:
    made = drawn(lon=LON, lat=LAT + 0.01)
    x, y = made.case or (0, 0)
    assert 0 < x < WIDTH / 2
    assert 0 < y < HEIGHT / 2
    assert [outline.area for outline in made.outlines] == ["own", "beside"]
    assert made.outlines[0].path.startswith("M")
    assert made.outlines[0].shown


def test_a_square_on_the_ground_is_a_square_on_the_picture() -> None:
    """A degree of longitude is shorter than one of latitude."""
    west, south = drawn(lon=LON, lat=LAT).case or (0, 0)
    east, north = drawn(lon=LON + 0.01, lat=LAT + 0.01).case or (0, 0)
    assert (east - west) / (south - north) == pytest.approx(0.842, abs=0.02)


def test_without_a_point_the_grid_alone_is_drawn() -> None:
    made = drawn(lon=None, lat=None)
    assert made.case is None
    assert made.sketch


def test_what_is_near_is_numbered_as_in_the_list_and_what_touches_shares_a_mark() -> None:
    here, far = (LON + 0.004, LAT + 0.004), (LON + 0.009, LAT + 0.009)
    made = drawn(near(*here), near(), near(*here, is_open=False), near(*far, is_open=False))
    assert [(mark.label, mark.open) for mark in made.marks] == [("1 3", True), ("4", False)]


def test_a_single_point_without_outlines_has_some_ground_around_it() -> None:
    made = drawn(shapes=())
    assert made.case == (WIDTH // 2, HEIGHT // 2)
    assert made.bar == 50
    assert 0 < made.bar_width <= WIDTH / 4


def test_what_lies_where_the_case_does_stands_beside_it() -> None:
    made = drawn(near(LON + 0.002, LAT + 0.002), lon=LON + 0.002, lat=LAT + 0.002)
    x, y = made.case or (0, 0)
    assert [(mark.x, mark.y) for mark in made.marks] == [(x + 26, y)]


def test_an_outline_too_small_for_its_name_goes_without() -> None:
    made = drawn(near(LON + 0.2, LAT + 0.2))
    assert not any(outline.shown for outline in made.outlines)
