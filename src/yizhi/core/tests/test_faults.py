"""What would leave a case lying is named before it can happen. Every guard is tried with something taken away."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from yizhi.core import standing
from yizhi.core.asked import Fact
from yizhi.core.city import City
from yizhi.core.draft import Draft
from yizhi.core.effects import EFFECTS, coming_round
from yizhi.core.faults import Faults, city_faults, faults, rehearsal, table
from yizhi.core.kinds import Kind, without
from yizhi.core.loop import CONSEQUENCES, MOVES, STAGE_CLOCKS
from yizhi.core.profile import DutyLine, Limits, Profile, load, profiles_folder, seeds
from yizhi.core.routing import RoutingRule
from yizhi.core.testing import ALL_ACTS, CITY, GRID
from yizhi.core.town import Town, Unit

MATTER, PROFILE, TOWN = CITY.kinds["matter"], CITY.profile, CITY.town
#: In the small city the police serve the first street only.
STATION = "Category 0201: no unit with the role station covers street2, community2."


def asked(kind: Kind = MATTER, profile: Profile = PROFILE, town: Town = TOWN) -> Faults:
    return faults(kind, profile, town)


def town_with(change: Callable[[Unit], Unit], root: str = "centre") -> Town:
    return Town({code: change(unit) for code, unit in TOWN.units.items()}, root)


def without_acts(unit: str, *acts: str) -> Town:
    return town_with(lambda u: replace(u, acts=u.acts - set(acts)) if u.code == unit else u)


def clocks(change: Callable[[Any], Any]) -> Profile:
    changed = [change(rule) for rule in PROFILE.clocks]
    return replace(PROFILE, clocks=tuple(rule for rule in changed if rule))


def no_clock(name: str) -> Profile:
    return clocks(lambda rule: None if rule.clock == name else rule)


def test_the_small_city_has_no_faults() -> None:
    assert asked() == asked(CITY.kinds["police"]) == city_faults(CITY) == Faults([], [STATION])


def test_bagongshan_has_no_faults() -> None:
    profile, registers = load(profiles_folder() / "bagongshan"), seeds(profiles_folder() / "bagongshan")
    acts: dict[str, set[str]] = defaultdict(set)
    for post in registers.posts:
        acts[post.unit] |= profile.roles[post.role].acts if post.account else set()
    units = {
        row.code: Unit(
            row.code, row.name, row.kind, row.role, row.area, row.superior, row.covers, frozenset(acts[row.code])
        )
        for row in registers.units
    }
    assert city_faults(City(profile, Town(units, profile.root_unit), CITY.kinds)).refusals == []


# -- clocks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "stage"), [(clock, stage) for stage, names in STAGE_CLOCKS.items() for clock in names]
)
def test_a_stage_without_a_clock_is_named(clock: str, stage: str) -> None:
    assert f"Kind matter, stage “{stage}”: no rule sets the clock {clock}." in asked(profile=no_clock(clock)).refusals


def test_nothing_but_the_missing_clock_is_named() -> None:
    found = asked(profile=no_clock("sign"))
    assert found.refusals == ["Kind matter, stage “dispatched”: no rule sets the clock sign."]


def test_a_clock_without_a_consequence_is_named() -> None:
    found = asked(profile=clocks(lambda rule: replace(rule, breaches=0) if rule.clock == "handle" else rule))
    said = "Kind matter, stage “handling”: the clock handle has no breaches, so its consequence never comes."
    assert found.refusals == [said]


def test_a_clock_that_is_missing_for_one_category_or_area_is_named_with_it() -> None:
    here = clocks(lambda rule: replace(rule, categories=("01", "02")) if rule.clock == "sign" else rule)
    where = "no category yet, area 999901 and 1 more"
    assert asked(profile=here).refusals == [f"Kind matter, stage “dispatched”, {where}: no rule sets the clock sign."]
    there = clocks(lambda rule: replace(rule, areas=("999901001",)) if rule.clock == "sign" else rule)
    where = "no category yet, area 999901 and 3 more"
    assert asked(profile=there).refusals == [f"Kind matter, stage “dispatched”, {where}: no rule sets the clock sign."]


@pytest.mark.parametrize(("clock", "move"), [("rule", "object"), ("extension", "extend"), ("arrive_by", "whistle")])
def test_a_request_that_nobody_must_answer_in_time_is_a_warning(clock: str, move: str) -> None:
    found = asked(profile=no_clock(clock))
    assert f"Kind matter, after “{move}”: no rule sets the clock {clock}." in found.warnings
    assert found.refusals == []


# -- ways -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "said"),
    [
        ("report", "Kind matter: without “report” no case can begin."),
        ("breach", "Kind matter: without “breach” no clock can ring."),
        (
            "close_unanswered",
            "Kind matter: at “verified” the clock follow_up leads nowhere, for the kind leaves out “close_unanswered”.",
        ),
        ("recall", "Kind matter: at “dispatched” the clock sign leads nowhere, for the kind leaves out “recall”."),
        ("resume", "Kind matter: at “suspended” the clock until leads nowhere, for the kind leaves out “resume”."),
    ],
)
def test_a_kind_that_leaves_out_a_way_is_refused(move: str, said: str) -> None:
    assert said in asked(Kind("matter", "Matter", without(move))).refusals


def test_what_a_kind_never_comes_to_needs_no_way_out() -> None:
    assert asked(Kind("matter", "Matter", without("suspend", "resume"))).refusals == []


def test_a_kind_that_cannot_be_closed_is_refused() -> None:
    moves = without("follow_up", "close_unanswered")
    assert "Kind matter: no way leads from “verified” to “closed”." in asked(Kind("matter", "Matter", moves)).refusals


def test_a_consequence_that_is_taken_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(CONSEQUENCES, "verify")
    assert asked().refusals == ["At “handled” the clock verify has no consequence."]


def test_a_stage_that_is_taken_off_the_clock_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(STAGE_CLOCKS, "verified")
    assert asked().refusals == ["No clock belongs to “verified”."]


# -- rounds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "told"),
    [
        ("rework", "“accepted” –solve→ “handled” –rework→ “accepted”"),
        ("send_back", "“accepted” –dispatch→ “dispatched” –send_back→ “accepted”"),
        ("recall", "“accepted” –take→ “handling” –recall→ “accepted”"),
        ("suspend", "“handling” –suspend→ “suspended” –resume→ “handling”"),
        ("follow_up", "“accepted” –solve→ “handled” –follow_up→ “accepted”"),
        ("appeal", "“accepted” –decline→ “declined” –appeal→ “accepted”"),
        ("merge", "“accepted” –merge→ “merged” –split→ “accepted”"),
        ("object", "“dispatched” –rule→ “dispatched”"),
        ("consult", "“dispatched” –conclude_consult→ “dispatched”"),
    ],
)
def test_a_round_without_a_counter_is_named(move: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOVES, move, replace(MOVES[move], limit=""))
    assert asked().refusals == [f"Kind matter: {told} can go round for ever; no move on the way is counted."]


def test_a_counter_without_a_figure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOVES, "rework", replace(MOVES["rework"], limit="patience"))
    assert asked().refusals == ["“rework” is counted by “patience”, for which the profile has no limit."]


def test_a_limit_that_is_none_is_a_warning() -> None:
    loose = replace(PROFILE, limits=Limits(reworks=1000))
    assert asked(profile=loose) == Faults([], [STATION, "The limit reworks = 1000 is as good as none."])


def test_a_limit_that_leads_nowhere_is_found_by_walking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming_round, "over_limit", lambda *_: False)
    assert asked().refusals == ["Kind matter: “rework” goes on after its limit “reworks”."]


@pytest.mark.parametrize(
    "move", ["send_back", "object", "recall", "suspend", "extend", "rework", "follow_up", "reopen", "merge", "consult"]
)
def test_every_limit_has_been_walked_past(move: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of all of them: a limit that is never reached goes on."""
    monkeypatch.setattr(standing, "_limit_of", lambda *_: 10**6)
    found = {said.split("“")[1].partition("”")[0] for said in rehearsal.limits_without_effect(CITY, MATTER)}
    assert move in found


