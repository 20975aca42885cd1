"""What a desk narrows its list to, and how many lie behind each filter."""

from datetime import timedelta
from typing import Any

import pytest

from yizhi.cases.queries import Filter, counts, inbox
from yizhi.cases.testing import Town
from yizhi.core.actor import Actor
from yizhi.people.testing import COMMUNITY_DESK, HOUSING, STREET_DESK, URBAN


def numbers(town: Town, who: Actor, **wanted: Any) -> list[str]:
    return [row.number for row in inbox(who, Filter(**wanted), at=town.at).rows]


def handed_on(town: Town, unit: str = URBAN, **more: Any) -> str:
    """A case that lies with a unit which has signed for it."""
    number = town.report(**more).number
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=unit)
    town.move(town.cast.ding, "sign")
    return number


# ----- what falls, what is new, what has ended


def test_what_falls_by_a_moment_and_is_not_late_yet(town: Town) -> None:
    late = town.report().number
    town.pass_(hours=2)
    soon = town.report().number
    due = town.receipt.due
    assert due is not None
    assert numbers(town, town.cast.chen, overdue=True) == [late]
    assert numbers(town, town.cast.chen, until=due + timedelta(minutes=1)) == [soon]
    assert numbers(town, town.cast.chen, until=due) == [], "the moment itself lies outside"
    marks = {"soon": due + timedelta(minutes=1), "today": due}
    found = counts(town.cast.chen, Filter(), at=town.at, until=marks)
    assert {name: found.get(name) for name in ("overdue", "soon", "today")} == {"overdue": 1, "soon": 1, "today": None}


def test_new_is_what_nobody_has_taken_up(town: Town) -> None:
    handed_on(town)
    town.pass_(minutes=1)
    unsigned = town.report().number
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.pass_(minutes=1)
    reported = town.report().number
    assert numbers(town, town.cast.chen, stage="fresh") == [reported, unsigned], "the newest first, across stages"
    assert numbers(town, town.cast.ding, stage="fresh", mine=True) == [unsigned]
    assert numbers(town, town.cast.ding, stage="fresh", involved=True) == [unsigned]


def test_pages_of_several_stages_follow_one_another(town: Town) -> None:
    made = []
    for number in range(5):
        made.append(town.report(f"第{number}件").number)
        if number % 2:
            town.move(town.cast.chen, "accept", category="0401")
        town.pass_(minutes=1)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = inbox(town.cast.chen, Filter(stage="any", limit=2, after=cursor), at=town.at)
        seen += [row.number for row in page.rows]
        cursor = page.next
    assert seen == made[::-1]


def test_what_has_ended_and_everything(town: Town) -> None:
    open_one = town.report().number
    ended = town.report().number
    town.move(town.cast.chen, "decline", ground="not_ours", note="请向物业反映")
    assert numbers(town, town.cast.chen, stage="over") == [ended]
    assert set(numbers(town, town.cast.chen, stage="any")) == {open_one, ended}
    assert numbers(town, town.cast.chen) == [open_one]


def test_a_number_finds_its_case_even_when_it_has_ended(town: Town) -> None:
    number = town.report().number
    town.move(town.cast.chen, "decline", ground="not_ours", note="请向物业反映")
    assert numbers(town, town.cast.chen, text=number.lower()) == [number]
    assert numbers(town, town.cast.qiu, text=number) == []


# ----- supervised, source, dates


def test_what_is_supervised(town: Town) -> None:
    town.report()
    yellow = handed_on(town)
    town.move(town.cast.he, "supervise", level="yellow")
    red = handed_on(town)
    town.move(town.cast.he, "supervise", level="red")
    assert set(numbers(town, town.cast.chen, supervision="any")) == {yellow, red}
    assert numbers(town, town.cast.chen, supervision="red") == [red]
    assert numbers(town, town.cast.ding, supervision="yellow", involved=True) == [yellow]
    assert counts(town.cast.chen, Filter(), at=town.at)["supervised"] == 2


