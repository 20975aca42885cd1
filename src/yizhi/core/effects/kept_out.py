"""回避: a report turns out to be about a unit. From now on the unit, its people and its subordinates have no hand in
it; what lay with them goes to the desk that commands them."""

from collections.abc import Iterator
from typing import Any

import msgspec

from yizhi.core.case import OPEN, Case
from yizhi.core.city import City
from yizhi.core.draft import Draft
from yizhi.core.errors import AboutTheHighest
from yizhi.core.town import Unit

#: The work is not done yet, so that another hand can take it up.
_TO_DO = OPEN - {"handled", "verified"}
#: What hangs on the work and ends before it moves: the move that says so, the field, its new value, its clocks.
Ending = tuple[str, str, object, tuple[str, ...]]


def about(draft: Draft) -> None:
    city, named = draft.city, draft.facts["about"]
    if city.town.root in named:
        raise AboutTheHighest(unit=city.town.unit(city.town.root).name)
    draft.count("marks")
    draft.sets |= {"about": (*draft.case.about, *named), "marked": (*draft.case.marked, *named)}
    off = off_limits_with(draft.case, draft.facts, city)
    _move_away(draft, off)
    draft.sets["assists"] = tuple(assist for assist in draft.case.assists if assist.unit not in off)
    draft.sets["copied"] = tuple(unit for unit in draft.case.copied if unit not in off)
    for clock in _running(draft):
        if clock.owner in off:
            draft.put(msgspec.structs.replace(clock, owner=draft.now("desk")))


def not_about(draft: Draft) -> None:
    """Only what a desk has marked: the reporter's own word stands."""
    marked = draft.case.marked
    draft.sets |= {"about": tuple(unit for unit in draft.case.about if unit not in marked), "marked": ()}


def off_limits_with(case: Case, facts: dict[str, Any], city: City) -> frozenset[str]:
    """The units that are kept out once these are marked."""
    return city.town.touched(frozenset((*case.about, *facts["about"])))


def takes_work_away(case: Case, off: frozenset[str]) -> bool:
    """Whether somebody who is kept out has the work in hand."""
    return case.stage in _TO_DO and bool({case.holder, case.lead} & off)


def endings(case: Case, off: frozenset[str]) -> Iterator[Ending]:
    """What ends for those who are kept out while the work itself stays where it is."""
    if off.intersection(case.open_assists()):
        kept = tuple(assist for assist in case.assists if assist.unit not in off)
        gone = tuple(f"assist:{unit}" for unit in case.open_assists() if unit in off)
        yield "release_assist", "assists", kept, gone
    for name, called in (("whistle", case.whistle), ("consult", case.consultation)):
        if called and off.intersection((called.unit, *called.units)):
            field = "whistle" if name == "whistle" else "consultation"
            kept_units = tuple(unit for unit in called.units if unit not in off)
            ends = called.unit in off or not kept_units
            clocks = tuple(f"arrive_by:{unit}" for unit in called.units if ends or unit in off)
            yield f"conclude_{name}", field, None if ends else _without(called, off), clocks


def _without(called: Any, off: frozenset[str]) -> object:
    """A whistle or a consultation without the units that are kept out."""
    lists = {name: value for name in ("units", "arrived", "opined") if (value := getattr(called, name, None))}
    kept = {name: tuple(unit for unit in value if unit not in off) for name, value in lists.items()}
    return msgspec.structs.replace(called, **kept)


def _move_away(draft: Draft, off: frozenset[str]) -> None:
    case, city = draft.case, draft.city
    desk = city.town.desk_above(case.desk, kind=case.kind, without=off).code if case.desk in off else case.desk
    if takes_work_away(case, off):
        draft.to_desk(_in_command(draft, off).code)
        return
    if case.desk in off:
        draft.sets["desk"] = desk
    if case.lead in off:
        draft.sets |= {"lead": "", "person": None, "self_handled": False}
    if case.stage == "handled" and (case.holder in off or (case.lead in off and not case.check)):
        draft.go("handled", holder=desk, check=True)
    elif case.stage == "verified" and case.holder in off:
        draft.go("verified", holder=desk)
    elif case.holder in off:
        draft.sets["holder"] = desk
    if case.objection and case.objection.desk in off:
        ruler = city.town.desk_above(case.objection.desk, kind=case.kind, without=off).code
        draft.sets["objection"] = msgspec.structs.replace(case.objection, desk=ruler)
    if case.proposal and case.proposal.unit in off:
        draft.sets["proposal"] = None


def _in_command(draft: Draft, off: frozenset[str]) -> Unit:
    """The nearest desk, up from the case's own, that commands those who had the work."""
    case, town = draft.case, draft.city.town
    had = {case.holder, case.lead} & off
    for unit in town.chain(case.desk):
        staffed = unit.kind == "desk" and unit.can("accept", case.kind) and unit.code not in off
        if staffed and all(town.is_above(unit.code, other) for other in had):
            return unit
    return town.units[town.root]


def _running(draft: Draft) -> list[Any]:
    kept = {clock.key: clock for clock in draft.case.clocks if clock.key not in draft.stops}
    return list((kept | draft.puts).values())
