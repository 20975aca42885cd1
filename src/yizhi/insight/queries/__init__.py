"""Questions about many cases at once. The first argument is who asks; what may not be seen is not counted."""

from yizhi.insight.queries.lists import Knot, cases, oldest
from yizhi.insight.queries.numbers import Numbers, Wanted, below, by_area, by_unit, numbers
from yizhi.insight.queries.state import Reading, differences, reading

__all__ = [
    "Knot",
    "Numbers",
    "Reading",
    "Wanted",
    "below",
    "by_area",
    "by_unit",
    "cases",
    "differences",
    "numbers",
    "oldest",
    "reading",
]
