"""Steps that several moves share."""

from yizhi.core.case import Assist
from yizhi.core.draft import Draft
from yizhi.core.loop import MOVES
from yizhi.core.standing import over_limit


def start_promises(draft: Draft) -> None:
    """The two clocks of receipt: the grid's team on the spot, the street's answer."""
    draft.start("arrive")
    draft.start("reply")


def hand_to(draft: Draft, unit: str) -> None:
    draft.sets |= {"assists": (), "objection": None, "final": False, "check": True, "self_handled": False}
    draft.sets |= {"lead": unit, "person": None}
    draft.reset("objected")
    draft.go("dispatched", holder=unit)


def add_assists(draft: Draft, units: list[str]) -> None:
    present = {assist.unit for assist in draft.now("assists") if not assist.done}
    added = [unit for unit in units if unit not in present]
    others = tuple(assist for assist in draft.now("assists") if assist.unit not in added)
    draft.sets["assists"] = others + tuple(Assist(unit=unit) for unit in added)
    for unit in added:
        draft.start("assist", owner=unit, of=unit)


def hand_in(draft: Draft) -> None:
    """To the desk that checks: never the unit that handled it (at the root nobody is left to check: the reporter
    is asked at once). A self-solved case is checked by sample."""
    case, city, lead = draft.case, draft.city, draft.now("lead")
    desk = case.desk if case.desk != lead else city.desk_above(case, case.desk).code
    wanted = not draft.now("self_handled") or draft.ask.draw < city.profile.limits.sample
    draft.sets |= {"check": wanted and desk != lead, "result": draft.facts["result"]}
    draft.sets["handled_by"] = draft.ask.by.account
    draft.go("handled", holder=desk, desk=desk)


def desk_after(draft: Draft, move: str) -> str:
    """The case's own desk, or the one above when this way has been gone as often as allowed."""
    case, city = draft.case, draft.city
    return city.desk_above(case, case.desk).code if over_limit(MOVES[move], case, city) else case.desk
