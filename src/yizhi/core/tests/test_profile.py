"""The sample city loads clean, and its rules answer what they were written for."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yizhi.core.calendar import Span
from yizhi.core.profile import (
    CITY_DEFAULT,
    Burden,
    ClockName,
    ClockRule,
    Profile,
    Seeds,
    load,
    profiles_folder,
    seeds,
)
from yizhi.core.routing import Facts, RoutingRule, first_match
from yizhi.core.town import Town, Unit, rank

FOLDER = profiles_folder() / "bagongshan"
CITY = load(FOLDER)
REGISTERS = seeds(FOLDER)
ZHIDONG = "340405001001"


# -- the sample city --------------------------------------------------------------------------------------------


def town(registers: Seeds) -> Town:
    acts = frozenset().union(*(CITY.roles[post.role].acts for post in registers.posts))
    units = {
        seed.code: Unit(
            seed.code, seed.name, seed.kind, seed.role, seed.area, seed.superior, seed.covers, acts, seed.phone
        )
        for seed in registers.units
    }
    return Town(units, CITY.root_unit)


def test_the_sample_city_has_what_its_readme_says() -> None:
    assert (len(REGISTERS.areas), len(REGISTERS.grids)) == (53, 116)
    assert (len(REGISTERS.units), len(REGISTERS.posts)) == (223, 613)
    leaves = [category for category in CITY.categories.values() if category.parent]
    assert (len(leaves), len(CITY.categories) - len(leaves)) == (67, 13)


def test_every_category_finds_its_lead_everywhere() -> None:
    """Estates without a property company are the one exception: there the desk decides."""
    city = town(REGISTERS)
    roles = {category.lead for category in CITY.categories.values() if category.parent} - {"property"}
    for grid in REGISTERS.grids:
        assert {role for role in roles if city.find(role, grid.code) is None} == set()


def test_every_unit_stands_under_the_root_and_every_grid_under_its_own_desks() -> None:
    city = town(REGISTERS)
    for unit in city.units.values():
        assert [*city.chain(unit.code)][-1].code == CITY.root_unit
    for grid in REGISTERS.grids:
        above = [unit.area for unit in city.chain(f"grid-{grid.code}")]
        assert above == [grid.code, grid.code[:12], grid.code[:9], grid.code[:6]]


def test_posts_name_no_persons_and_phones_are_fictitious() -> None:
    assert all(unit.phone.startswith("0554-0000") for unit in REGISTERS.units)
    assert len({unit.phone for unit in REGISTERS.units}) == len(REGISTERS.units)
    assert len({unit.name for unit in REGISTERS.units}) == len(REGISTERS.units)


def test_the_vacancies_are_the_ones_of_the_readme() -> None:
    vacant = {post.title for post in REGISTERS.posts if not post.account}
    assert vacant == {
        "治东社区第三网格驻格辅警",
        "小刘庄社区民警",
        "毕家岗街道政法委员",
        "淮滨村法律顾问",
        "李咀村第二网格网格长",
    }
    assert [post.title for post in REGISTERS.posts if post.deputy] == ["建东社区第二网格专职网格员"]


def gaps() -> set[tuple[str, str]]:
    """Role and area of every norm that the seeds do not meet; a deputy fills a post."""
    areas = [area.code for area in (*REGISTERS.areas, *REGISTERS.grids)]
    served = Counter((post.role, area) for post in REGISTERS.posts if post.account for area in post.include)
    return {
        (norm.role, area)
        for norm in CITY.staffing
        for area in areas
        if area.startswith(CITY.root_area) and rank(area) == norm.rank
        if not norm.settlement or (norm.settlement == "village") == (area[9] in "25")
        if served[norm.role, area] < norm.least
    }


def test_apart_from_these_every_norm_is_met() -> None:
    assert gaps() == {
        ("auxiliary", f"{ZHIDONG}003"),
        ("community_officer", "340405002004"),
        ("political_legal_commissioner", "340405003"),
        ("legal_adviser", "340405100201"),
        ("grid_chief", "340405121205002"),
    }


def test_figures_say_where_they_come_from() -> None:
    grounds = {rule.clock: rule.ground for rule in CITY.clocks}
    assert grounds["arrive"].startswith("大连市旅顺口区登峰街道")
    assert grounds["reply"].startswith("大连市旅顺口区登峰街道")
    assert grounds["dispatch"] == "淮南市八公山区：当天交办"
    assert {grounds[name] for name in ("sign", "handle", "verify", "follow_up", "whole")} == {CITY_DEFAULT}


# -- routing of the sample city ---------------------------------------------------------------------------------


def routed(category: str, source: str = "page", hour: int = 10, text: str = "") -> RoutingRule | None:
    facts = Facts("matter", category, f"{ZHIDONG}001", hour, 1, text, source)
    return first_match(CITY.routing, facts)


@pytest.mark.parametrize("source", ["field", "patrol", "visit"])
def test_gas_cylinders_found_by_a_grid_worker_go_to_the_police_station(source: str) -> None:
    rule = routed("0101", source)
    assert rule is not None
    assert (rule.to, rule.kind, rule.move) == ("station", "police", "route")


def test_gas_cylinders_told_by_a_resident_go_to_a_desk() -> None:
    assert routed("0101", "page") is None


@pytest.mark.parametrize("category", ["0201", "0202", "0203", "0302", "0804"])
def test_matters_of_safety_go_straight_to_the_police_station(category: str) -> None:
    rule = routed(category)
    assert rule is not None
    assert (rule.to, rule.kind, rule.move) == ("station", "police", "route")


def test_noise_is_offered_to_the_police_at_night_only() -> None:
    night = routed("0601", hour=23)
    assert night is not None
    assert (night.to, night.move) == ("station", "offer")
    assert routed("0601", hour=10) is None


def test_words_in_the_text_tell_the_companies_apart() -> None:
    told = [routed("0504", text=text) for text in ("家里停水三天了", "整栋楼停电", "暖气不热", "说不清楚")]
    assert [rule and rule.to for rule in told] == ["water_supply", "power", "heating", None]


# -- duties -----------------------------------------------------------------------------------------------------


def test_the_duty_list_answers_with_the_nearest_line() -> None:
    gas, food = CITY.duty("0101"), CITY.duty("1002")
    assert gas is not None
    assert food is not None
    assert (gas.lead, gas.level) == ("housing", "district")
    assert (food.category, food.lead) == ("10", "market")
    assert CITY.duty("0401") is None
    nearer = replace(food, category="1002", lead="health")
    assert replace(CITY, duties=(*CITY.duties, nearer)).duty("1002") == nearer


# -- clocks -----------------------------------------------------------------------------------------------------


def span(city: Profile, name: ClockName, category: str = "", kind: str = "matter", area: str = ZHIDONG) -> Span | None:
    rule = city.clock(name, kind=kind, category=category, area=area)
    return rule.span if rule else None


def test_a_category_brings_its_own_figures_and_grounds() -> None:
    assert span(CITY, "arrive", "0401") == Span(4, "hours")
    assert span(CITY, "reply", "0804") == Span(1, "hours")
    assert span(CITY, "handle", "0405") == Span(20, "workdays")
    rule = CITY.clock("arrive", kind="matter", category="0101", area=ZHIDONG)
    assert rule is not None
    assert rule.ground == "大连市旅顺口区登峰街道：全科网格员队伍1小时内到场核查"
    assert (rule.owner, rule.span) == ("grid", Span(1, "hours"))


def test_without_a_category_the_general_figures_hold() -> None:
    assert span(CITY, "arrive") == Span(1, "hours")
    assert span(CITY, "reply") == Span(24, "hours")
    assert span(CITY, "handle") == Span(5, "workdays")
    assert span(CITY, "handle", "04") == Span(5, "workdays")


def test_a_category_without_a_visit_has_no_arrive_clock() -> None:
    assert span(CITY, "arrive", "0805") is None


def test_at_once_is_a_figure_of_its_own() -> None:
    assert span(CITY, "arrive", "0302") == Span(30, "minutes")


def test_the_most_specific_clock_wins_area_before_category_before_kind() -> None:
    def rule(hours: int, **where: Any) -> ClockRule:
        return ClockRule("arrive", Span(hours, "hours"), CITY_DEFAULT, "grid", **where)

    by_kind = replace(CITY, clocks=(rule(1), rule(2, kinds=("police",))))
    assert span(by_kind, "arrive", kind="police") == Span(2, "hours")
    assert span(by_kind, "arrive", kind="matter") == Span(1, "hours")

    by_category = replace(CITY, clocks=(*by_kind.clocks, rule(3, categories=("04",)), rule(5, categories=("0401",))))
    assert span(by_category, "arrive", "0401", "police") == Span(5, "hours")
    assert span(by_category, "arrive", "0402") == Span(4, "hours"), "the category's own figure is nearer than 04"

    by_area = replace(CITY, clocks=(*by_category.clocks, rule(6, areas=("340405001",)), rule(7, areas=(ZHIDONG,))))
    assert span(by_area, "arrive", "0401", "police") == Span(7, "hours")
    assert span(by_area, "arrive", "0401", area="340405001002") == Span(6, "hours")
    assert span(by_area, "arrive", "0805") == Span(7, "hours"), "a rule for an area gives a visit after all"


def test_a_clock_that_no_rule_names_does_not_run() -> None:
    assert span(replace(CITY, clocks=()), "sign") is None


# -- words and burdens ------------------------------------------------------------------------------------------


def test_words_are_told_by_kind_then_for_all_kinds() -> None:
    assert CITY.word("stage.handling", kind="police") == "处置中"
    assert CITY.word("stage.handling", kind="matter") == "办理中"
    assert CITY.word("stage.reported", kind="police", lang="en") == "To be accepted"
    assert CITY.word("stage.reported", lang="zh_Hans") == "待受理"
    assert CITY.word("stage.unheard_of") is None


def test_nothing_that_eats_time_is_on() -> None:
    assert CITY.burdens == ()


def test_a_burden_ends_by_itself() -> None:
    flood = Burden("tracks", "防汛应急响应期间", "区防指通知", date(2026, 9, 30))
    city = replace(CITY, burdens=(flood,))
    assert city.burden("tracks", date(2026, 9, 30)) == flood
    assert city.burden("tracks", date(2026, 10, 1)) is None
    assert city.burden("photos", date(2026, 9, 30)) is None
