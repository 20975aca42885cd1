"""What holds after every step of every case, whatever anybody does. Each rule gives a sentence when it is broken."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from yizhi.core.case import ENDS, OPEN, Case, Event, evolve, plain, restore_case, restore_event
from yizhi.core.city import City
from yizhi.core.loop import CLEARING, MOVES, STAGE_CLOCKS
from yizhi.core.wandering import Step

_IN_UNITS_HANDS = frozenset(("dispatched", "handling", "suspended"))
_AT_A_DESK = frozenset(("accepted", "handled", "verified"))


def broken(step: Step, city: City) -> list[str]:
    """The rules that this step broke; none, or there is a bug."""
    return [f"{rule.__name__.strip('_')}: {said}" for rule in _RULES for said in rule(step, city)]


def _one_hand(step: Step, city: City) -> Iterator[str]:
    case = step.after
    if not case.is_open:
        return
    if case.holder not in city.town.units or case.desk not in city.town.units:
        yield f"held by “{case.holder}”, answered for by “{case.desk}”"
    elif city.town.unit(case.desk).kind != "desk":
        yield f"{case.desk} is no desk"
    if case.stage in _IN_UNITS_HANDS and not case.holder == case.lead != "":
        yield f"{case.stage}, led by “{case.lead}” and held by {case.holder}"
    if case.stage in _IN_UNITS_HANDS | {"handled", "verified", "closed"} and not case.category and not case.merged_into:
        yield f"{case.stage}, and nobody knows what sort of matter it is"
    if case.stage == "handled" and case.check and case.lead == case.holder:
        yield f"{case.lead} would have to check itself"
    if case.stage in _AT_A_DESK and case.holder != case.desk:
        yield f"{case.stage}, answered for by {case.desk} and held by {case.holder}"


def _merged_or_not(step: Step, city: City) -> Iterator[str]:
    """A matter of its own is nobody else's; a merged one names the other, also after its reporter has answered."""
    case = step.after
    if case.stage == "merged" and case.merged_into is None:
        yield "merged into nothing"
    if case.is_open and case.merged_into is not None:
        yield f"{case.stage}, and still part of {case.merged_into}"


def _always_a_clock(step: Step, city: City) -> Iterator[str]:
    case = step.after
    if case.stage in ENDS and case.clocks:
        yield f"{case.stage}, and {[clock.key for clock in case.clocks]} still run"
    if case.stage in OPEN and case.fires is None:
        yield f"{case.stage}, and nothing rings"
    running = sorted(clock.due for clock in case.clocks if clock.left is None)
    if case.due != (running[0] if running else None):
        yield f"due is {case.due}, the clocks say {running}"


def _clocks_of_the_stage(step: Step, city: City) -> Iterator[str]:
    """Each stage has its own clock and no other stage's; a paused clock belongs to a deferred case."""
    case = step.after
    own = set(STAGE_CLOCKS.get(case.stage, ()))
    others = {name for names in STAGE_CLOCKS.values() for name in names} - own
    others -= {"handle"} if case.stage == "suspended" else set()
    present = {clock.name for clock in case.clocks}
    if present & others:
        yield f"{case.stage} with the clock of another stage: {sorted(present & others)}"
    if case.stage == "suspended" and "handle" not in present:
        yield "suspended, and nobody knows how much time was left"
    if case.stage in OPEN and len(present & own) != 1:
        yield f"{case.stage} with {sorted(present & own)} of its own"
    paused = [clock.key for clock in case.clocks if clock.left is not None]
    if paused and case.stage != "suspended":
        yield f"{case.stage} with paused clocks: {paused}"


def _objects_and_their_clocks(step: Step, city: City) -> Iterator[str]:
    """What hangs on the work and the clock of each come and go together."""
    case = step.after
    wanted: set[str] = {f"assist:{unit}" for unit in case.open_assists()}
    wanted |= {"rule"} if case.objection else set()
    wanted |= {"extension"} if case.extension else set()
    if case.whistle:
        wanted |= {f"arrive_by:{unit}" for unit in case.whistle.units if unit not in case.whistle.arrived}
    present = {clock.key for clock in case.clocks if clock.name in ("assist", "rule", "extension", "arrive_by")}
    if case.stage in OPEN and wanted != present:
        yield f"{case.stage}: {sorted(wanted)} hang on it, {sorted(present)} run"


