"""Around the work: supervise, instruct, whistle, consult, and corrections by two persons."""

import msgspec

from yizhi.core.calendar import Span
from yizhi.core.case import Consultation, Proposal, Whistle
from yizhi.core.draft import Draft
from yizhi.core.effects.steps import hand_to, others, settle_category


def supervise(draft: Draft) -> None:
    draft.sets["supervision"] = draft.facts["level"]


def instruct(draft: Draft) -> None:
    """A second instruction gains nobody time: the answer to both is due when the first was; what was late already is
    in the log."""
    open_ = draft.case.clock("instruct")
    if open_ and not open_.breaches:
        draft.put(msgspec.structs.replace(open_, owner=draft.case.holder))
    else:
        draft.start("instruct", owner=draft.case.holder)


def whistle(draft: Draft) -> None:
    units = tuple(others(draft, draft.unit))
    draft.sets["whistle"] = Whistle(unit=draft.unit, units=units)
    for unit in units:
        draft.start("arrive_by", owner=unit, of=unit)


def report_in(draft: Draft) -> None:
    whistle = draft.case.whistle
    if whistle:
        draft.sets["whistle"] = msgspec.structs.replace(whistle, arrived=(*whistle.arrived, draft.unit))
    draft.stop(f"arrive_by:{draft.unit}")


def conclude_whistle(draft: Draft) -> None:
    draft.sets["whistle"] = None
    for unit in draft.case.whistle.units if draft.case.whistle else ():
        draft.stop(f"arrive_by:{unit}")


def consult(draft: Draft) -> None:
    draft.count("consultations")
    units = tuple(others(draft, draft.unit))
    draft.sets["consultation"] = Consultation(unit=draft.unit, units=units, ground=draft.facts["ground"])


def opine(draft: Draft) -> None:
    consultation = draft.case.consultation
    if consultation:
        opined = (*consultation.opined, draft.unit)
        draft.sets["consultation"] = msgspec.structs.replace(consultation, opined=opined)


def conclude_consult(draft: Draft) -> None:
    """会商 ends with a lead named; nobody can send it back after that."""
    draft.sets["consultation"] = None
    settle_category(draft)
    hand_to(draft, draft.facts["unit"])
    draft.sets["final"] = True


def excuse(draft: Draft) -> None:
    """A breach proved wrong is answered, never erased: the log keeps both."""
    draft.sets["proposal"] = None


def recalendar(draft: Draft) -> None:
    """A limit in days that stands as it was first promised is promised anew by the calendar now in force; one that
    was paused or lengthened keeps its date."""
    calendar = draft.city.profile.calendar
    before = draft.ask.facts.get("before", calendar)
    for clock in draft.case.clocks:
        span = Span(clock.amount, clock.unit)
        if clock.fires is None or before.due(clock.started, span) != clock.due:
            continue
        due = calendar.due(clock.started, span)
        if due != clock.due:
            draft.put(msgspec.structs.replace(clock, due=due, fires=due if clock.fires == clock.due else clock.fires))


def heard(draft: Draft) -> None:
    """What somebody says whose own matter was merged into this one carries the name of that matter."""
    if draft.ask.by.door == "merged":
        draft.facts["of"] = draft.ask.by.reporter_of


def nothing(draft: Draft) -> None:
    """The event says it all."""


def propose(draft: Draft) -> None:
    """The first of two persons: nothing moves yet."""
    draft.facts["proposed"] = True
    draft.sets["proposal"] = Proposal(
        move=draft.move,
        account=draft.ask.by.account,
        unit=draft.unit,
        about=str(draft.facts.get("clock", "")),
    )
