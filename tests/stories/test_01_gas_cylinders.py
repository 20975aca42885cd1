"""Bagongshan: a grid worker finds a dozen gas cylinders under a block of flats by a hotpot restaurant and reports
through the police-grid module; the community officer comes at once, orders it put right, explains the law."""

from datetime import timedelta

import pytest

from tests.stories.vocabulary import Story
from yizhi.core.errors import NotFound

GRID = "340405001001003"
WORKER = f"grid-{GRID}"
CLERK = "desk-340405001001"
OFFICER = "officer-340405001001"
OTHER_STREET = "desk-340405002"


def found_under_the_block(story: Story) -> Story:
    story.report(
        "火锅店旁居民楼楼道口堆放十多个液化气瓶，离住户门口不到三米",
        GRID,
        by=WORKER,
        source="field",
        category="0101",
        place="矿二路火锅店旁3号楼1单元",
        answerable=True,
    )
    return story


def test_it_goes_straight_to_the_station_and_comes_round_to_who_found_it(story: Story) -> None:
    found_under_the_block(story)
    assert story.receipt.stage == "dispatched"
    assert story.case.kind == "police"
    assert story.case.holder == "station-xinzhuangzi"
    assert story.seen_by(OFFICER, mine=True) == [story.receipt.number]

    story.pass_(minutes=6)
    story.move(OFFICER, "sign")
    story.pass_(minutes=12)
    story.move(OFFICER, "arrive", note="已到现场，清点液化气瓶13个")
    assert story.case.clock("arrive") is None, "within the hour: no breach"
    story.move(OFFICER, "progress", step="ordered_right", note="责令当场清走，登记照片")
    story.move(OFFICER, "progress", step="explained_law", note="向店主讲解燃气管理规定和消防要求")
    story.pass_(hours=3)
    story.move(OFFICER, "finish", result="solved", note="气瓶已全部移至合规存放点，楼道清空")
    assert (story.case.stage, story.case.holder) == ("handled", CLERK)

    story.move(CLERK, "verify", note="现场复看，楼道已清空")
    story.move("resident", "follow_up", answer="yes")
    assert story.case.stage == "closed"
    assert story.case.satisfied is True
    assert "breach" not in story.moves()


def test_the_other_street_knows_nothing_of_it(story: Story) -> None:
    found_under_the_block(story)
    assert story.seen_by(OTHER_STREET) == []
    with pytest.raises(NotFound):
        story.open_to(OTHER_STREET)


def test_a_station_that_does_not_sign_loses_it_to_the_desk(story: Story) -> None:
    found_under_the_block(story)
    story.pass_(hours=2)
    assert story.moves().count("breach") >= 2
    assert (story.case.stage, story.case.holder) == ("accepted", CLERK)


def test_the_answer_clock_belongs_to_the_street(story: Story) -> None:
    found_under_the_block(story)
    clock = story.case.clock("reply")
    assert clock is not None
    assert clock.owner == "desk-340405001"
    assert clock.due - clock.started == timedelta(hours=24)