def _nothing_hangs_over(step: Step, city: City) -> Iterator[str]:
    """Assistance, objection, extension, whistle and consultation end with the hand that they belong to."""
    before, case = step.before, step.after
    hanging = {
        "an objection": case.objection and case.stage not in ("dispatched", "handling"),
        "an extension": case.extension and case.stage != "handling",
        "assistance": case.open_assists() and case.stage not in _IN_UNITS_HANDS,
        "a whistle": case.whistle and case.stage not in _IN_UNITS_HANDS | {"accepted"},
        "a consultation": case.consultation and case.stage not in _IN_UNITS_HANDS | {"accepted"},
    }
    yield from (f"{name} is open at {case.stage}" for name, open_ in hanging.items() if open_)
    handed_on = before.lead not in ("", case.lead) and step.events[-1].move != "reassign"
    cleared = step.ask.move in CLEARING and case.stage != before.stage
    if handed_on or cleared:
        for name in ("objection", "extension", "whistle", "consultation"):
            if getattr(case, name) is not None:
                yield f"{name} outlived {step.ask.move}"
        if case.open_assists() and step.events[-1].move != "dispatch":
            yield f"assistance outlived {step.ask.move}"


def _never_those_it_is_about(step: Step, city: City) -> Iterator[str]:
    """A unit complained of and its subordinates: no hand, no call, no clock, no move."""
    before = step.states[0].about if step.before.stage == "new" else step.before.about
    for event, state in zip(step.events, step.states, strict=True):
        off = city.town.touched(frozenset(state.about))
        if state.hands & off:
            yield f"{sorted(state.hands & off)} have a hand in it"
        if event.unit in city.town.touched(frozenset(before)):
            yield f"{event.unit} made the move {event.move}"
        before = state.about


def _counted(step: Step, city: City) -> Iterator[str]:
    """At its limit a way is refused, becomes an objection, or goes to the desk above; only the root goes on."""
    case = step.before
    for event, after in zip(step.events, step.states, strict=True):
        limit = MOVES[event.move].limit
        over = limit and case.count(limit) >= getattr(city.profile.limits, limit)
        counted = after.count(limit) > case.count(limit) if limit else False
        if over and (counted or after.stage != case.stage) and not _climbed(case, after, city):
            yield f"{event.move} once more at {case.desk}, after {case.count(limit)} times"
        case = after


def _climbed(before: Case, after: Case, city: City) -> bool:
    root = city.town.root
    return before.desk == root or after.desk == root or city.town.is_above(after.desk, before.desk)


def _rises_only(step: Step, city: City) -> Iterator[str]:
    """The desk that answers for a case is never replaced by a lower one; pauses in all are capped."""
    before, case = step.before, step.after
    if before.desk not in ("", case.desk) and not city.town.is_above(case.desk, before.desk):
        yield f"from {before.desk} to {case.desk}"
    if case.count("suspend_days") > city.profile.limits.suspend_days:
        yield f"put off for {case.count('suspend_days')} days"


def _checked_by_another(step: Step, city: City) -> Iterator[str]:
    by = step.ask.by.account
    if step.ask.move in ("verify", "rework") and by == step.before.handled_by:
        yield f"account {by} handled it and made {step.ask.move}"


def _the_log_is_the_case(step: Step, city: City) -> Iterator[str]:
    case = step.before
    for event, state in zip(step.events, step.states, strict=True):
        again = restore_event(_through_json(event))
        case = evolve(restore_case(_through_json(case)), again)
        if case != state or msgspec.json.encode(again) != msgspec.json.encode(event):
            yield f"{event.move} folds to another case after JSON"
        if "note" in event.facts:
            yield f"{event.move} carries text"
        if event.happened > event.recorded:
            yield f"{event.move} happened after it was recorded"
    before, after = step.before, step.after
    moved = (before.stage, before.holder, before.lead) != (after.stage, after.holder, after.lead)
    if after.seq != before.seq + len(step.events) or (moved and after.version == before.version):
        yield f"{step.ask.move} led from {before.seq}/{before.version} to {after.seq}/{after.version}"


def _through_json(value: Case | Event) -> Any:
    return msgspec.json.decode(msgspec.json.encode(plain(value)))


_RULES: tuple[Callable[[Step, City], Iterator[str]], ...] = (
    _one_hand,
    _merged_or_not,
    _always_a_clock,
    _clocks_of_the_stage,
    _objects_and_their_clocks,
    _nothing_hangs_over,
    _never_those_it_is_about,
    _counted,
    _rises_only,
    _checked_by_another,
    _the_log_is_the_case,
)
