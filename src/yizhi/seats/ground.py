"""The ground of a case as a picture: outlines as hairlines, the case as a point, what lies near as numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yizhi.cases.queries import Near, Whole
from yizhi.places.drawing import Frame, Outline, outline
from yizhi.places.rules import Shape

WIDTH, HEIGHT = 480, 320
#: Points that lie closer than this on the picture share one mark.
_TOUCHING, _BESIDE = 20, 26


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
    frame = Frame.around(seen, WIDTH, HEIGHT)
    return Ground(
        outlines=[outline(shape, frame) for shape in shapes],
        case=frame.at(own[0]) if own else None,
        marks=_marks(near, frame, frame.at(own[0]) if own else None),
        bar=frame.bar,
        bar_width=round(frame.bar * frame.per_metre),
        sketch=any(shape.sketch for shape in shapes),
    )


def _marks(near: Sequence[Near], frame: Frame, case: tuple[int, int] | None) -> list[Mark]:
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


def _placed(near: Sequence[Near], frame: Frame) -> Iterator[tuple[int, int, int, bool]]:
    for number, one in enumerate(near, 1):
        if one.lon is not None and one.lat is not None:
            yield number, *frame.at((one.lon, one.lat)), one.open
