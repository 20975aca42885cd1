"""Asking: who sees what, in lists, in counts, in search and one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhi.cases.actions import Contact, look
from yizhi.cases.queries import Filter, case, counts, inbox, tracked
from yizhi.cases.testing import Town
from yizhi.core.actor import Actor
from yizhi.core.errors import BadFact, NotFound
from yizhi.people.testing import COMMUNITY_DESK, GRID, OTHER_GRID, STREET, STREET_DESK, URBAN


def numbers(town: Town, who: Actor, **wanted: object) -> list[str]:
    return [row.number for row in inbox(who, Filter(**wanted), at=town.at).rows]  # type: ignore[arg-type]


def test_each_sees_the_areas_they_look_after(town: Town) -> None:
    here = town.report().number
    there = town.report(area=OTHER_GRID).number
    cast = town.cast
    assert numbers(town, cast.chen) == [here]
    assert numbers(town, cast.wei) == [here]
    assert numbers(town, cast.qiu) == [there]
    assert numbers(town, cast.he) == [here, there]
    assert numbers(town, cast.he, scope=STREET) == [here]
    assert numbers(town, cast.chen, scope=OTHER_GRID) == []
    assert numbers(town, cast.lin) == []


def test_a_list_says_what_it_needs(town: Town) -> None:
    town.report("楼下堆了垃圾，没人管", category="0401")
    (row,) = inbox(town.cast.chen, Filter(), at=town.at).rows
    assert (row.gist, row.stage, row.category, row.version, row.due) == (
        "楼下堆了垃圾，没人管",
        "reported",
        "0401",
        1,
        town.receipt.due,
    )


def test_a_matter_about_a_unit_is_hidden_from_it_and_its_people(town: Town) -> None:
    number = town.report("社区不作为", about=(COMMUNITY_DESK,)).number
    for hidden in (town.cast.chen, town.cast.wei):
        assert numbers(town, hidden) == []
        assert numbers(town, hidden, text="社区") == []
        assert counts(hidden, Filter(), at=town.at)["overdue"] == 0
        assert "reported" not in counts(hidden, Filter(), at=town.at)
        with pytest.raises(NotFound):
            case(hidden, number)
    assert numbers(town, town.cast.gao) == [number]
    assert case(town.cast.gao, number).state.holder == STREET_DESK


def test_a_department_sees_what_it_has_a_hand_in(town: Town) -> None:
    number = town.report().number
    assert numbers(town, town.cast.ding, involved=True) == []
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    assert numbers(town, town.cast.ding, mine=True) == [number]
    assert numbers(town, town.cast.chen, mine=True) == []
    assert numbers(town, town.cast.chen, involved=True) == [number]


def test_pages_follow_one_another_without_gap_or_repeat(town: Town) -> None:
    made = []
    for minute in range(7):
        made.append(town.report(f"第{minute}件").number)
        town.pass_(minutes=1)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = inbox(town.cast.chen, Filter(limit=3, after=cursor), at=town.at)
        seen += [row.number for row in page.rows]
        cursor = page.next
    assert seen == made, "what falls due next comes first"
    assert numbers(town, town.cast.chen, stage="reported") == made[::-1], "with a stage the newest comes first"
    with pytest.raises(BadFact):
        inbox(town.cast.chen, Filter(after="nonsense"), at=town.at)


def test_search_finds_words_numbers_and_phones(town: Town) -> None:
    number = town.report("三号楼电梯坏了", contact=Contact(phone="13800000000")).number
    assert numbers(town, town.cast.chen, text="电梯") == [number]
    assert numbers(town, town.cast.chen, text="梯") == [number]
    assert numbers(town, town.cast.chen, text="水管") == []
    assert numbers(town, town.cast.chen, text=number.lower()) == [number]
    assert numbers(town, town.cast.he, text="13800000000") == [number]
    assert numbers(town, town.cast.chen, text="13800000000") == [], "who may not see contacts finds nobody by them"


def test_one_case_tells_its_story(town: Town) -> None:
    number = town.report("垃圾", contact=Contact("王秀英", "13800000000")).number
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN, note="请尽快")
    whole = case(town.cast.chen, number)
    assert [step.move for step in whole.steps] == ["report", "accept", "dispatch"]
    assert (whole.text, whole.steps[2].note) == ("垃圾", "请尽快")
    assert whole.contact == {"name": "王**", "phone": "138****0000"}
    assert [move.name for move, _ in whole.moves][:1] == ["recall"]


def test_hidden_and_absent_run_the_same_statements(town: Town) -> None:
    number = town.report().number
    ran = []
    for wanted in ("first", number, "X" * len(number)):
        with CaptureQueriesContext(connection) as queries, pytest.raises(NotFound):
            case(town.cast.qiu, wanted)
        ran.append([str(query["sql"]).replace(wanted, "?") for query in queries.captured_queries])
    assert len(ran[0]) == 1
    assert ran[1] == ran[2], "once the server keeps the plan it is called by name, so the first of three differs"


def test_the_code_opens_the_reporters_page(town: Town) -> None:
    receipt = town.report(area=GRID)
    whole = tracked(receipt.code.lower()[:4] + " " + receipt.code[4:])
    assert whole.number == receipt.number
    assert {move.name for move, _ in whole.moves} >= {"urge", "withdraw", "add"}
    with pytest.raises(NotFound):
        tracked("23456789ABCDE")


def test_the_reporter_sees_who_looked(town: Town) -> None:
    town.report(contact=Contact("王秀英", "13800000000"), about=(STREET_DESK,))
    look(town.receipt.number, "phone", purpose="回电核实", by=town.cast.he, at=town.at)
    (seen,) = tracked(town.receipt.code).looks
    assert (seen.unit, seen.purpose) == ("desk-999901", "回电核实")


def test_a_long_sealed_text_is_opened(town: Town) -> None:
    town.report(contact=Contact("很长很长的名字" * 8, "13800000000"))
    assert case(town.cast.chen, town.receipt.number).contact["name"] == "很**"
