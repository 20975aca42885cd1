"""Where, decided without a database: readable codes, valid outlines, placeholder cells, the grid under a point."""

import math
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from yizhi.core.errors import N_, BadFact
from yizhi.core.town import ancestors, rank

#: No vowels (no words), none of 0/O 1/I/L 2/Z 5/S 8/B U/V: read aloud or typed from a worn sticker, it arrives.
CODE_LETTERS = "34679CDFGHJKMNPQRTVWXY"
CODE_LENGTH = 10
MAX_POINTS = 20_000

_METRES = 111_320.0  # one degree of latitude
_CELL_METRES = 300.0  # the side of a placeholder grid
_MARGIN = 0.003  # degrees around the outermost centres of a sketch
_PRECISION = 6  # decimals of a sketch: a tenth of a metre


class BadBoundary(BadFact):
    """An outline that cannot be stored. Facts: area."""


class NoPolygon(BadBoundary):
    message = N_("The outline of {area} is not a polygon in GeoJSON (Polygon or MultiPolygon).")


class OffTheEarth(BadBoundary):
    message = N_(
        "The outline of {area} leaves the range of WGS-84 at {lon}, {lat}: longitude comes first, then latitude."
    )


class CrossesItself(BadBoundary):
    message = N_("The outline of {area} crosses or touches itself near {lon}, {lat}.")


class EmptyOutline(BadBoundary):
    message = N_("The outline of {area} encloses nothing.")


class TooManyPoints(BadBoundary):
    message = N_("The outline of {area} has {points} points; at most {most} are kept. Simplify it first.")


def new_code() -> str:
    """A code for a sticker; about 44 random bits: it opens a report form, nothing else."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def clean_code(typed: str) -> str:
    """A code as somebody typed it: any case, blanks and dashes between."""
    return typed.upper().replace(" ", "").replace("-", "")


#: The official list names the committee, not the place: 治东社区居委会, 淮滨村村委会.
_COMMITTEES = ("居民委员会", "居委会", "村民委员会", "村委会")


def said_name(official: str) -> str:
    """The place's own name: 治东社区, 淮滨村."""
    for committee in _COMMITTEES:
        if official.endswith(committee) and official != committee:
            return official.removesuffix(committee)
    return official


# ----- outlines


def checked_outline(area: str, geojson: object) -> dict[str, Any]:
    """A Polygon or MultiPolygon as it is stored: two dimensions, valid, inside WGS-84. Raises `BadBoundary`."""
    outline = _read(area, geojson)
    points = shapely.get_coordinates(outline)
    if len(points) > MAX_POINTS:
        raise TooManyPoints(area=area, points=len(points), most=MAX_POINTS)
    for lon, lat in points:
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise OffTheEarth(area=area, lon=lon, lat=lat)
    if not outline.convex_hull.area:
        raise EmptyOutline(area=area)
    if not outline.is_valid:
        lon, lat = _fault(outline)
        raise CrossesItself(area=area, lon=lon, lat=lat)
    return as_geojson(outline)


def _read(area: str, geojson: object) -> BaseGeometry:
    if not isinstance(geojson, Mapping) or geojson.get("type") not in ("Polygon", "MultiPolygon"):
        raise NoPolygon(area=area)
    try:
        return shapely.force_2d(shapely.geometry.shape(dict(geojson)))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
        raise NoPolygon(area=area) from None


def _fault(outline: BaseGeometry) -> tuple[str, str]:
    """Where an invalid outline is wrong, from "Self-intersection[116.8 32.6]"."""
    _, _, place = shapely.is_valid_reason(outline).partition("[")
    lon, _, lat = place.rstrip("]").partition(" ")
    return lon or "?", lat or "?"


def as_geojson(outline: BaseGeometry) -> dict[str, Any]:
    """Plain lists, ready for JSON."""
    return dict(shapely.geometry.mapping(outline))


# ----- placeholder polygons


