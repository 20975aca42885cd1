"""What things are called: the city's word first, places without what repeats."""

import pytest
from django.utils import translation

from yizhi.doors import words

NAMES = {
    "34": "安徽省",
    "340405": "八公山区",
    "340405001": "新庄孜街道",
    "340405001001": "治东社区居委会",
    "340405001001003": "治东社区第三网格",
    "340405100202": "淮滨村村委会",
}


@pytest.mark.parametrize(
    ("area", "since", "said"),
    [
        ("340405001001003", 6, "八公山区 新庄孜街道 治东社区 第三网格"),
        ("340405001001003", 12, "治东社区 第三网格"),
        ("340405001001", 9, "新庄孜街道 治东社区"),
        ("340405100202", 12, "淮滨村"),
        ("340405", 9, "八公山区"),
        ("110105", 6, "110105"),
    ],
)
def test_a_place_in_words(area: str, since: int, said: str) -> None:
    assert words.place_name(NAMES, area, since) == said


def test_a_clock_of_one_unit_is_called_like_its_kind() -> None:
    with translation.override("zh-hans"):
        assert words.clock_name("assist:urban") == words.clock_name("assist") == "协办反馈"
        assert words.clock_ground("city default") == "城市默认"
        assert words.clock_ground("条例第七条") == "条例第七条"
