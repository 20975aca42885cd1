"""Times as people say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from yizhi.doors import times

NOW = datetime(2026, 3, 4, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - timedelta(hours=1), "今天 13:30"),
        (NOW - timedelta(hours=15), "昨天 23:30"),
        (NOW + timedelta(hours=10), "明天 00:30"),
        (NOW + timedelta(days=3), "3月7日 14:30"),
        (NOW - timedelta(days=100), "2025年11月24日 14:30"),
        (NOW.astimezone(ZoneInfo("UTC")), "今天 14:30"),
    ],
)
def test_the_nearer_the_day_the_shorter(moment: datetime, said: str) -> None:
    with translation.override("zh-hans"):
        assert times.when(moment, NOW) == said


@pytest.mark.parametrize(
    ("away", "said", "level"),
    [
        (timedelta(seconds=20), "剩 1 分钟", "near"),
        (timedelta(minutes=59), "剩 59 分钟", "near"),
        (timedelta(hours=4), "剩 4 小时", "near"),
        (timedelta(hours=4, minutes=1), "剩 4 小时", "ok"),
        (timedelta(hours=23), "剩 23 小时", "ok"),
        (timedelta(hours=47), "剩 1 天", "ok"),
        (timedelta(days=3, hours=5), "剩 3 天", "ok"),
        (-timedelta(minutes=5), "已超 5 分钟", "late"),
        (-timedelta(days=1, hours=2), "已超 1 天", "late"),
    ],
)
def test_a_promise_is_told_by_what_is_left(away: timedelta, said: str, level: times.Level) -> None:
    with translation.override("zh-hans"):
        assert times.left(NOW + away, NOW) == times.Left(said, level)


def test_in_english_too() -> None:
    with translation.override("en"):
        assert times.left(NOW + timedelta(hours=1), NOW).text == "1 hour left"
        assert times.left(NOW - timedelta(days=2), NOW).text == "2 days late"
        assert times.when(NOW + timedelta(days=3), NOW) == "03-07 14:30"


def test_a_day_without_a_time() -> None:
    with translation.override("zh-hans"):
        assert times.day(NOW.date()) == "2026年3月4日"
    with translation.override("en"):
        assert times.day(NOW.date()) == "2026-03-04"
