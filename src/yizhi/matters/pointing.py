"""The ground of a place as a picture to point at, for who knows neither house number nor street.

Where the outlines were surveyed a touch says the very point. Placeholders lie anywhere: there it only says which grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from yizhi.cases.queries import spots
from yizhi.cases.queries.spots import Spot
from yizhi.doors.words import place_name
from yizhi.places import queries as places
from yizhi.places.drawing import Frame, Outline, Point, outline
from yizhi.places.rules import Shape

#: Width and height of the picture; without scripts it is shown in this very size.
SIDE = 288
_GRID = 15
#: Stickers whose labels are shown to find one's way by, and how far apart these have to be to be read.
_MOST_MARKS, _APART = 8, (90, 26)


@dataclass(frozen=True, slots=True)
class Mark:
    """What everybody there knows: a sticker's label at its place."""

    x: int
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`names` of those outlines that show one; `pin` is what was pointed at; `nw` and `se` are the corners. `sketch`:
    nobody surveyed it."""

    side: int
    outlines: list[Outline]
    names: dict[str, str]
    marks: list[Mark]
    pin: tuple[int, int] | None
    nw: Point
    se: Point
    bar: int
    bar_width: int
    sketch: bool


def picture(spot: Spot, point: Point | None, *, touched: bool) -> Picture | None:
    """With a point that was `touched`, or is known otherwise and lies on surveyed ground. None where there is nothing
    to choose: at a sticker, and where no outline is known or it is only a sketch of the grid itself."""
    shapes = _shapes(spot)
    if not shapes:
        return None
    frame, names = _frame(shapes), spot.city.town.area_names
    outlines = [outline(shape, frame) for shape in shapes]
    x, y = frame.at(point) if point and (touched or not shapes[0].sketch) else (-1, -1)
    return Picture(
        side=SIDE,
        outlines=outlines,
        names={one.area: place_name(names, one.area).split()[-1] for one in outlines if _told(one, spot)},
        marks=[] if shapes[0].sketch else _marks(shapes[0].area, frame),
        pin=(x, y) if 0 <= x <= SIDE and 0 <= y <= SIDE else None,
        nw=frame.under(0, 0),
        se=frame.under(SIDE, SIDE),
        bar=frame.bar,
        bar_width=round(frame.bar * frame.per_metre),
        sketch=shapes[0].sketch,
    )


def under(spot: Spot, x: int, y: int) -> Point | None:
    """What lies at a place of the picture."""
    shapes = _shapes(spot)
    return _frame(shapes).under(x, y) if shapes else None


def pointed(spot: Spot, point: Point) -> tuple[str, float | None, float | None]:
    """Area and point of what somebody touched on the picture."""
    area, lon, lat = spots.placed(spot.scan, point)
    shapes = _shapes(spot)
    return (area, None, None) if shapes and shapes[0].sketch else (area, lon, lat)


def outside(spot: Spot, point: Point) -> bool:
    """Whether it lies somewhere else than the place that was chosen, and is of no use."""
    return spot.scan.lon is None and spots.placed(spot.scan, point) == (spot.scan.area, None, None)


def _shapes(spot: Spot) -> list[Shape]:
    scan, atlas = spot.scan, places.atlas()
    if scan.lon is not None:
        return []
    shapes = atlas.around(scan.area) if len(scan.area) >= _GRID else atlas.within(scan.area)
    chooses = shapes and (not shapes[0].sketch or (len(scan.area) < _GRID and len(shapes) > 2))
    return shapes if chooses else []


def _frame(shapes: Sequence[Shape]) -> Frame:
    return Frame.around([point for ring in shapes[0].rings for point in ring], SIDE, SIDE)


def _told(one: Outline, spot: Spot) -> bool:
    """Of the place that was chosen the grids are named; its own name stands on top of the page."""
    return one.shown and (len(one.area) >= _GRID or one.area != spot.scan.area)


def _marks(area: str, frame: Frame) -> list[Mark]:
    """As many as can be read."""
    found: list[Mark] = []
    for scan in places.scan_codes(area):
        if scan.lon is None or scan.lat is None or not scan.label:
            continue
        x, y = frame.at((scan.lon, scan.lat))
        clear = all(abs(x - one.x) > _APART[0] or abs(y - one.y) > _APART[1] for one in found)
        if clear and 0 < x < SIDE and 0 < y < SIDE:
            found.append(Mark(x, y, scan.label))
        if len(found) == _MOST_MARKS:
            break
    return found
