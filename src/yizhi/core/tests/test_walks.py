"""Cases walked at random: what DESIGN promises of every case, after every step. A failure names its seed: run it
again with YIZHI_SEED=…
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random, SystemRandom
from typing import Any

import msgspec
import pytest

from yizhi.core import loop, standing
from yizhi.core.actor import CLOCK, RULE, Actor, Post, Scope
from yizhi.core.case import STAGES, Case, fold, plain
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.errors import IllegalMove, Refusal
from yizhi.core.faults.filling import Choose, filled
from yizhi.core.faults.rehearsal import BEGIN, REPORTER, Moment, every_stage, left_alone, silences, step
from yizhi.core.invariants import broken
from yizhi.core.loop import MOVES
from yizhi.core.testing import ALL_ACTS, CITY, GRID
from yizhi.core.wandering import Step, Wanderer, short_staffed

SEED = int(os.environ.get("YIZHI_SEED") or SystemRandom().randrange(10**9))
TABLE = {(stage, move.name) for move in MOVES.values() for stage in move.sources}
EVERYBODY = Actor(1, "all", tuple(Post(code, code, ALL_ACTS, frozenset("*"), Scope(("",))) for code in CITY.town.units))


def walk(city: City, steps: int, seed: int) -> Iterator[Step]:
    """Every step is checked; the first broken rule ends the walk."""
    for n, taken in zip(range(steps), Wanderer(city, Random(seed)).steps(), strict=False):
        said = broken(taken, city)
        assert not said, f"YIZHI_SEED={seed}, step {n}, {taken.ask.move} from {taken.before.stage}: {said}"
        yield taken


def run(city: City, steps: int, seed: int) -> int:
    return sum(len(taken.events) for taken in walk(city, steps, seed))


# -- whatever anybody does --------------------------------------------------------------------------------------


def test_what_holds_holds_after_every_step() -> None:
    assert run(CITY, 7_000, SEED) >= 7_000


@pytest.mark.parametrize("n", range(6))
def test_it_holds_where_posts_are_vacant(n: int) -> None:
    run(short_staffed(CITY, Random(SEED + n)), 500, SEED + n)


@pytest.mark.soak
@pytest.mark.parametrize("n", range(20))
def test_it_holds_for_a_hundred_thousand_steps(n: int) -> None:
    city = CITY if n % 2 else short_staffed(CITY, Random(SEED + n))
    run(city, 5_000, SEED + n)


def test_a_whole_log_folds_to_the_case() -> None:
    log: list[Any] = []
    for taken in walk(CITY, 1_500, SEED):
        log = [] if taken.before.stage == "new" else log
        log += taken.events
        assert fold(Case(kind="", area=""), log) == taken.after


def test_every_move_of_the_table_is_open_to_somebody_at_some_time() -> None:
    """Always the same walk: rare corners take 4,000 steps with one seed and 40,000 with another."""
    wanderer = Wanderer(CITY, Random(2))
    for _, _step in zip(range(100_000), wanderer.steps(), strict=False):
        if wanderer.offered >= TABLE:
            break
    assert sorted(TABLE - wanderer.offered) == []


# -- what is not in the table -----------------------------------------------------------------------------------


def samples() -> dict[str, Case]:
    """A case in every stage, the ends included, with a person to ask and a desk below the root."""
    blank = Case(kind="matter", area=GRID, source="scan", answerable=True)
    found: dict[str, Case] = {"new": blank}
    for moment in every_stage(CITY, CITY.kinds["matter"], "0401", GRID):
        found.setdefault(moment.case.stage, moment.case)
    return found


SAMPLES = samples()


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(stage: str) -> None:
    case = SAMPLES[stage]
    before = msgspec.json.encode(plain(case))
    for move in MOVES.values():
        if (stage, move.name) in TABLE:
            continue
        for by in (EVERYBODY, REPORTER, CLOCK, RULE):
            with pytest.raises(IllegalMove):
                decide(case, Ask(move.name, by, BEGIN, filled(move, case, CITY, BEGIN, Choose())), CITY)
    assert msgspec.json.encode(plain(case)) == before


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_in_the_table_is_decided_or_refused_and_never_fails(stage: str) -> None:
    case = SAMPLES[stage]
    before = msgspec.json.encode(plain(case))
    for move in MOVES.values():
        for by in (EVERYBODY, REPORTER, CLOCK, RULE, Actor()):
            for n in range(3):
                with_facts = Ask(move.name, by, BEGIN, filled(move, case, CITY, BEGIN, Choose(n)))
                step(CITY, Moment(case, BEGIN), with_facts)
    assert msgspec.json.encode(plain(case)) == before


def test_a_move_that_nobody_knows_is_refused() -> None:
    with pytest.raises(IllegalMove):
        decide(SAMPLES["accepted"], Ask("vanish", EVERYBODY, BEGIN), CITY)


# -- silence ----------------------------------------------------------------------------------------------------


def moments(city: City, seed: int, every: int = 12, steps: int = 1_500) -> Iterator[Moment]:
    """Open cases as random walks leave them."""
    wanderer = Wanderer(city, Random(seed))
    for n, taken in zip(range(steps), wanderer.steps(), strict=False):
        if n % every == 0 and taken.after.is_open:
            yield Moment(taken.after, wanderer.at)


def left(city: City, now: Moment, desks: frozenset[str]) -> Case:
    end = left_alone(city, now, desks)
    assert end is not None
    return end.case


@pytest.mark.parametrize("silence", silences(CITY.town)[:2], ids=["handlers silent", "root alone"])
def test_with_desks_and_clocks_alone_every_case_comes_to_an_end(silence: Any) -> None:
    for now in moments(CITY, SEED):
        end = left(CITY, now, silence.desks)
        assert not end.is_open, f"YIZHI_SEED={SEED}, {silence.said}: from {now.case} to {end}"


def test_with_nobody_at_all_every_case_ends_or_rings_at_the_root() -> None:
    for city in (CITY, short_staffed(CITY, Random(SEED))):
        for now in moments(city, SEED):
            end = left(city, now, frozenset())
            assert not end.is_open or (end.holder == "centre" and end.fires), f"YIZHI_SEED={SEED}: {end}"


def test_with_posts_vacant_the_root_alone_ends_every_case() -> None:
    city = short_staffed(CITY, Random(SEED))
    for now in moments(city, SEED):
        assert not left(city, now, frozenset(["centre"])).is_open, f"YIZHI_SEED={SEED}: {now.case}"


# -- the guards' twins: with a guard off, a walk must tell ------------------------------------------------------


def told(city: City, steps: int = 6_000) -> set[str]:
    """The rules that a walk through a broken city breaks first."""
    for _, taken in zip(range(steps), Wanderer(city, Random(7)).steps(), strict=False):
        said = broken(taken, city)
        if said:
            return {sentence.partition(":")[0] for sentence in said}
    return set()


def without_clock(name: str) -> City:
    rules = tuple(rule for rule in CITY.profile.clocks if rule.clock != name)
    return replace(CITY, profile=replace(CITY.profile, clocks=rules))


@pytest.mark.parametrize("clock", ["accept", "dispatch", "sign", "handle", "verify", "follow_up"])
def test_a_stage_without_its_clock_is_told(clock: str) -> None:
    assert "clocks_of_the_stage" in told(without_clock(clock))


@pytest.mark.parametrize("clock", ["rule", "extension", "assist", "arrive_by"])
def test_a_request_without_its_clock_is_told(clock: str) -> None:
    assert told(without_clock(clock)) == {"objects_and_their_clocks"}


@pytest.mark.parametrize("move", ["solve", "escalate", "finish", "recall"])
def test_what_outlives_the_work_is_told(move: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yizhi.core.decide.CLEARING", loop.CLEARING - {move})
    assert told(CITY, 20_000) & {"nothing_hangs_over", "objects_and_their_clocks"}


def test_a_unit_complained_of_that_takes_part_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(City, "off_limits", lambda city, case: frozenset())
    assert told(CITY) == {"never_those_it_is_about"}


def test_a_limit_that_stops_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_HARD_LIMITS", {})
    once = replace(CITY.profile.limits, consultations=0, extensions=0, suspensions=0)
    assert told(replace(CITY, profile=replace(CITY.profile, limits=once))) == {"counted"}


def test_one_who_checks_the_own_work_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    anyone = {**standing._STANDING, "checker": standing._STANDING["holder"]}
    monkeypatch.setattr(standing, "_STANDING", anyone)
    city = replace(CITY, profile=replace(CITY.profile, limits=replace(CITY.profile.limits, sample=1.0)))
    monkeypatch.setattr(Wanderer, "_people", lambda wanderer: [EVERYBODY])
    steps = Wanderer(city, Random(7)).steps()
    said = (broken(taken, city) for _, taken in zip(range(6_000), steps, strict=False))
    assert any("checked_by_another" in sentence for sentences in said for sentence in sentences)


def test_a_log_that_tells_another_case_is_told() -> None:
    taken = next(iter(walk(CITY, 1, SEED)))
    forged = replace(taken, states=(*taken.states[:-1], msgspec.structs.replace(taken.after, holder="gas")))
    assert any(sentence.startswith("the_log_is_the_case") for sentence in broken(forged, CITY))


def test_a_case_that_nobody_holds_is_told() -> None:
    taken = next(iter(walk(CITY, 1, SEED)))
    nobodys = replace(taken, states=(*taken.states[:-1], msgspec.structs.replace(taken.after, holder="")))
    assert any(sentence.startswith("one_hand") for sentence in broken(nobodys, CITY))


def test_a_refusal_is_a_sentence() -> None:
    """Also with facts that nobody would type."""
    case = SAMPLES["handling"]
    for move in MOVES.values():
        facts = dict.fromkeys(("unit", "units", "until", "workdays", "person", "into", "result", "clock"), "…")
        said = ""
        try:
            decide(case, Ask(move.name, EVERYBODY, BEGIN, facts), CITY)
        except Refusal as refusal:
            said = str(refusal)
        assert "{" not in said, f"{move.name}: {said}"
