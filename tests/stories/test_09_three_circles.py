"""Dalian Shahekou's two patrols a day and three circles: small matters stay in the grid, large ones in the community,
hard ones in the street; what none of them can solve goes up to the district."""

from datetime import timedelta

import pytest

from tests.stories.vocabulary import SAMPLE, Story
from yizhi.core.admin import MACHINE
from yizhi.insight import actions as insight
from yizhi.insight.queries import Wanted, numbers
from yizhi.insight.rules import CIRCLES, period
from yizhi.patrols import actions as patrols
from yizhi.patrols import queries, sample
from yizhi.patrols.actions import Finding, Found
from yizhi.patrols.queries import Due

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


def daily(story: Story) -> Due:
    """How the grid's daily rounds stand on the worker's phone."""
    return next(due for due in queries.today(story.seat(WORKER), story.at).due if due.plan.code == "daily")


def finds(story: Story, round_: int, name: str, finding: Finding) -> Found:
    """The worker finds something at a place of the round, and the story goes on with this matter."""
    worker = story.seat(WORKER)
    place = next(stop.point.id for stop in queries.walk(worker, round_).stops if name in stop.point.name)
    found = patrols.find(round_, place, finding, by=worker, at=story.at, key=f"{round_}-{place}")
    story.receipt = found.receipt
    return found


def test_two_patrols_a_day_and_each_finding_goes_its_way(story: Story) -> None:
    sample.fill(SAMPLE / "sample_points.csv", by=MACHINE, at=story.at)
    first = daily(story).next
    assert first is not None
    assert len(daily(story).rounds) == 2
    patrols.in_order(first.id, by=story.seat(WORKER), at=story.at)
    assert daily(story).made == 1

    story.at += timedelta(hours=6)
    second = daily(story).next
    assert second is not None
    finding = Finding("车棚里拉线充电", "0102", "solved", "已拔掉，请车主改到充电口")
    assert finds(story, second.id, "车棚", finding).solved
    assert (story.case.stage, story.case.lead) == ("closed", f"grid-{GRID}")

    found = finds(story, second.id, "3号楼", Finding("消防通道立柱倒了，堵住一半", "0103"))
    assert found.holder == CLERK, "at once with the platform that assigns"
    story.move(CLERK, "dispatch", unit="dept-fire")
    assert story.case.lead == "dept-fire", "pushed point to point, past street and district"
    story.move("liaison-fire", "sign")
    story.move("liaison-fire", "finish", result="solved", note="立柱已修复，通道恢复畅通")
    story.move(CLERK, "verify")

    finds(story, second.id, "小学门口", Finding("校门口路面塌了一块，不知归谁管", "0501"))
    story.move(CLERK, "accept", category="0501")
    story.move(CLERK, "escalate", note="权属不明，请街道会商")
    units = ["dept-urban-management", "dept-traffic-police"]
    story.move(STREET, "consult", ground="ownership_unclear", units=units, note="校门口这段路归谁管")
    story.move("liaison-urban-management", "opine", note="已移交市政，由我局修")
    story.move("liaison-traffic-police", "opine", note="不属于交通设施")
    story.move(STREET, "conclude_consult", unit="dept-urban-management", note="由城管局修复")
    assert story.case.lead == "dept-urban-management"

    patrols.in_order(second.id, by=story.seat(WORKER), at=story.at)
    assert (daily(story).made, daily(story).next) == (2, None)
    stands = queries.stands(story.seat(CLERK).posts[0].scope, "", 15, second.day, second.day)
    assert [(one.findings, one.made) for one in stands if one.area == GRID] == [(3, 2)]


def test_a_round_waits_for_a_worker_who_is_ill_and_counts_against_nobody(story: Story) -> None:
    sample.fill(SAMPLE / "sample_points.csv", by=MACHINE, at=story.at)
    missed = daily(story).next
    assert missed is not None
    story.at += timedelta(days=1)
    patrols.end(story.at)
    patrols.make(story.at)
    assert daily(story).made == 0
    patrols.explain(missed.id, "absent", by=story.seat(CLERK), at=story.at)
    ground = story.seat(CLERK).posts[0].scope
    assert ("absent", 1) in queries.reasons(ground, "", missed.day, missed.day)
