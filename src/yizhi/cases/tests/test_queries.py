"""Asking: who sees what, in lists, in counts, in search and one by one."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhi.cases.actions import Contact, look
from yizhi.cases.queries import Filter, case, counts, inbox, tracked
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import BadFact, NotFound
from yizhi.people.testing import COMMUNITY_DESK, GRID, OTHER_GRID, STREET, STREET_DESK, URBAN


def numbers(town: Town, who: Actor, **wanted: Any) -> list[str]:
    return [row.number for row in inbox(who, Filter(**wanted), at=town.at).rows]


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
    assert numbers(town, town.cast.chen, text="13800000000") == [number], "who answers the telephone finds the caller's"
    assert numbers(town, town.cast.wei, text="13800000000") == [], "who may not see contacts finds nobody by them"


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


def test_hands_follow_the_case(town: Town) -> None:
    number = town.report().number

    def hands() -> list[tuple[str, str]]:
        return rows("SELECT unit, stage FROM cases_hand ORDER BY unit")

    assert hands() == [(unit, "reported") for unit in sorted(town.case().hands)]
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "sign")
    assert hands() == [(unit, "handling") for unit in sorted(town.case().hands)]
    assert {unit for unit, _ in hands()} >= {URBAN, COMMUNITY_DESK}
    town.move(town.cast.chen, "recall", note="另派")
    assert URBAN not in {unit for unit, _ in hands()}, "who has no hand in it any more no longer sees it"
    assert numbers(town, town.cast.ding, involved=True) == []
    assert numbers(town, town.cast.chen, involved=True, stage="accepted") == [number]
    assert not rows("SELECT 1 FROM cases_hand AS h JOIN cases_case AS c ON c.id = h.case_id WHERE h.due <> c.due")


def test_whoever_serves_twice_sees_each_case_once(town: Town) -> None:
    first, second = town.report().number, town.report(area=OTHER_GRID).number
    both = replace(town.cast.chen, posts=(*town.cast.chen.posts, *town.cast.he.posts, *town.cast.qiu.posts))
    assert numbers(town, both) == [first, second]
    assert numbers(town, both, stage="reported") == [second, first]
    assert sorted(numbers(town, both, involved=True)) == [first, second]
    assert counts(both, Filter(involved=True), at=town.at)["reported"] == 2
    assert counts(both, Filter(), at=town.at)["reported"] == 2


def test_an_area_between_two_widths_is_compared_in_full(town: Town) -> None:
    number = town.report().number
    assert numbers(town, town.cast.he, scope=GRID[:13]) == [number]
    assert numbers(town, town.cast.he, scope=OTHER_GRID[:13]) == []
    assert numbers(town, town.cast.he, scope=GRID[:2]) == [number]


def test_counts_are_those_of_the_lists_behind_them(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    town.report()
    town.report(area=OTHER_GRID)
    assert counts(town.cast.chen, Filter(), at=town.at) == {"reported": 1, "accepted": 1, "overdue": 0}
    assert counts(town.cast.he, Filter(), at=town.at) == {"reported": 2, "accepted": 1, "overdue": 0}
    assert counts(town.cast.he, Filter(scope=STREET), at=town.at)["reported"] == 1
    assert counts(town.cast.lin, Filter(), at=town.at) == {"overdue": 0}
    town.pass_(days=3)
    assert counts(town.cast.he, Filter(), at=town.at)["overdue"] == 3


def test_nobody_counts_beyond_what_is_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        town.report()
    monkeypatch.setattr("yizhi.cases.queries.lists.MOST_COUNTED", 2)
    assert counts(town.cast.chen, Filter(), at=town.at)["reported"] == 2
