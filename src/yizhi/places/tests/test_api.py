"""`GET areas/locate`: the grid under a point, for anybody."""

import pytest

from yizhi.cases.testing import Town, town
from yizhi.doors.testing import Program, assert_problem
from yizhi.people.testing import GRID

__all__ = ["town"]


def test_a_point_lies_in_its_grid(town: Town) -> None:
    answer = Program().get("areas/locate?lon=116.805&lat=32.605")
    assert answer.json() == {
        "area": GRID,
        "rank": "grid",
        "name": "青禾区 东桥街道 柳荫社区 第一网格",
        "sketch": False,
    }


def test_nowhere_is_not_found(town: Town) -> None:
    assert_problem(Program().get("areas/locate?lon=0&lat=0"), 404, "not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("lat=32.6", "lon"),
        ("lon=181&lat=32.6", "lon"),
        ("lon=nan&lat=32.6", "lon"),
        ("lon=inf&lat=32.6", "lon"),
        ("lon=116.8&lat=x", "lat"),
    ],
)
def test_a_bad_point_is_named(query: str, field: str) -> None:
    told = assert_problem(Program().get(f"areas/locate?{query}"), 422, "bad_fields")
    assert [one["field"] for one in told["errors"]] == [field]
