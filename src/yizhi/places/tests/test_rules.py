"""Outlines, placeholder cells and the grid under a point, without a database."""

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from yizhi.places import rules
from yizhi.places.rules import Atlas, Spot

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def ring(*points: tuple[float, float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


def test_codes_are_readable_and_differ() -> None:
    codes = {rules.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert not set("".join(codes)) & set("AEIOU0125BLSUZ8")
    assert all(len(code) == rules.CODE_LENGTH for code in codes)
    assert rules.clean_code(" 34679-cdfgh ") == "34679CDFGH"


def test_outline_is_kept_in_two_dimensions() -> None:
    high = {"type": "Polygon", "coordinates": [[[0, 0, 5], [1, 0, 5], [1, 1, 5], [0, 0, 5]]]}
    assert shapely.geometry.shape(rules.checked_outline("1", high)).has_z is False
    assert rules.checked_outline("1", SQUARE)["type"] == "Polygon"


@pytest.mark.parametrize(
    ("outline", "refusal"),
    [
        (None, rules.NoPolygon),
        ("Polygon", rules.NoPolygon),
        ({"type": "Point", "coordinates": [1, 1]}, rules.NoPolygon),
        ({"type": "Polygon"}, rules.NoPolygon),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0]]]}, rules.NoPolygon),
        ({"type": "Polygon", "coordinates": [[["a", 0], [1, 0], [1, 1], ["a", 0]]]}, rules.NoPolygon),
        ({"type": "Polygon", "coordinates": []}, rules.EmptyOutline),
        (ring((0, 0), (1, 1), (0, 0), (0, 0)), rules.EmptyOutline),
        (ring((32.6, 116.8), (32.7, 116.8), (32.7, 116.9), (32.6, 116.8)), rules.OffTheEarth),
        (ring((0, 0), (math.inf, 0), (1, 1), (0, 0)), rules.OffTheEarth),
        (ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)), rules.CrossesItself),
        (ring((0, 0), (2, 2), (2, 0), (0, 1), (0, 0)), rules.CrossesItself),
    ],
)
def test_bad_outlines_are_refused_with_their_own_sentence(outline: object, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as raised:
        rules.checked_outline("340405001", outline)
    assert "340405001" in str(raised.value)


def test_crossing_is_named_by_its_place() -> None:
    with pytest.raises(rules.CrossesItself, match=r"near 0\.5, 0\.5"):
        rules.checked_outline("1", ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)))


def test_outline_with_too_many_points_is_refused() -> None:
    turns = [2 * math.pi * n / 30_000 for n in range(30_000)]
    points = [(math.cos(turn), math.sin(turn)) for turn in turns]
    with pytest.raises(rules.TooManyPoints):
        rules.checked_outline("1", ring(*points, points[0]))


# ----- placeholder cells

COMMUNITY = "340405001001"


def spots(count: int, *, placed: bool = False) -> tuple[list[Spot], dict[str, str | None]]:
    grids = [
        Spot(f"{COMMUNITY}{n + 1:03}", *((116.8 + n * 0.002, 32.6 + n % 3 * 0.002) if placed else ()))
        for n in range(count)
    ]
    return [Spot(COMMUNITY), *grids], {COMMUNITY: None} | {grid.code: COMMUNITY for grid in grids}


@pytest.mark.parametrize("placed", [False, True])
@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_cells_adjoin_and_fill_the_area_above(count: int, placed: bool) -> None:
    areas, parents = spots(count, placed=placed)
    cells = {cell.code: cell for cell in rules.sketch(areas, parents, (116.83, 32.63))}
    grids = [cell.outline for code, cell in cells.items() if code != COMMUNITY]
    whole = cells[COMMUNITY].outline
    assert whole.is_valid
    assert sum(grid.area for grid in grids) == pytest.approx(whole.area, rel=1e-6)
    assert all(grid.area > 0 for grid in grids)
    assert all(cell.outline.buffer(1e-6).contains(shapely.Point(cell.lon, cell.lat)) for cell in cells.values())


