"""The ground in figures for an SVG: outlines as hairlines, drawn here: no tiles, no library, nothing from elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from yizhi.places.rules import Shape

#: One degree of latitude in metres.
_DEGREE = 111_320.0
#: Around what has to be seen, as a share of it.
_MARGIN = 0.15
#: Nobody looks closer than this: a picture of a few metres tells nothing.
_LEAST = 120 / _DEGREE
#: How wide and high an outline is drawn, at least, for its name to fit in.
_NAMED = (72, 20)
#: What a bar below the picture may stand for, in metres.
_BARS = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """`path` is SVG's; the name stands at x, y, when that lies in the picture."""

    area: str
    path: str
    x: int
    y: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """From longitude and latitude to a picture of `width` and `height`; `narrowed`: how much shorter a degree of
    longitude is here."""

    width: int
    height: int
    west: float
    north: float
    narrowed: float
    scale: float

    @classmethod
    def around(cls, points: Iterable[Point], width: int, height: int) -> "Frame":
        lons, lats = zip(*points, strict=True)
        middle = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
        narrowed = max(cos(radians(middle[1])), 0.01)
        across = max((max(lons) - min(lons)) * narrowed, _LEAST) * (1 + 2 * _MARGIN)
        up = max(max(lats) - min(lats), _LEAST) * (1 + 2 * _MARGIN)
        scale = min(width / across, height / up)
        west, north = middle[0] - width / scale / narrowed / 2, middle[1] + height / scale / 2
        return cls(width, height, west, north, narrowed, scale)

    @property
    def per_metre(self) -> float:
        return self.scale / _DEGREE

    @property
    def bar(self) -> int:
        """How many metres the bar below the picture stands for."""
        return max((length for length in _BARS if length * self.per_metre <= self.width / 4), default=_BARS[0])

    def at(self, point: Point) -> tuple[int, int]:
        return round((point[0] - self.west) * self.narrowed * self.scale), round((self.north - point[1]) * self.scale)

    def under(self, x: float, y: float) -> Point:
        """What lies at a place of the picture: longitude and latitude."""
        return self.west + x / self.scale / self.narrowed, self.north - y / self.scale


def outline(shape: Shape, frame: Frame) -> Outline:
    x, y = frame.at(shape.inside)
    points = [frame.at(point) for ring in shape.rings for point in ring]
    wide = max(x for x, _ in points) - min(x for x, _ in points)
    high = max(y for _, y in points) - min(y for _, y in points)
    fits = 30 < x < frame.width - 30 and 16 < y < frame.height - 16
    path = " ".join(_path(ring, frame) for ring in shape.rings)
    return Outline(shape.area, path, x, y, wide > _NAMED[0] and high > _NAMED[1] and fits)


def _path(ring: Sequence[Point], frame: Frame) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in map(frame.at, ring)) + "Z"