# -- silence ----------------------------------------------------------------------------------------------------


def sentences(city: City, kind: Kind = MATTER) -> list[str]:
    return [verdict.said for verdict in rehearsal.rehearse(city, kind) if verdict.hard]


@pytest.mark.parametrize("move", ["close_unanswered", "recall", "resume"])
def test_walks_find_by_themselves_what_the_table_shows(move: str) -> None:
    kind = Kind("matter", "Matter", without(move))
    said = sentences(replace(CITY, kinds={**CITY.kinds, "matter": kind}), kind)
    assert any("with every desk but the root silent" in sentence for sentence in said)


def test_walks_find_a_missing_clock_by_themselves() -> None:
    said = sentences(replace(CITY, profile=no_clock("sign")))
    assert any("no clock rings at “dispatched”" in sentence for sentence in said)


@pytest.mark.parametrize(("move", "stage"), [("escalate", "accepted"), ("recall", "dispatched")])
def test_walks_find_an_effect_that_does_nothing(move: str, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is whole; the hands are not."""

    def nothing(draft: Draft) -> None:
        draft.go(draft.case.stage)

    monkeypatch.setitem(EFFECTS, move, nothing)
    assert any(f"it stays at “{stage}” with " in said for said in asked().refusals)


def test_a_kind_that_asks_more_is_walked_with_all_it_asks() -> None:
    area = Fact("where", "area", "Where")
    kind = Kind("matter", "Matter", without(), {"report": (area,), "finish": (area,), "verify": (area,)})
    assert asked(kind) == Faults([], [STATION])


def test_a_kind_that_asks_what_nobody_can_give_is_refused() -> None:
    nothing = Fact("which", "choice", "Which", options=())
    found = asked(Kind("matter", "Matter", without(), {"report": (nothing,)})).refusals
    assert found == ["Kind matter: nobody in this city can bring a case to “reported”."]
    found = asked(Kind("matter", "Matter", without(), {"suspend": (nothing,)})).warnings
    assert "Kind matter: nobody in this city can bring a case to “suspended”." in found


def test_a_root_that_only_passes_on_is_a_warning() -> None:
    town = without_acts("centre", "take", "solve", "finish")
    found = asked(town=town)
    assert found.refusals == []
    assert any("centre never brings it to an end" in said for said in found.warnings)


def test_where_only_the_root_is_served_every_vacancy_is_named_and_nothing_is_refused() -> None:
    town = town_with(lambda unit: unit if unit.code == "centre" else replace(unit, acts=frozenset()))
    found = asked(town=town)
    assert found.refusals == []
    assert "grid3: nobody can sign, finish, take, solve." in found.warnings
    assert "gas: nobody can sign, finish." in found.warnings
    vacant = {said.partition(":")[0] for said in found.warnings if "nobody can" in said}
    assert vacant == set(TOWN.units) - {"centre", "cityworks-north"}, "nobody is called on at cityworks-north"


# -- posts and names --------------------------------------------------------------------------------------------


def test_a_vacancy_below_is_a_warning_that_names_the_unit() -> None:
    found = asked(town=without_acts("grid3", "sign"))
    assert (found.refusals, found.warnings) == ([], ["grid3: nobody can sign.", STATION])


@pytest.mark.parametrize("duty", ["accept", "dispatch", "verify", "rework", "follow_up", "rule", "grant_extension"])
def test_a_duty_that_nobody_has_is_refused(duty: str) -> None:
    assert (
        f"centre: nobody can {duty}, and no desk stands above it." in asked(town=without_acts("centre", duty)).refusals
    )


def test_a_kind_that_does_without_a_duty_needs_nobody_for_it() -> None:
    quiet = Kind("matter", "Matter", without("object", "rule"))
    assert asked(quiet, town=without_acts("centre", "rule")).refusals == []


def test_a_root_that_is_no_desk_is_refused() -> None:
    assert asked(town=Town(TOWN.units, "gas")).refusals == ["The root “gas” is no desk of this city."]
    assert asked(town=Town(TOWN.units, "moon")).refusals == ["The root “moon” is no desk of this city."]


def test_a_desk_that_answers_to_nobody_is_refused() -> None:
    town = town_with(lambda unit: replace(unit, superior=None) if unit.code == "street2" else unit)
    found = asked(town=town).refusals
    assert "street2: its superiors do not lead up to centre." in found
    assert "community2: its superiors do not lead up to centre." in found


def test_rules_that_name_what_does_not_exist_are_refused() -> None:
    rule = RoutingRule("night", "astronauts", move="route")
    found = asked(profile=replace(PROFILE, routing=(*PROFILE.routing, rule)))
    assert found.refusals == ["Routing rule night: no unit has the role astronauts."]
    strange = replace(CITY, profile=replace(PROFILE, routing=(RoutingRule("night", "station", "ghosts", "route"),)))
    assert city_faults(strange).refusals == ["Routing rule night: there is no kind ghosts."]
    talk = replace(MATTER, code="talk", moves=without("route"))
    to_talk = replace(PROFILE, routing=(RoutingRule("night", "station", "talk", "route"),))
    found = city_faults(replace(CITY, profile=to_talk, kinds={**CITY.kinds, "talk": talk}))
    assert found.refusals == ["Routing rule night: the kind talk leaves out “route”."]


def test_a_lead_that_does_not_exist_is_refused() -> None:
    waste = replace(PROFILE.categories["0401"], lead="angels", assists=("saints",))
    found = asked(profile=replace(PROFILE, categories={**PROFILE.categories, "0401": waste}))
    assert found.refusals == ["Category 0401: no unit has the role angels."]
    assert "Category 0401, assistance: no unit has the role saints." in found.warnings
    duty = DutyLine("04", "angels", "district", "1.1", "angels sweep")
    found = asked(profile=replace(PROFILE, duties=(*PROFILE.duties, duty)))
    assert found.refusals == ["Duty list, category 04: no unit has the role angels."]


# -- the analysis itself ----------------------------------------------------------------------------------------


def test_the_rehearsal_comes_to_every_stage() -> None:
    moments = rehearsal.every_stage(CITY, MATTER, "0401", GRID)
    assert {moment.case.stage for moment in moments if moment.case.is_open} == set(table.stages_of(MATTER))
    assert len({moment.case.self_handled for moment in moments}) == 2


def test_moves_that_need_opening_are_shut_on_a_bare_case() -> None:
    for move in table._OPENED_BY:
        assert table._needs_opening(MOVES[move])


def test_all_acts_are_moves() -> None:
    assert set(MOVES) == ALL_ACTS
