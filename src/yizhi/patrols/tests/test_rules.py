"""Which rounds a day asks for."""

from dataclasses import replace
from datetime import date, time

import pytest

from yizhi.core.calendar import Calendar
from yizhi.core.errors import BadProfile
from yizhi.core.profile import load, profiles_folder
from yizhi.core.profile.patrols import Patrols, RoundPlan
from yizhi.patrols.rules import begun_on

CALENDAR = Calendar(
    holidays=frozenset({date(2026, 10, 1)}),
    makeup=frozenset(),
    opens=time(8),
    closes=time(18),
    known_until=date(2026, 12, 31),
)
PLAN = RoundPlan("one", {"zh": "巡查"}, ("lift",), "")


def days(plan: RoundPlan, day: date) -> list[tuple[date, date]]:
    return [(first, last) for _, first, last in begun_on(Patrols(rounds={"one": plan}), day, CALENDAR)]


def test_every_day_every_working_day_every_week() -> None:
    thursday = date(2026, 10, 1)
    assert days(PLAN, thursday) == [(thursday, thursday)]
    assert days(replace(PLAN, every="workday"), thursday) == []
    assert days(replace(PLAN, every="week"), thursday) == [(date(2026, 9, 28), date(2026, 10, 4))]


@pytest.mark.parametrize(
    ("first", "last", "inside", "outside"),
    [
        ((5, 1), (9, 30), date(2026, 5, 1), date(2026, 10, 1)),
        ((12, 1), (2, 28), date(2026, 1, 15), date(2026, 3, 1)),
    ],
)
def test_a_season(first: tuple[int, int], last: tuple[int, int], inside: date, outside: date) -> None:
    plan = replace(PLAN, first=first, last=last)
    assert days(plan, inside)
    assert not days(plan, outside)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('category = "0102"|category = "9999"', "9999"),
        ('kinds = ["flood", "well_slope"]|kinds = ["flod"]', "flod"),
        ('first = "05-01"|first = "05-41"', "05-41"),
        ('first = "05-01"|', "season"),
        ("times = 2|times = 20", "times"),
        ('unit = "grid"|unit = "gird"', "gird"),
        ('code = "hydrant"|code = "lift"', "lift"),
        ("long_days = 14|long_days = 0", "long_days"),
    ],
)
def test_every_fault_is_named_with_its_file(tmp_path_factory: pytest.TempPathFactory, change: str, named: str) -> None:
    folder = tmp_path_factory.mktemp("city")
    for file in (profiles_folder() / "bagongshan").iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    path, (old, new) = folder / "patrols.toml", change.split("|")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadProfile) as bad:
        load(folder)
    assert any("patrols.toml" in fault and named in fault for fault in bad.value.faults)
