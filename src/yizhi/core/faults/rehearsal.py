"""Faults that show when cases are really walked through the city: everybody silent, or all desks but the root.

Nothing here trusts the table: every step is a decision. A case is brought to each stage by people who may do
everything; then it is left alone.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zlib import crc32

import msgspec

from yizhi.core.actor import CLOCK, Actor, Post, Scope
from yizhi.core.case import Case, evolve
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.errors import Refusal
from yizhi.core.faults.filling import Choose, filled
from yizhi.core.faults.table import places, stages_of
from yizhi.core.kinds import Kind
from yizhi.core.loop import MOVES, STAGE_CLOCKS, Move
from yizhi.core.profile import Profile
from yizhi.core.routing import Facts, first_match
from yizhi.core.standing import obstacle, open_moves
from yizhi.core.town import Town, Unit

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REPORTER = Actor(reporter_of=1, door="scan")
_EVERYTHING = frozenset(MOVES)

#: Moves that lead nowhere, but hang something on the work.
_HANGS = ("object", "extend", "add_assist", "consult")

#: What a desk does when nobody else answers, the first that is open to it.
_DESK_DOES = ("verify", "release_assist", "finish", "accept", "dispatch", "solve", "take", "resume")
#: After so many steps a case is going round.
_LONG_ENOUGH = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """A case at a time."""

    case: Case
    at: datetime

    @property
    def place(self) -> tuple[object, ...]:
        """What tells two moments apart that go different ways."""
        case = self.case
        own = case.holder == case.desk, case.self_handled, case.check, case.answerable
        hanging = (case.objection, case.extension, case.consultation, case.open_assists())
        return case.kind, case.stage, *own, next((n for n, what in enumerate(hanging) if what), None)


def person(unit: Unit, acts: frozenset[str], account: int) -> Actor:
    return Actor(account, unit.name, (Post(unit.code, unit.name, acts, frozenset("*"), Scope((unit.area,))),))


def served(unit: Unit) -> Actor:
    """Somebody at a desk, the same account every time and another one at every desk."""
    return person(unit, unit.acts, account=crc32(unit.code.encode()))


def step(city: City, now: Moment, ask: Ask) -> Moment | None:
    """The case after a decision; None when it is refused."""
    try:
        events = decide(now.case, ask, city)
    except Refusal:
        return None
    case = now.case
    for event in events:
        case = evolve(case, event)
    return Moment(case, ask.at)


def next_ring(city: City, now: Moment) -> Moment | None:
    """The next clock rings, as the worker would let it; None when none does."""
    if now.case.fires is None:
        return None
    at = max(now.at, now.case.fires)
    return step(city, now, Ask("breach", CLOCK, at, {"clock": first_to_ring(now.case)}))


def first_to_ring(case: Case) -> str:
    """The key of the clock that rings next; `StopIteration` when none does."""
    return next(clock.key for clock in case.clocks if clock.fires and clock.fires == case.fires)


# -- every stage ------------------------------------------------------------------------------------------------


def every_stage(city: City, kind: Kind, category: str, area: str) -> list[Moment]:
    """A case of this kind in every stage and situation that people can bring it to, the ends included."""
    blank = Case(kind=kind.code, area=area, source="scan", answerable=True)
    facts = filled(MOVES["report"], blank, city, BEGIN, Choose()) | {"category": category}
    start = step(city, Moment(blank, BEGIN), Ask("report", REPORTER, BEGIN, facts))
    seen: dict[tuple[object, ...], Moment] = {}
    waiting = deque([start] if start else [])
    while waiting:
        now = waiting.popleft()
        if now.place not in seen:
            seen[now.place] = now
            waiting.extend(_next_moments(city, now))
    return list(seen.values())


def _next_moments(city: City, now: Moment) -> Iterator[Moment]:
    later = now.at + timedelta(minutes=1)
    for move, by in _possible(city, now.case).values():
        for n in (0, 1) if move.leaves else (0,):
            facts = filled(move, now.case, city, later, Choose(n))
            after = step(city, now, Ask(move.name, by, later, facts, draw=0.0))
            if after:
                yield after


def _possible(city: City, case: Case) -> dict[str, tuple[Move, Actor]]:
    """Every move that leads on, with somebody who may make it, were all posts served."""
    found: dict[str, tuple[Move, Actor]] = {}
    units = dict.fromkeys([*sorted(case.hands), *(unit.code for unit in city.town.chain(case.desk))])
    people = [person(city.town.unit(code), _EVERYTHING, n) for n, code in enumerate(units, start=1)]
    for by in (*people, REPORTER):
        for move in open_moves(case, by, city):
            if move.rehomes or move.name in _HANGS:
                found.setdefault(move.name, (move, by))
    return found


# -- left alone -------------------------------------------------------------------------------------------------


def left_alone(city: City, now: Moment, desks: frozenset[str], known: set[object] | None = None) -> Moment | None:
    """What becomes of a case when only its clocks act, and these desks, each with the posts served there.

    None when it comes where an earlier walk with the same `known` has been: that one has told the end.
    """
    walked: list[object] = []
    for _ in range(_LONG_ENOUGH):
        if not now.case.is_open or now.case.fires is None:
            break
        here = now.place, now.case.desk, now.case.holder, now.case.count("recalls")
        if known and here in known:
            return None
        walked.append(here)
        before, now = now, _desk_acts(city, now, desks) or next_ring(city, now) or now
        if _rang_in_vain(before.case, now.case):
            break
    if known is not None:
        known |= set(walked)
    return now


def _rang_in_vain(before: Case, after: Case) -> bool:
    """Whether the clock of the stage has just passed after its last breach, and nothing came of it."""
    own = [clock for clock in after.clocks if clock.name in STAGE_CLOCKS.get(after.stage, ())]
    late = [clock for clock in own if clock.breaches > clock.limit]
    return any((rang := before.clock(clock.key)) and rang.breaches < clock.breaches for clock in late)


def _desk_acts(city: City, now: Moment, desks: frozenset[str]) -> Moment | None:
    at = now.at + timedelta(minutes=1)
    for name in _DESK_DOES:
        if name == "dispatch" and now.case.count("recalls") >= city.profile.limits.recalls:
            continue
        for code in sorted({now.case.holder, now.case.desk} & desks):
            by = served(city.town.unit(code))
            if obstacle(MOVES[name], now.case, by, city):
                continue
            facts = filled(MOVES[name], now.case, city, at, Choose())
            facts |= {"units": now.case.open_assists()} if name == "release_assist" else {}
            after = step(city, now, Ask(name, by, at, facts))
            if after:
                return after
    return None


@dataclass(frozen=True, slots=True)
class Silence:
    """Who does not answer, and the desks that still do."""

    said: str
    desks: frozenset[str]


def silences(town: Town) -> tuple[Silence, ...]:
    desks = frozenset(unit.code for unit in town.units.values() if unit.kind == "desk")
    return (
        Silence("with every handler silent", desks),
        Silence("with every desk but the root silent", frozenset([town.root])),
        Silence("with nobody answering at all", frozenset()),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """`hard`: a case would lie below the root, or without any clock, or cannot begin."""

    hard: bool
    said: str


def rehearse(city: City, kind: Kind) -> Iterator[Verdict]:
    """Where cases of this kind would stay for ever; and the stages that no case came to."""
    unseen = dict.fromkeys(stages_of(kind))
    for category, area in scenes(city, kind):
        where = f"Kind {kind.code}, {f'category {category}' if category else 'no category yet'}, area {area}"
        moments = every_stage(city, kind, category, area)
        unseen = {stage: None for stage in unseen if stage not in {now.case.stage for now in moments}}
        for silence in silences(city.town):
            known: set[object] = set()
            for now in moments:
                end = left_alone(city, now, silence.desks, known)
                yield from _judged(city, end, silence, f"{where}, from “{now.case.stage}”")
    for stage in unseen:
        yield Verdict(stage == "reported", f"Kind {kind.code}: nobody in this city can bring a case to “{stage}”.")


def _judged(city: City, end: Moment | None, silence: Silence, where: str) -> Iterator[Verdict]:
    if end is None or not end.case.is_open:
        return
    case, root = end.case, city.town.root
    if case.fires is None:
        yield Verdict(True, f"{where}: {silence.said}, no clock rings at “{case.stage}”.")
    elif case.holder != root:
        holder = city.town.unit(case.holder).name
        yield Verdict(True, f"{where}: {silence.said}, it stays at “{case.stage}” with {holder}.")
    elif silence.desks:
        yield Verdict(False, f"{where}: {silence.said}, {city.town.unit(root).name} never brings it to an end.")


# -- which cases are worth walking ------------------------------------------------------------------------------


def scenes(city: City, kind: Kind) -> list[tuple[str, str]]:
    """One category and area for each way in which the loop can tell them apart."""
    spots = [unit.area for unit in city.town.units.values() if unit.kind in ("grid", "desk")]
    by_rules: dict[object, tuple[str, str]] = {}
    for category, prefix in places(city.profile):
        spot = max((area for area in spots if area.startswith(prefix)), key=len, default=prefix)
        by_rules.setdefault(_rules(city.profile, kind, category, spot), (category, spot))
    by_desks: dict[object, tuple[str, str]] = {}
    for spot in spots:
        by_desks.setdefault(_desks(city.town, spot), (_widest(city.profile), spot))
    return list(dict.fromkeys([*by_rules.values(), *by_desks.values()]))


def _rules(profile: Profile, kind: Kind, category: str, area: str) -> object:
    """What the rules make of a report: who may hold it first, where it is routed, how often its clocks ring."""
    known = profile.category(category)
    facts = Facts(kind.code, category, area, hour=9, weekday=1, text="", source="scan")
    rule = first_match(profile.routing, facts)
    straight = rule.kind or kind.code if rule and rule.move == "route" else ""
    names = [name for clocks in STAGE_CLOCKS.values() for name in clocks]
    found = [profile.clock(name, kind=kind.code, category=category, area=area) for name in names]
    rings = tuple(rule.breaches if rule else None for rule in found)
    return known is not None and known.grid, straight, rings


def _desks(town: Town, area: str) -> object:
    """The chain of command over an area, each unit by what it can do."""
    first = town.find("grid", area) or town.desk_for(area)
    return tuple((unit.kind, frozenset(unit.acts & {*_DESK_DOES, "sign"})) for unit in town.chain(first.code))


def _widest(profile: Profile) -> str:
    """A category that the grid may hold first, if there is one: it can come to every hand."""
    leaves = [row for row in profile.categories.values() if row.parent]
    return max(leaves, key=lambda row: row.grid).code if leaves else ""


# -- limits -----------------------------------------------------------------------------------------------------


def limits_without_effect(city: City, kind: Kind) -> Iterator[str]:
    """At its limit a counted way must be refused, become an objection, or lead to the desk above."""
    category, area = scenes(city, kind)[0]
    told: set[str] = set()
    for now in every_stage(city, kind, category, area):
        for move, by in _possible(city, now.case).values():
            if move.limit and move.name not in told and _goes_on(city, now, move, by):
                told.add(move.name)
                yield f"Kind {kind.code}: “{move.name}” goes on after its limit “{move.limit}”."


def _goes_on(city: City, now: Moment, move: Move, by: Actor) -> bool:
    """Whether a way that is counted can be gone once too often, below the root and without leaving the desk."""
    most, so_far = getattr(city.profile.limits, move.limit), now.case.count(move.limit)
    if now.case.desk == city.town.root:
        return False
    full = replace(now, case=msgspec.structs.replace(now.case, counts={**now.case.counts, move.limit: most}))
    for n in (0, 1, 2):
        ask = Ask(move.name, by, now.at, filled(move, now.case, city, now.at, Choose(n)))
        before, after = step(city, now, ask), step(city, full, ask)
        counted = before is not None and before.case.count(move.limit) > so_far
        moved = after is not None and after.case.stage != now.case.stage
        if after and counted and (moved or move.target is None) and after.case.desk == now.case.desk:
            return True
    return False