@dataclass(frozen=True, slots=True)
class Spot:
    """An area to be sketched; its centre, when known."""

    code: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A placeholder: the outline and a point inside it."""

    code: str
    outline: BaseGeometry
    lon: float
    lat: float


_Box = tuple[float, float, float, float]


def sketch(spots: Sequence[Spot], parents: Mapping[str, str | None], centre: tuple[float, float]) -> list[Cell]:
    """Adjoining placeholder cells for areas of which none is surveyed; the same areas give the same cells.

    Where every innermost area has a centre, each gets the ground nearest to its own; otherwise the ground around
    `centre` (lon, lat) is shared out in rectangles. An upper area is what lies in it.
    """
    above = {parents[spot.code] for spot in spots}
    leaves = sorted((spot for spot in spots if spot.code not in above), key=lambda spot: spot.code)
    placed = [(leaf.code, leaf.lon, leaf.lat) for leaf in leaves if leaf.lon is not None and leaf.lat is not None]
    if len(leaves) == 1 and placed:
        centre = placed[0][1:]
    if 1 < len(leaves) == len({(lon, lat) for _, lon, lat in placed}):
        outlines = _nearest_ground(placed)
    else:
        outlines = _shared_out([leaf.code for leaf in leaves], centre)
    for spot in sorted(spots, key=lambda spot: -len(spot.code)):
        if spot.code not in outlines:
            inside = [outlines[low] for low, up in parents.items() if up == spot.code and low in outlines]
            outlines[spot.code] = shapely.union_all(inside)
    return [_cell(spot, outlines[spot.code]) for spot in spots]


def _cell(spot: Spot, outline: BaseGeometry) -> Cell:
    inside = outline.representative_point()
    lon = spot.lon if spot.lon is not None else round(inside.x, _PRECISION)
    lat = spot.lat if spot.lat is not None else round(inside.y, _PRECISION)
    return Cell(spot.code, outline, lon, lat)


def _nearest_ground(centres: Sequence[tuple[str, float, float]]) -> dict[str, BaseGeometry]:
    points = shapely.MultiPoint([(lon, lat) for _, lon, lat in centres])
    ground = points.convex_hull.buffer(_MARGIN, quad_segs=2)
    cells = shapely.voronoi_polygons(points, extend_to=ground, ordered=True).geoms
    return {
        code: shapely.set_precision(cell.intersection(ground), 10**-_PRECISION)
        for (code, _, _), cell in zip(centres, cells, strict=True)
    }


def _shared_out(codes: Sequence[str], centre: tuple[float, float]) -> dict[str, BaseGeometry]:
    """A square around the centre in as many rectangles as there are codes; neighbours in code are neighbours."""
    lon, lat = centre
    half = _CELL_METRES * math.sqrt(len(codes)) / 2 / _METRES
    wide = half / max(0.1, math.cos(math.radians(lat)))
    return {code: shapely.box(*box) for code, box in _halved(codes, (lon - wide, lat - half, lon + wide, lat + half))}


def _halved(codes: Sequence[str], box: _Box) -> Iterator[tuple[str, _Box]]:
    """Halves the box along its longer side until every code has a part. Cuts are rounded once, so parts adjoin."""
    west, south, east, north = (round(side, _PRECISION) for side in box)
    if len(codes) == 1:
        yield codes[0], (west, south, east, north)
        return
    middle = len(codes) // 2
    share = middle / len(codes)
    if (east - west) * math.cos(math.radians(south)) >= north - south:
        cut = round(west + (east - west) * share, _PRECISION)
        first, second = (west, south, cut, north), (cut, south, east, north)
    else:
        cut = round(south + (north - south) * share, _PRECISION)
        first, second = (west, south, east, cut), (west, cut, east, north)
    yield from _halved(codes[:middle], first)
    yield from _halved(codes[middle:], second)


# ----- the grid under a point


@dataclass(frozen=True, slots=True)
class Located:
    """The area in which a point lies; `sketch`: by a placeholder outline, not a surveyed one."""

    area: str
    sketch: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    west: float
    south: float
    east: float
    north: float
    outline: BaseGeometry
    found: Located


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of an area, to be drawn: rings of (longitude, latitude), and a point inside."""

    area: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    inside: tuple[float, float]
    sketch: bool


#: How many neighbours a picture of an area shows at most.
_MOST_NEIGHBOURS = 40