def test_sketch_is_the_same_each_time() -> None:
    areas, parents = spots(9)
    first = rules.sketch(areas, parents, (116.83, 32.63))
    again = rules.sketch(list(reversed(areas)), parents, (116.83, 32.63))
    assert {cell.code: cell.outline.wkt for cell in first} == {cell.code: cell.outline.wkt for cell in again}


def test_every_sketched_outline_may_be_stored() -> None:
    areas, parents = spots(11, placed=True)
    for cell in rules.sketch(areas, parents, (116.83, 32.63)):
        rules.checked_outline(cell.code, rules.as_geojson(cell.outline))


# ----- the grid under a point


def board(side: int, step: float = 0.003) -> list[tuple[str, BaseGeometry, bool]]:
    return [
        (
            f"{COMMUNITY}{row * side + column:03}",
            shapely.box(116 + column * step, 32 + row * step, 116 + (column + 1) * step, 32 + (row + 1) * step),
            False,
        )
        for row in range(side)
        for column in range(side)
    ]


@settings(deadline=None)  # a busy machine is no fault
@given(st.floats(115.99, 116.04), st.floats(31.99, 32.04))
def test_atlas_finds_what_a_search_one_by_one_finds(lon: float, lat: float) -> None:
    grids = board(10)
    expected = min(
        (code for code, outline, _ in grids if shapely.intersects_xy(outline, lon, lat)),
        default=None,
    )
    found = Atlas(grids).locate(lon, lat)
    assert (found and found.area) == expected


def test_surveyed_beats_sketch_and_an_edge_belongs_to_one() -> None:
    whole, half = shapely.box(0, 0, 1, 1), shapely.box(0, 0, 0.5, 1)
    atlas = Atlas([(f"{COMMUNITY}001", whole, True), (f"{COMMUNITY}002", half, False)])
    surveyed, sketched = atlas.locate(0.25, 0.5), atlas.locate(0.75, 0.5)
    assert surveyed == rules.Located(f"{COMMUNITY}002", sketch=False)
    assert sketched == rules.Located(f"{COMMUNITY}001", sketch=True)
    assert atlas.locate(0.5, 0.5) == surveyed


@pytest.mark.parametrize(("lon", "lat"), [(5, 5), (math.nan, 0), (0, math.inf), (200, 0), (0.5, -91)])
def test_nothing_is_found_outside_every_grid(lon: float, lat: float) -> None:
    assert Atlas([(f"{COMMUNITY}001", shapely.box(0, 0, 1, 1), False)]).locate(lon, lat) is None
    assert Atlas().locate(lon, lat) is None


def test_negative_coordinates_are_found() -> None:
    atlas = Atlas([(f"{COMMUNITY}001", shapely.box(-1.5, -1.5, 0.5, 0.5), False)])
    assert atlas.locate(-1.2, -0.1) is not None
    assert atlas.locate(0.2, -1.4) is not None


def test_smallest_area_above_the_grids_is_found() -> None:
    atlas = Atlas(
        [
            ("340405", shapely.box(0, 0, 9, 9), False),
            ("340405001", shapely.box(0, 0, 3, 3), True),
            (f"{COMMUNITY}001", shapely.box(0, 0, 1, 1), False),
        ]
    )
    assert atlas.enclosing(0.5, 0.5) == rules.Located("340405001", sketch=True)
    assert atlas.enclosing(5, 5) == rules.Located("340405", sketch=False)
    assert atlas.enclosing(50, 50) is None


@given(lon=st.floats(80, 135), lat=st.floats(18, 53))
def test_a_position_of_a_chinese_map_comes_back_to_where_it_is(lon: float, lat: float) -> None:
    """Shifted as those maps do it, and back to within a few centimetres."""
    by_lon, by_lat = rules._offset(lon, lat)
    back = rules.to_wgs84(lon + by_lon, lat + by_lat)
    assert math.dist(back, (lon, lat)) < 1e-6


def test_a_known_position_and_one_abroad() -> None:
    """Tiananmen as two maps have it; abroad nothing is shifted."""
    assert math.dist(rules.to_wgs84(116.397827, 39.909062), (116.391584, 39.907660)) < 2e-5
    assert rules.to_wgs84(2.35, 48.85) == (2.35, 48.85)
