"""docs/follow-a-case.md is true: the same case, played on the sample city, takes the steps that the page lists."""

import re

from tests.house.docs import ROOT
from tests.stories.vocabulary import Story, story
from yizhi import sql

__all__ = ["story"]

GRID = "340405001001003"
WORKER, CLERK, LIAISON = f"grid-{GRID}", "desk-340405001001", "liaison-urban-management"
_ROW = re.compile(r"^\| (\d\d:\d\d) \| `(\w+)` \| ([^|]+) \| `(\w+)` \| ([^|]+) \|$", re.MULTILINE)
_UNITS = {CLERK: "community desk", "dept-urban-management": "urban management", WORKER: "grid"}
_DOORS = {"scan": "resident", "clock": "clock"}


def _played(story: Story) -> None:
    story.report("矿二小门口的路灯坏了三盏", GRID, place="矿二小门口")
    story.pass_(minutes=40)
    story.move(CLERK, "accept", category="0502")
    story.move(CLERK, "dispatch", unit="dept-urban-management")
    story.pass_(hours=1)
    story.move(LIAISON, "sign")
    story.pass_(hours=3)
    story.move(WORKER, "arrive")
    story.move(LIAISON, "progress", note="正在换灯头")
    story.move(LIAISON, "finish", result="solved", note="三盏全亮")
    story.pass_(hours=1)
    story.move(CLERK, "verify")
    story.move("resident", "follow_up", answer="yes")


def test_the_steps_are_those_of_the_page(story: Story) -> None:
    _played(story)
    told = _ROW.findall((ROOT / "docs" / "follow-a-case.md").read_text(encoding="utf-8"))
    steps = sql.rows(
        "SELECT to_char(recorded AT TIME ZONE 'Asia/Shanghai', 'HH24:MI'), move, unit, door, sets->>'stage',"
        " sets->>'holder' FROM cases_event ORDER BY seq"
    )
    stage = holder = ""
    for (time, move, by, stage_told, hand), step in zip(told, steps, strict=True):
        stage, holder = step[4] or stage, step[5] or holder
        who = _UNITS.get(step[2]) or _DOORS[step[3]]
        assert (time, move, by.partition(",")[0], stage_told, hand) == (step[0], step[1], who, stage, _UNITS[holder])


def test_the_figures_are_those_of_the_page(story: Story) -> None:
    story.report("矿二小门口的路灯坏了三盏", GRID)
    assert [clock.key for clock in story.case.clocks] == ["accept", "whole", "arrive", "reply"]
    assert _span(story, "arrive") == (1, "hours")
    story.move(CLERK, "accept", category="0502")
    assert _span(story, "arrive") == (4, "hours")
    story.move(CLERK, "dispatch", unit="dept-urban-management")
    story.move(LIAISON, "sign")
    assert _span(story, "handle") == (3, "workdays")


def _span(story: Story, key: str) -> tuple[int, str]:
    clock = story.case.clock(key)
    assert clock is not None
    return clock.amount, clock.unit