class Atlas:
    """The outlines of a city, kept in memory. Immutable once built; safe for many threads.

    A grid is found through buckets of a fixed size: a tree of rectangles answers one point at a time at half the
    speed, because each answer is an array (measured). The few areas above the grids lie in such a tree.
    """

    def __init__(self, outlines: Iterable[tuple[str, BaseGeometry, bool]] = (), version: int = 0) -> None:
        self.version = version
        entries = [_entry(code, outline, sketch) for code, outline, sketch in outlines]
        # A surveyed outline beats a placeholder; on a shared edge the lower code wins, always.
        entries.sort(key=lambda entry: (entry.found.sketch, entry.found.area))
        self._grids = [entry for entry in entries if rank(entry.found.area) == "grid"]
        self._others = [entry for entry in entries if rank(entry.found.area) not in ("grid", "spot")]
        self._by_code = {entry.found.area: entry for entry in entries}
        self._scale = _scale(self._grids)
        self._buckets = self._fill()
        self._tree = STRtree([entry.outline for entry in self._others])

    def _fill(self) -> dict[tuple[int, int], list[_Entry]]:
        scale = self._scale
        buckets: dict[tuple[int, int], list[_Entry]] = {}
        for entry in self._grids:
            for x in range(int(entry.west * scale), int(entry.east * scale) + 1):
                for y in range(int(entry.south * scale), int(entry.north * scale) + 1):
                    buckets.setdefault((x, y), []).append(entry)
        return buckets

    def locate(self, lon: float, lat: float) -> Located | None:
        """The grid that a point lies in; None when it lies in none."""
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            return None
        for entry in self._buckets.get((int(lon * self._scale), int(lat * self._scale)), ()):
            if (
                entry.west <= lon <= entry.east
                and entry.south <= lat <= entry.north
                and shapely.intersects_xy(entry.outline, lon, lat)
            ):
                return entry.found
        return None

    def around(self, area: str) -> list[Shape]:
        """The area's own outline (or that of the nearest above which has one), then those of its own rank that lie
        around it, nearest first; nothing when there is none."""
        own = self._nearest(area)
        if own is None:
            return []
        reach = max(own.east - own.west, own.north - own.south)
        box = shapely.box(own.west - reach, own.south - reach, own.east + reach, own.north + reach)
        width = len(own.found.area)
        peers = (entry for entry in self._by_code.values() if len(entry.found.area) == width and entry is not own)
        near = [entry for entry in peers if box.intersects(shapely.box(*entry.outline.bounds))]
        near.sort(key=lambda entry: (entry.outline.distance(own.outline), entry.found.area))
        return [_shape(entry, reach / 300) for entry in (own, *near[:_MOST_NEIGHBOURS])]

    def within(self, area: str) -> list[Shape]:
        """The area's own outline (or that of the nearest above which has one), then those of the grids in it."""
        own = self._nearest(area)
        if own is None:
            return []
        reach = max(own.east - own.west, own.north - own.south)
        code = own.found.area
        inside = (entry for entry in self._grids if entry is not own and entry.found.area.startswith(code))
        return [_shape(entry, reach / 300) for entry in (own, *inside)]

    def _nearest(self, area: str) -> _Entry | None:
        return next((self._by_code[code] for code in ancestors(area) if code in self._by_code), None)

    def enclosing(self, lon: float, lat: float) -> Located | None:
        """The smallest area above the grids whose outline holds the point."""
        hits = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        found = [self._others[hit].found for hit in sorted(hits)]
        return max(found, key=lambda place: len(place.area), default=None)


def _entry(code: str, outline: BaseGeometry, sketch: bool) -> _Entry:
    shapely.prepare(outline)
    west, south, east, north = outline.bounds
    return _Entry(west, south, east, north, outline, Located(code, sketch))


def _shape(entry: _Entry, tolerance: float) -> Shape:
    """No finer than a picture shows."""
    outline = (
        shapely.simplify(entry.outline, tolerance) if shapely.get_num_coordinates(entry.outline) > 60 else entry.outline
    )
    parts = shapely.get_parts(outline)
    rings = (tuple((float(x), float(y)) for x, y in shapely.get_coordinates(part.exterior)) for part in parts)
    inside = entry.outline.representative_point()
    return Shape(entry.found.area, tuple(rings), (inside.x, inside.y), entry.found.sketch)


def _scale(grids: Sequence[_Entry]) -> float:
    """Buckets for one degree: a bucket is about as wide as a grid, never below 100 m."""
    spans = sorted(max(entry.east - entry.west, entry.north - entry.south) for entry in grids)
    middle = spans[len(spans) // 2] if spans else 1.0
    return 1 / min(1.0, max(0.001, middle))


# ----- the positions that maps in China show


#: The ellipsoid and its eccentricity that the offset is reckoned on.
_GCJ_AXIS, _GCJ_SQUARE = 6378245.0, 0.00669342162296594323


def to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """A position of a Chinese map (GCJ-02), which lies some hundred metres off, as WGS-84; to within a centimetre."""
    if not (72 <= lon <= 138 and 0.8 <= lat <= 56):
        return lon, lat
    east, north = lon, lat
    for _ in range(4):  # the offset hardly changes within itself: each round is a thousand times closer
        by_lon, by_lat = _offset(east, north)
        east, north = lon - by_lon, lat - by_lat
    return round(east, _PRECISION + 1), round(north, _PRECISION + 1)


def _offset(lon: float, lat: float) -> tuple[float, float]:
    """By how much such a map is off at a place, in degrees."""
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    waves = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    angle = math.radians(lat)
    magic = 1 - _GCJ_SQUARE * math.sin(angle) ** 2
    by_lat = north * 180 / (_GCJ_AXIS * (1 - _GCJ_SQUARE) / (magic * math.sqrt(magic)) * pi)
    return east * 180 / (_GCJ_AXIS / math.sqrt(magic) * math.cos(angle) * pi), by_lat
