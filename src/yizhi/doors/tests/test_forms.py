"""A form made from a move's facts: which input, which choices, what stands in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from yizhi.core.case import Case
from yizhi.core.loop import MOVES
from yizhi.core.testing import CITY, GRID
from yizhi.doors.answers import Answer
from yizhi.doors.forms import Asking, Field, fields_for, read

CASE = Case(kind="matter", area=GRID, category="0101", stage="accepted", holder="community", desk="community")


@pytest.fixture(autouse=True)
def _chinese() -> Any:
    with translation.override("zh-hans"):
        yield


def fields(
    move: str, *, unit: str = "community", case: Case = CASE, typed: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Field]:
    asking = Asking(case, CITY, move, unit, more.pop("people", ()))
    return {field.key: field for field in fields_for(MOVES[move].facts, asking, typed, **more)}


def labels(field: Field) -> dict[str, list[str]]:
    return {group.label: [option.value for option in group.options] for group in field.groups}


def test_every_fact_of_every_move_has_an_input() -> None:
    known = {"text", "select", "radios", "checks", "moment", "number", "line"}
    for move in MOVES:
        assert {field.widget for field in fields(move).values()} <= known


def test_units_come_first_as_the_duty_list_says_then_ones_own_then_by_the_verb() -> None:
    offered = labels(fields("dispatch")["unit"])
    assert list(offered)[:2] == ["按职责清单", "交办"]
    assert offered["按职责清单"] == ["gas"]
    assert offered["交办"] == ["grid"]
    assert set(offered["点对点推送"]) == {"police", "cityworks", "cityworks-north"}


def test_who_leads_by_the_duty_list_is_chosen_already_and_its_line_stands_there() -> None:
    found = fields("dispatch")["unit"]
    assert found.value == "gas"
    line = CITY.profile.duty("0101")
    assert line is not None
    assert line.line in found.hint
    assert fields("dispatch", typed={"unit": "police"})["unit"].value == "police"


def test_without_a_line_of_the_duty_list_the_category_suggests() -> None:
    profile = replace(CITY.profile, duties=())
    asking = Asking(CASE, replace(CITY, profile=profile), "dispatch", "community")
    found = {field.key: field for field in fields_for(MOVES["dispatch"].facts, asking)}["unit"]
    assert list(labels(found))[0] == "按分类建议"
    assert (found.value, found.hint) == ("gas", "")


def test_whom_the_duty_list_lets_not_lead_carries_its_clause_but_may_assist() -> None:
    line = CITY.profile.duty("0101")
    assert line is not None
    found = fields("dispatch")
    against = {option.value: option.against for option in found["unit"].options}
    assert (against["grid"], against["gas"], against["cityworks"]) == (line.clause, "", "")
    assert not any(option.against for option in found["assists"].options)


def test_nobody_is_offered_a_superior_themselves_or_a_far_place() -> None:
    offered = {option.value for option in fields("dispatch")["unit"].options}
    assert not offered & {"community", "street", "centre", "street2", "grid2", "grid3"}


def test_a_unit_that_it_is_about_or_that_is_empty_is_not_offered() -> None:
    about = replace_case(about=("cityworks",))
    assert "cityworks" not in {option.value for option in fields("dispatch", case=about)["unit"].options}
    empty = replace(CITY.town.units["gas"], acts=frozenset())
    town = replace(CITY.town, units={**CITY.town.units, "gas": empty})
    asking = Asking(CASE, replace(CITY, town=town), "dispatch", "community")
    found = fields_for(MOVES["dispatch"].facts, asking)
    assert "gas" not in {option.value for option in found[0].options}


def replace_case(**changes: Any) -> Case:
    return Case(**{**{name: getattr(CASE, name) for name in CASE.__struct_fields__}, **changes})


def test_each_option_of_a_dispatch_carries_its_verb() -> None:
    verbs = {option.value: option.verb for option in fields("dispatch", unit="centre")["unit"].options}
    assert verbs["street"] == verbs["cityworks"] == "交办"
    verbs = {option.value: option.verb for option in fields("dispatch")["unit"].options}
    assert verbs["cityworks"] == "点对点推送"


def test_passing_on_within_the_unit_offers_parts_and_people() -> None:
    case = replace_case(stage="handling", lead="cityworks", holder="cityworks")
    found = fields("reassign", unit="cityworks", case=case, people=((7, "一中队队长"),))
    assert [option.value for option in found["unit"].options] == ["cityworks-north"]
    assert [(option.value, option.label) for option in found["person"].options] == [("7", "一中队队长")]


def test_what_is_known_stands_in_the_form_and_what_was_typed_comes_back() -> None:
    assert fields("accept")["category"].value == "0101"
    typed = {"unit": "gas", "assists": ["police"], "note": "急"}
    found = fields("dispatch", typed=typed)
    assert (found["unit"].value, found["assists"].value, found["note"].value) == ("gas", ["police"], "急")


def test_a_category_is_asked_for_where_there_is_none() -> None:
    assert not fields("accept")["category"].required
    assert fields("accept", case=replace_case(category=""))["category"].required


def test_a_refusal_stands_at_its_field() -> None:
    answer = Answer(422, "missing_fact", "", "请填写“理由”。", fact="note")
    assert fields("recall", typed={}, answer=answer)["note"].error == "请填写“理由”。"


def test_reading_takes_the_facts_and_nothing_else() -> None:
    data = QueryDict("units=a&units=b&note=x&stage=closed")
    assert read(MOVES["whistle"].facts, data) == {"units": ["a", "b"], "note": "x"}