def test_source_and_days(town: Town) -> None:
    first = town.report(source="scan").number
    start = town.pass_(days=1)
    second = town.report(source="desk").number
    assert numbers(town, town.cast.chen, source="scan") == [first]
    assert numbers(town, town.cast.chen, since=start) == [second]
    assert numbers(town, town.cast.chen, before=start) == [first]
    assert numbers(town, town.cast.chen, stage="any", since=start, source="desk") == [second]


# ----- whose word is waited for


def waits(town: Town, who: Actor, number: str) -> bool:
    found = numbers(town, who, waiting=True)
    assert counts(who, Filter(), at=town.at).get("waiting", 0) == len(found)
    return number in found


def test_an_assistant_is_waited_for_until_feeding_back(town: Town) -> None:
    number = handed_on(town)
    assert not waits(town, town.cast.fang, number)
    town.move(town.cast.ding, "add_assist", units=[HOUSING])
    assert waits(town, town.cast.fang, number)
    assert not waits(town, town.cast.ding, number), "whoever leads waits, and is not waited for"
    town.move(town.cast.fang, "assist_done", note="已配合")
    assert not waits(town, town.cast.fang, number)


def test_an_objection_waits_for_the_desk_that_rules(town: Town) -> None:
    number = handed_on(town)
    town.move(town.cast.ding, "object", ground="not_our_duty", note="不归我们")
    objection = town.case().objection
    assert objection
    assert objection.desk == STREET_DESK
    assert waits(town, town.cast.gao, number)
    town.move(town.cast.gao, "rule", upheld=False, note="职责清单已写明")
    assert not waits(town, town.cast.gao, number)


def test_an_extension_waits_for_the_desk(town: Town) -> None:
    number = handed_on(town)
    town.move(town.cast.ding, "extend", workdays=2, note="等配件")
    assert waits(town, town.cast.chen, number)
    town.move(town.cast.chen, "grant_extension", granted=True)
    assert not waits(town, town.cast.chen, number)


def test_who_is_whistled_for_and_who_is_consulted(town: Town) -> None:
    number = handed_on(town)
    town.move(town.cast.chen, "whistle", units=[HOUSING, URBAN], note="现场看一下")
    town.move(town.cast.ding, "report_in")
    assert waits(town, town.cast.fang, number)
    assert not waits(town, town.cast.ding, number)
    town.move(town.cast.fang, "report_in")
    assert not waits(town, town.cast.fang, number)


def test_a_second_person_is_waited_for(town: Town) -> None:
    number = town.report().number
    town.move(town.cast.chen, "terminate", note="重复登记")
    proposal = town.case().proposal
    assert proposal
    assert proposal.unit == COMMUNITY_DESK
    assert waits(town, town.cast.chen, number)
    assert not waits(town, town.cast.ding, number)


@pytest.mark.parametrize("answered", [False, True])
def test_a_leader_waits_for_an_answer(town: Town, answered: bool) -> None:
    number = handed_on(town)
    town.move(town.cast.he, "instruct", note="请抓紧")
    if answered:
        town.move(town.cast.ding, "progress", note="今天下午处理")
    clock = town.case().clock("instruct")
    assert bool(clock) is not answered
    assert waits(town, town.cast.ding, number) is not answered


def test_what_is_about_us_waits_for_nobody_here(town: Town) -> None:
    number = handed_on(town)
    town.move(town.cast.ding, "extend", workdays=2, note="等配件")
    assert waits(town, town.cast.chen, number)
    about = Filter(waiting=True)
    with_conflict = town.report("投诉社区", about=(COMMUNITY_DESK,)).number
    assert with_conflict not in [row.number for row in inbox(town.cast.chen, about, at=town.at).rows]


def test_a_row_says_how_often_it_came_back(town: Town) -> None:
    town.report(source="desk")
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "send_back", ground="wrong_place", note="不在这里")
    (row,) = inbox(town.cast.chen, Filter(), at=town.at).rows
    assert (row.source, row.reopened, row.returned, row.reworked) == ("desk", 0, 1, 0)
