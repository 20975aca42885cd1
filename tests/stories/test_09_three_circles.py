"""Dalian Shahekou's three circles: small matters stay in the grid, large ones in the community, hard ones in the
street; what none of them can solve goes up to the district."""

from tests.stories.vocabulary import Story

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
