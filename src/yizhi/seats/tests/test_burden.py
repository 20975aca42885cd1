"""What forms cost: a street's sum for everybody in it, too little is not shown, and nobody else's street is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from yizhi.cases import city
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.profile import Burden
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.insight import effort
from yizhi.insight.effort import Line, Sum
from yizhi.people.testing import GRID

STREET = GRID[:9]


def measured(town: Town, form: str = "move:accept", *, forms: int = 6, seconds: int = 240, seat: str = "desk") -> None:
    rows(
        "INSERT INTO doors_effort VALUES (%s, %s, %s, %s, %s, %s, %s, 12)",
        localdate(town.at), STREET, seat, form, forms, forms, seconds,
    )  # fmt: skip


def test_minutes_of_a_street(now: Town) -> None:
    measured(now)
    measured(now, "new", forms=2, seat="field")
    shown = signed_in(now.cast.ids["gao"], now.at).get("/figures/burden").content.decode()
    assert "受理" in shown
    assert "约4分钟" in shown, "six forms of forty seconds"
    assert "42" in shown, "seven facts each that nobody typed again"
    assert "数量太少" not in shown, "what is too little to be shown is no row of its own"
    assert "手机端" not in shown


def test_everybody_reads_their_streets_sum_on_their_own_page(now: Town) -> None:
    wei = signed_in(now.cast.ids["wei"], now.at)
    assert "填表共约" not in wei.get("/field/me").content.decode()
    measured(now)
    assert "填表共约4分钟" in wei.get("/field/me").content.decode()


@pytest.mark.parametrize(
    ("who", "area", "status"),
    [("gao", STREET, 200), ("gao", "999901", 404), ("he", STREET, 200), ("qiu", STREET, 404), ("gao", GRID, 404)],
)
def test_nobody_looks_into_anothers_street(now: Town, who: str, area: str, status: int) -> None:
    page = signed_in(now.cast.ids[who], now.at).get("/figures/burden", {"area": area})
    assert page.status_code == status


def test_what_is_switched_on_stands_there_until_its_last_day(now: Town) -> None:
    today = localdate(now.at)
    over = Burden("photos", "创建检查", "区办〔2026〕1号", today - timedelta(days=1))
    on = Burden("tracks", "防汛抢险", "区防指〔2026〕3号", today)
    city.install(replace(XINGHE, burdens=(on, over)), list(KINDS.values()))
    shown = signed_in(now.cast.ids["gao"], now.at).get("/figures/burden").content.decode()
    assert "防汛抢险" in shown
    assert "区防指〔2026〕3号" in shown
    assert "创建检查" not in shown


def test_weeks_stand_also_where_nothing_was_sent() -> None:
    day = date(2026, 11, 18)
    week = Line(date(2026, 11, 16), "desk", "new", Sum(5, 5, 300, 10, 20))
    lines = [week, Line(date(2026, 11, 9), "desk", "new", Sum(1))]
    found = effort.weeks(lines, day)
    assert len(found) == effort.WEEKS
    assert found[0] == (date(2026, 11, 16), Sum(5, 5, 300, 10, 20))
    assert not found[1][1].shown
    assert found[2][1] == Sum()


def test_forms_left_lying_are_taken_for_as_long_as_the_others() -> None:
    assert Sum(forms=10, timed=5, seconds=300).minutes == 10
    assert Sum(forms=10).minutes == 0
