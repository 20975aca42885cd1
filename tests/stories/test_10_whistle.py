"""Dalian Dengfeng: the grid stands guard, the community whistles, the street commands, the departments report in:
the grid's team on the spot within one hour, the street's answer within twenty-four."""

from tests.stories.vocabulary import Story

GRID = "340405001001003"
WORKER, CLERK, STREET = f"grid-{GRID}", "desk-340405001001", "desk-340405001"


def test_two_clocks_two_owners(story: Story) -> None:
    story.report("消防通道被杂物堵住", GRID, category="0103")
    arrive, reply = story.case.clock("arrive"), story.case.clock("reply")
    assert arrive is not None
    assert reply is not None
    assert (arrive.owner, reply.owner) == (f"grid-{GRID}", STREET)
    story.pass_(minutes=50)
    story.move(WORKER, "arrive", note="通道确被堵住，长约八米")
    story.pass_(hours=20)
    story.move(STREET, "reply", note="已安排清理，消防同步到场")
    assert story.case.clock("arrive") is None
    assert story.case.clock("reply") is None


def test_the_community_whistles_and_sees_who_came(story: Story) -> None:
    story.report("消防通道被杂物堵住", GRID, category="0103")
    story.move(WORKER, "escalate", note="多次劝说无效")
    story.move(CLERK, "whistle", units=["dept-fire", "station-xinzhuangzi"], note="3号楼消防通道")
    assert story.seen_by("liaison-fire", involved=True) == [story.receipt.number]
    story.pass_(hours=1)
    story.move("officer-340405001001", "report_in", note="已到")
    story.pass_(hours=3)
    whistle = story.case.whistle
    assert whistle is not None
    assert (whistle.units, whistle.arrived) == (("dept-fire", "station-xinzhuangzi"), ("station-xinzhuangzi",))
    late = story.case.clock("arrive_by:dept-fire")
    assert late is not None
    assert late.breaches == 1, "who did not come is on record"
    story.move(CLERK, "conclude_whistle", note="当场清空")
    assert story.case.whistle is None


def test_a_late_team_and_a_late_street_are_each_named(story: Story) -> None:
    story.report("消防通道被杂物堵住", GRID, category="0103")
    story.pass_(hours=25)
    assert story.moves().count("breach") >= 2
