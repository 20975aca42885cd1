"""The ground of a case as a picture: outlines as hairlines, the case as a point, what lies near as numbers. It is drawn
here, in figures for an SVG: no tiles, no library, nothing from elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians

from yizhi.cases.queries import Near, Whole
from yizhi.places.rules import Shape

WIDTH, HEIGHT = 480, 320
#: One degree of latitude in metres.
_DEGREE = 111_320.0
#: Around what has to be seen, as a share of it.
_MARGIN = 0.15
#: Nobody looks closer than this: a picture of a few metres tells nothing.
_LEAST = 120 / _DEGREE
#: Points that lie closer than this on the picture share one mark.
_TOUCHING, _BESIDE = 20, 26
#: How wide and high an outline is drawn, at least, for its name to fit in.
_NAMED = (72, 20)
#: What a bar below the picture may stand for, in metres.
_BARS = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """`path` is SVG's; the name stands at x, y, when that lies in the picture."""

    area: str
    path: str
    x: int
    y: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One or several matters at one place; `label` are their numbers in the list."""

    x: int
    y: int
    label: str
    open: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """`case` is None when nobody said exactly where. `bar` is a length in metres, `bar_width` how long it is drawn.
    `sketch`: the outlines are placeholders."""

    outlines: list[Outline]
    case: tuple[int, int] | None
    marks: list[Mark]
    bar: int
    bar_width: int
    sketch: bool


def ground(whole: Whole, near: Sequence[Near], shapes: Sequence[Shape]) -> Ground | None:
    """The picture; None when there is neither an outline nor a point."""
    own = [(whole.lon, whole.lat)] if whole.lon is not None and whole.lat is not None else []
    near_points = [(one.lon, one.lat) for one in near if one.lon is not None and one.lat is not None]
    seen = [*own, *near_points, *(point for ring in (shapes[0].rings if shapes else ()) for point in ring)]
    if not seen:
        return None
    frame = _Frame.around(seen)
    bar = max((length for length in _BARS if length * frame.per_metre <= WIDTH / 4), default=_BARS[0])
    return Ground(
        outlines=[_outline(shape, frame) for shape in shapes],
        case=frame.at(own[0]) if own else None,
        marks=_marks(near, frame, frame.at(own[0]) if own else None),
        bar=bar,
        bar_width=round(bar * frame.per_metre),
        sketch=any(shape.sketch for shape in shapes),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """From longitude and latitude to the picture; `narrowed`: how much shorter a degree of longitude is here."""

    west: float
    north: float
    narrowed: float
    scale: float

    @classmethod
    def around(cls, points: Iterable[_Point]) -> "_Frame":
        lons, lats = zip(*points, strict=True)
        middle = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
        narrowed = max(cos(radians(middle[1])), 0.01)
        across = max((max(lons) - min(lons)) * narrowed, _LEAST) * (1 + 2 * _MARGIN)
        up = max(max(lats) - min(lats), _LEAST) * (1 + 2 * _MARGIN)
        scale = min(WIDTH / across, HEIGHT / up)
        return cls(middle[0] - WIDTH / scale / narrowed / 2, middle[1] + HEIGHT / scale / 2, narrowed, scale)

    @property
    def per_metre(self) -> float:
        return self.scale / _DEGREE

    def at(self, point: _Point) -> tuple[int, int]:
        return round((point[0] - self.west) * self.narrowed * self.scale), round((self.north - point[1]) * self.scale)


def _outline(shape: Shape, frame: _Frame) -> Outline:
    x, y = frame.at(shape.inside)
    points = [frame.at(point) for ring in shape.rings for point in ring]
    wide = max(x for x, _ in points) - min(x for x, _ in points)
    high = max(y for _, y in points) - min(y for _, y in points)
    shown = wide > _NAMED[0] and high > _NAMED[1] and 30 < x < WIDTH - 30 and 16 < y < HEIGHT - 16
    return Outline(shape.area, " ".join(_path(ring, frame) for ring in shape.rings), x, y, shown)


def _path(ring: Sequence[_Point], frame: _Frame) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in map(frame.at, ring)) + "Z"


def _marks(near: Sequence[Near], frame: _Frame, case: tuple[int, int] | None) -> list[Mark]:
    """What lies at one place shares a mark; what lies where the case does stands beside it."""
    groups: list[tuple[int, int, list[tuple[int, bool]]]] = []
    for number, x, y, is_open in _placed(near, frame):
        if case and abs(case[0] - x) < _TOUCHING and abs(case[1] - y) < _TOUCHING:
            x = case[0] + (_BESIDE if case[0] < WIDTH / 2 else -_BESIDE)
        for there in groups:
            if abs(there[0] - x) < _TOUCHING and abs(there[1] - y) < _TOUCHING:
                there[2].append((number, is_open))
                break
        else:
            groups.append((x, y, [(number, is_open)]))
    return [
        Mark(x, y, " ".join(str(number) for number, _ in found), any(is_open for _, is_open in found))
        for x, y, found in groups
    ]


def _placed(near: Sequence[Near], frame: _Frame) -> Iterator[tuple[int, int, int, bool]]:
    for number, one in enumerate(near, 1):
        if one.lon is not None and one.lat is not None:
            yield number, *frame.at((one.lon, one.lat)), one.open
