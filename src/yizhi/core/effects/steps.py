"""Steps that several moves share."""

import msgspec

from yizhi.core.asked import CATEGORY, UNITS
from yizhi.core.case import Assist
from yizhi.core.draft import Draft
from yizhi.core.errors import MissingFact
from yizhi.core.loop import MOVES
from yizhi.core.standing import over_limit

#: The clocks of receipt, and the counter that says it has been done: the desk's first call, the grid's team on the
#: spot, the street's answer.
_PROMISES = (("contact", "contacted"), ("arrive", "arrived"), ("reply", "replied"))


def start_promises(draft: Draft) -> None:
    """Those that the kind can keep: nobody promises a visit where there is nothing to be seen."""
    for clock, _ in _PROMISES:
        if clock in draft.city.kinds[draft.case.kind].moves:
            draft.start(clock)


def settle_category(draft: Draft) -> None:
    """A new category brings its own figures, from receipt as before; what has been done stays done. Without any
    category neither a clock nor the duty list knows what it is about: `MissingFact`."""
    category = draft.facts.get("category") or draft.case.category
    if not category:
        raise MissingFact(fact="category", label=CATEGORY.label)
    if category == draft.case.category:
        return
    draft.sets["category"] = category
    for name, done in _PROMISES:
        if name in draft.city.kinds[draft.case.kind].moves and not draft.case.count(done):
            _promise_anew(draft, name)


def _promise_anew(draft: Draft, name: str) -> None:
    """A category without a figure leaves the promise as it was given; what is late under the old figure and under
    the new one is late once."""
    old = draft.case.clock(name)
    draft.start(name, since=draft.case.reported)
    new = draft.puts.get(name)
    if old and new and old.breaches and new.due <= draft.ask.at:
        draft.put(msgspec.structs.replace(new, breaches=old.breaches, fires=None))


def hand_to(draft: Draft, unit: str) -> None:
    draft.sets |= {"assists": (), "objection": None, "final": False, "check": True, "self_handled": False}
    draft.sets |= {"lead": unit, "person": None}
    draft.reset("objections")
    draft.go("dispatched", holder=unit)


def others(draft: Draft, unit: str) -> list[str]:
    """The units that a move names, but for one; `MissingFact` when none is left."""
    units = [code for code in draft.facts["units"] if code != unit]
    if not units:
        raise MissingFact(fact="units", label=UNITS.label)
    return units


def add_assists(draft: Draft, units: list[str]) -> None:
    present = {assist.unit for assist in draft.now("assists") if not assist.done}
    added = [unit for unit in units if unit not in present]
    others = tuple(assist for assist in draft.now("assists") if assist.unit not in added)
    draft.sets["assists"] = others + tuple(Assist(unit=unit) for unit in added)
    for unit in added:
        draft.start("assist", owner=unit, of=unit)


def hand_in(draft: Draft) -> None:
    """To the desk that checks. A self-solved case is checked by sample."""
    wanted = not draft.now("self_handled") or draft.ask.draw < draft.city.profile.limits.sample
    draft.sets |= {"result": draft.facts["result"], "handled_by": draft.ask.by.account}
    hand_to_checker(draft, draft.case.desk, wanted=wanted)


def hand_to_checker(draft: Draft, desk: str, *, wanted: bool) -> None:
    """Never the unit that handled it: then the desk above. At the root nobody is left to check: the reporter is
    asked at once."""
    lead = draft.now("lead")
    if desk == lead:
        desk = draft.city.desk_above(draft.case, desk).code
    draft.go("handled", check=wanted and desk != lead, holder=desk, desk=desk)


def desk_after(draft: Draft, move: str) -> str:
    """The case's own desk, or the one above when this way has been gone as often as allowed."""
    case, city = draft.case, draft.city
    return city.desk_above(case, case.desk).code if over_limit(MOVES[move], case, city) else case.desk
