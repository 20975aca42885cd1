from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhi.core.case import Case
from yizhi.core.routing import Facts, RoutingRule, first_match
from yizhi.core.testing import CITY, GRID, PROFILE, Walk

CYLINDERS = Facts(
    kind="matter",
    category="0101",
    area="340405001001003",
    hour=23,
    weekday=7,
    text="火锅店楼下堆了十几个煤气罐，Gas",
    source="field",
)


def rule(name: str = "any", to: str = "desk", **conditions: Any) -> RoutingRule:
    return RoutingRule(name, to, **conditions)


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"kinds": ("police", "matter")},
        {"categories": ("02", "01")},
        {"categories": ("0101",)},
        {"areas": ("340405001",)},
        {"hours": (22, 6)},
        {"hours": (23, 24)},
        {"weekdays": (6, 7)},
        {"keywords": ("漏水", "煤气罐")},
        {"keywords": ("gas",)},
        {"sources": ("field",)},
        {"kinds": ("matter",), "categories": ("01",), "keywords": ("煤气罐",), "sources": ("field",)},
    ],
)
def test_a_rule_matches_when_every_condition_fits(condition: dict[str, Any]) -> None:
    assert rule(**condition).matches(CYLINDERS)


@pytest.mark.parametrize(
    "condition",
    [
        {"kinds": ("police",)},
        {"categories": ("010101",)},
        {"areas": ("340405002",)},
        {"hours": (6, 22)},
        {"hours": (0, 23)},
        {"weekdays": (1, 2, 3, 4, 5)},
        {"keywords": ("漏水",)},
        {"sources": ("page",)},
        {"categories": ("01",), "sources": ("page",)},
    ],
)
def test_one_condition_that_does_not_fit_is_enough(condition: dict[str, Any]) -> None:
    assert not rule(**condition).matches(CYLINDERS)


def test_what_is_not_known_matches_no_condition_on_it() -> None:
    unknown = replace(CYLINDERS, category="")
    assert not rule(categories=("01",)).matches(unknown)


def test_what_nobody_has_named_is_handed_to_nobody() -> None:
    """A rule on words alone proposes; only for a known sort of matter it hands over."""
    unknown = replace(CYLINDERS, category="")
    straight, proposed = rule(name="straight", move="route"), rule(name="proposed", move="offer")
    assert first_match([straight, proposed], CYLINDERS) == straight
    assert first_match([straight, proposed], unknown) == proposed


def test_hours_may_pass_midnight_and_do_not_include_their_end() -> None:
    night = rule(hours=(22, 6))
    at_work = [hour for hour in range(24) if night.matches(replace(CYLINDERS, hour=hour))]
    assert at_work == [0, 1, 2, 3, 4, 5, 22, 23]


def test_the_first_rule_that_matches_wins() -> None:
    rules = [
        rule("other street", areas=("340405002",)),
        rule("cylinders", categories=("0101",)),
        rule(),
    ]
    match = first_match(rules, CYLINDERS)
    assert match is not None
    assert match.name == "cylinders"
    assert first_match(rules[:1], CYLINDERS) is None


few = {
    "kinds": st.sampled_from(["matter", "police"]),
    "categories": st.sampled_from(["01", "0101", "0102", "02"]),
    "areas": st.sampled_from(["34", "3404", "3405"]),
    "weekdays": st.integers(1, 2),
    "keywords": st.sampled_from(["水", "电"]),
    "sources": st.sampled_from(["field", "page"]),
}
conditions = st.fixed_dictionaries(
    {
        "hours": st.sampled_from([None, (22, 6), (8, 12)]),
        **{name: st.lists(values, max_size=2, unique=True).map(tuple) for name, values in few.items()},
    }
)
facts = st.builds(
    Facts,
    kind=few["kinds"],
    category=few["categories"],
    area=few["areas"],
    hour=st.integers(0, 23),
    weekday=few["weekdays"],
    text=few["keywords"],
    source=few["sources"],
)
reports = st.lists(facts, min_size=1, max_size=30)
some_fields = st.sets(st.sampled_from(["hours", *few]))


@given(conditions, some_fields, reports)
def test_a_rule_with_fewer_conditions_hides_the_one_after_it(
    narrow: dict[str, Any], kept: set[str], reports: list[Facts]
) -> None:
    wide = rule(**{name: value for name, value in narrow.items() if name in kept})
    assert wide.covers(rule(**narrow))
    assert all(wide.matches(report) for report in reports if rule(**narrow).matches(report))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"kinds": ("police",)}, {}),
        ({"kinds": ("police",)}, {"kinds": ("police", "matter")}),
        ({"categories": ("0101",)}, {"categories": ("01",)}),
        ({"categories": ("01",)}, {"categories": ("0101", "02")}),
        ({"areas": ("34",)}, {}),
        ({"hours": (22, 6)}, {}),
        ({"hours": (22, 6)}, {"hours": (8, 12)}),
        ({"weekdays": (1,)}, {}),
        ({"keywords": ("水",)}, {"keywords": ("水", "电")}),
        ({"sources": ("field",)}, {"kinds": ("matter",)}),
    ],
)
def test_a_rule_that_leaves_reports_over_hides_nothing(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert not rule(**first).covers(rule(**second))


def _routed_with(*roles: str, about: tuple[str, ...] = ()) -> Walk:
    """A report that a rule routes to the police, with units of these roles to help."""
    found = rule("linked", to="station", kind="police", move="route", categories=("0201",), assists=roles)
    city = replace(CITY, profile=replace(PROFILE, routing=(found,)))
    case = Case(kind="matter", area=GRID, source="scan", answerable=True, about=about)
    walk = Walk(city=city, case=case)
    walk.report(category="0201")
    return walk


def test_a_rule_names_who_helps_the_one_that_leads() -> None:
    walk = _routed_with("grid", "gas")
    assert (walk.case.lead, walk.case.open_assists()) == ("police", ("grid", "gas"))
    assert walk.clock("assist:grid").owner == "grid"
    assert walk.log[-1].facts["assists"] == ("grid", "gas")


def test_nobody_helps_who_is_not_there_who_leads_or_whom_it_is_about() -> None:
    assert _routed_with("nobody", "station").case.open_assists() == ()
    assert _routed_with("grid", "gas", about=("grid",)).case.open_assists() == ("gas",)
