"""Dalian Shahekou's three circles: small matters stay in the grid, large ones in the community, hard ones in the
street; what none of them can solve goes up to the district."""

import pytest

from tests.stories.vocabulary import Story
from yizhi.insight import actions as insight
from yizhi.insight.queries import Wanted, numbers
from yizhi.insight.rules import CIRCLES, period

GRID = "340405001001003"
WORKER, CLERK, STREET, DISTRICT = f"grid-{GRID}", "desk-340405001001", "desk-340405001", "district-1"


def test_a_small_matter_is_done_in_the_grid_and_the_reporter_says_so(story: Story) -> None:
    story.report("楼下垃圾没人收", GRID, category="0401")
    assert story.case.holder == f"grid-{GRID}"
    story.move(WORKER, "solve", result="solved", note="已联系保洁清运")
    story.move("resident", "follow_up", answer="yes")
    assert (story.case.stage, story.case.satisfied, story.case.lead) == ("closed", True, f"grid-{GRID}")


def test_a_hard_matter_goes_up_circle_by_circle(story: Story) -> None:
    story.report("整栋楼飞线充电，劝了多次没有用", GRID, category="0102")
    story.move(WORKER, "escalate", note="网格处理不了")
    assert story.case.holder == CLERK
    story.move(CLERK, "escalate", note="物业没有场地建车棚")
    assert story.case.holder == STREET
    story.move(STREET, "escalate", note="需要区里协调规划和消防")
    assert story.case.holder == "desk-340405"
    assert "escalate" not in story.open_to(DISTRICT)
    story.move(DISTRICT, "dispatch", unit="dept-fire")
    assert story.case.lead == "dept-fire"


def test_a_matter_that_nobody_touches_ends_with_the_district_and_its_clock_goes_on(story: Story) -> None:
    story.report("路灯不亮", GRID, category="0502")
    story.pass_(days=40)
    assert story.case.holder == "desk-340405"
    assert story.case.fires is not None


def circles(story: Story, area: str) -> dict[str, int]:
    """What the leader of an area sees: by whom it was solved this month."""
    insight.follow(story.at)
    wanted = Wanted(area, period("month", story.at.date()))
    found = numbers(story.seat("leader-340405"), wanted, at=story.at)
    return {what: found[what] for what in CIRCLES if found[what]}


@pytest.mark.parametrize("area", ["340405", "340405001", "340405001001", GRID])
def test_the_leader_sees_which_circle_solved_it(story: Story, area: str) -> None:
    story.report("楼下垃圾没人收", GRID, category="0401")
    story.move(WORKER, "solve", result="solved", note="已联系保洁清运")
    assert circles(story, area) == {}, "not before the reporter was asked"
    story.move("resident", "follow_up", answer="yes")
    assert circles(story, area) == {"circle:grid": 1}

    story.report("楼道堆满杂物", GRID, category="0102")
    story.move(WORKER, "escalate", note="劝不动")
    story.move(CLERK, "take", note="社区来办")
    story.move(CLERK, "finish", result="solved", note="已清走")
    story.move("resident", "follow_up", answer="yes")
    assert circles(story, area) == {"circle:grid": 1, "circle:community": 1}
