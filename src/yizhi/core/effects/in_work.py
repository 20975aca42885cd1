"""In the units' hands: sign, return, object, recall, pass on, assist, defer, extend."""

from datetime import timedelta

import msgspec

from yizhi.core.calendar import Span
from yizhi.core.case import Extension, Objection
from yizhi.core.draft import Draft
from yizhi.core.effects.steps import add_assists, desk_after, hand_to, hand_to_checker, others
from yizhi.core.errors import N_, BadFact, LimitReached, MissingFact
from yizhi.core.loop import MOVES, WHOLE_PAUSES
from yizhi.core.standing import above, becomes_objection


def sign(draft: Draft) -> None:
    draft.go("handling")


def send_back(draft: Draft) -> None:
    """申请退回: after the limit there is no way back but an objection, on which the desk above decides."""
    if becomes_objection(MOVES["send_back"], draft.case, draft.city):
        draft.move = "object"
        raise_objection(draft)
        return
    draft.count("send_backs")
    draft.to_desk(draft.case.desk)


def raise_objection(draft: Draft) -> None:
    desk = draft.city.desk_above(draft.case, draft.case.desk).code
    draft.count("objections")
    draft.sets["objection"] = Objection(unit=draft.unit, desk=desk, ground=draft.facts["ground"])
    draft.start("rule", owner=desk)


def rule(draft: Draft) -> None:
    """异议审定: the ruling is final; clocks run on unless another lead is named."""
    draft.sets["objection"] = None
    draft.stop("rule")
    if not draft.facts.get("upheld"):
        draft.sets["final"] = True
        return
    if "unit" not in draft.facts:
        raise MissingFact(fact="unit", label=MOVES["rule"].facts[1].label)
    hand_to(draft, draft.facts["unit"])
    draft.sets["final"] = True


def recall(draft: Draft) -> None:
    """A desk takes back what it gave; a desk above that does so keeps it. Too often: to the desk above."""
    by_above = draft.unit and draft.unit != draft.case.desk
    desk = draft.unit if by_above else desk_after(draft, "recall")
    draft.count("recalls")
    draft.to_desk(desk)


def reassign(draft: Draft) -> None:
    """转派: to a person, or to a part of the unit, which then holds the case."""
    unit = draft.facts.get("unit", draft.case.lead)
    if unit != draft.case.lead and not draft.city.town.is_above(draft.case.lead, unit):
        raise BadFact(fact="unit", label=MOVES["reassign"].facts[0].label, why=N_("it is not a part of your unit"))
    draft.sets |= {"lead": unit, "holder": unit, "person": draft.facts.get("person")}
    for clock in draft.case.clocks:
        if clock.owner == draft.case.lead and clock.name in ("handle", "instruct"):
            draft.put(msgspec.structs.replace(clock, owner=unit))


def add_assist(draft: Draft) -> None:
    add_assists(draft, others(draft, draft.case.lead))


def assist_done(draft: Draft) -> None:
    draft.stop(f"assist:{draft.unit}")
    draft.sets["assists"] = tuple(
        msgspec.structs.replace(assist, done=True) if assist.unit == draft.unit else assist
        for assist in draft.case.assists
    )


def release_assist(draft: Draft) -> None:
    gone = set(draft.facts["units"])
    draft.sets["assists"] = tuple(a for a in draft.case.assists if a.unit not in gone or a.done)
    for unit in gone:
        draft.stop(f"assist:{unit}")


def contacted(draft: Draft) -> None:
    draft.count("contacted")
    draft.stop("contact")


def arrived(draft: Draft) -> None:
    draft.count("arrived")
    draft.stop("arrive")


def replied(draft: Draft) -> None:
    draft.count("replied")
    draft.stop("reply")


def progress(draft: Draft) -> None:
    """Also the answer to a leader's instruction, when it comes from the unit that was told."""
    told = draft.case.clock("instruct")
    if told and told.owner == draft.unit:
        draft.stop("instruct")


def copy(draft: Draft) -> None:
    draft.sets["copied"] = tuple(dict.fromkeys(draft.case.copied + draft.facts["units"]))


def escalate(draft: Draft) -> None:
    case = draft.case
    desk = above(case, draft.city)
    draft.count("escalations")
    if case.stage == "handled":
        hand_to_checker(draft, desk, wanted=case.check)
    else:
        draft.to_desk(desk)
    draft.sets["segment"] = case.segment + 1


def suspend(draft: Draft) -> None:
    """暂缓: the sum of all pauses of a case is capped; a desk is woken when the date comes."""
    until = draft.facts["until"]
    limit = draft.city.profile.limits.suspend_days
    days = -(-(until - draft.ask.at) // timedelta(days=1))
    if draft.case.count("suspend_days") + days > limit:
        raise LimitReached(move=MOVES["suspend"].label, limit=limit, instead="finish")
    draft.count("suspensions")
    draft.count("suspend_days", days)
    draft.go("suspended")
    draft.start("until", owner=draft.case.lead, due=until)
    draft.pause("handle")
    if draft.facts["ground"] in WHOLE_PAUSES:
        draft.pause("whole")


def resume(draft: Draft) -> None:
    draft.go("handling")
    draft.resume("handle")


def extend(draft: Draft) -> None:
    most = draft.city.profile.limits.extension_workdays
    if draft.facts["workdays"] > most:
        raise BadFact(fact="workdays", label=MOVES["extend"].facts[0].label, why=N_("it is more than the city allows"))
    draft.count("extensions")
    draft.sets["extension"] = Extension(unit=draft.unit, workdays=draft.facts["workdays"])
    draft.start("extension", owner=draft.case.desk)


def grant_extension(draft: Draft) -> None:
    """Granted days are added to what was promised, never to today: what is late by more than that stays late."""
    asked = draft.case.extension
    draft.sets["extension"] = None
    draft.stop("extension")
    if asked and draft.facts.get("granted"):
        draft.facts["workdays"] = asked.workdays
        for key in ("handle", "whole"):
            _lengthen(draft, key, asked.workdays)


def _lengthen(draft: Draft, key: str, workdays: int) -> None:
    clock = draft.case.clock(key)
    if clock:
        calendar = draft.city.profile.calendar
        due = calendar.due(clock.due, Span(workdays, "workdays"))
        draft.put(msgspec.structs.replace(clock, due=due, fires=due if due > draft.ask.at else clock.fires))
