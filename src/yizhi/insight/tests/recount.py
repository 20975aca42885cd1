"""The whole count, case by case in Python, from the rows and the log alone: what every number is held against."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.utils.timezone import localtime

from yizhi.cases.city import current
from yizhi.cases.testing import rows
from yizhi.core.actor import Actor
from yizhi.core.case import ENDS, Case
from yizhi.insight.queries import Wanted, below
from yizhi.insight.rules import KNOWN

Fields = dict[str, Any]

_EVENTS = """
SELECT e.move, e.unit, e.facts::text, e.sets::text, e.recorded FROM cases_event AS e WHERE e.case_id = %s ORDER BY e.seq
"""
_MOVES = {
    "send_back": "returned",
    "object": "objected",
    "suspend": "deferred",
    "escalate": "escalated",
    "rework": "reworked",
    "reopen": "reopened",
    "breach": "late",
}


@dataclass(frozen=True)
class Counted:
    """One case: what happened to it on which day with which unit, and what stands now, with its time."""

    case_id: int
    state: Case
    happened: frozenset[tuple[str, date, str]]
    stands: tuple[tuple[str, str, datetime | None], ...]


def everything() -> list[Counted]:
    return [_counted(number, state) for number, state in rows("SELECT id, state::text FROM cases_case ORDER BY id")]


def _counted(number: int, text: str) -> Counted:
    state = msgspec.json.decode(text, type=Case)
    happened, lead, objector, late = set(), "", "", False
    for move, unit, said, made, recorded in rows(_EVENTS, number):
        facts, sets = msgspec.json.decode(said), msgspec.json.decode(made)
        day = localtime(recorded).date()
        for what, whose in _told(move, unit, facts, sets, lead, objector):
            if what != "late" or not late:
                happened.add((what, day, whose))
        lead = sets.get("lead", lead)
        late = late or move == "breach"
        objector = unit if move == "object" else objector
    return Counted(number, state, frozenset(happened), tuple(_stands(state)))


def _told(move: str, unit: str, facts: Fields, sets: Fields, lead: str, objector: str) -> list[tuple[str, str]]:
    found, handler, stage = [], lead or unit, sets.get("stage", "")
    if sets.get("lead"):
        found.append(("given", sets["lead"]))
    if move == "report":
        found.append(("new", sets["desk"]))
    if move in _MOVES:
        whose = {"breach": facts.get("owner", ""), "rework": handler, "reopen": handler}.get(move, unit or lead)
        found.append((_MOVES[move], whose))
    if move == "rule":
        found.append(("upheld" if facts.get("upheld") else "overruled", objector))
    if move == "follow_up" and facts["answer"] == "no":
        found.append(("unsolved", handler))
    if stage in ENDS:
        found.append((stage, handler))
    if stage == "closed":
        happy = "confirmed" if sets.get("satisfied") else "called"
        found.append(("unanswered" if move == "close_unanswered" else happy, handler))
        known = current().town.units.get(lead)
        rank = known.rank if known and known.rank in ("grid", "community", "street") else "district"
        found.append((f"circle:{rank}", handler))
    return found


def _stands(case: Case) -> list[tuple[str, str, datetime | None]]:
    if not case.is_open:
        return []
    found: list[tuple[str, str, datetime | None]] = [
        (f"in:{case.stage}", case.holder, None),
        ("open", case.holder, None),
    ]
    if case.stage in ("handled", "verified"):
        found.append(("pending", case.holder, None))
    if case.due:
        found.append(("due", case.holder, case.due))
    if case.objection:
        found.append(("wait:rule", case.objection.desk, None))
    if case.extension:
        found.append(("wait:extend", case.desk, None))
    if case.proposal:
        found.append(("wait:confirm", case.proposal.unit, None))
    if case.supervision:
        found.append(("watched", case.holder, case.due))
    if clock := case.clock("instruct"):
        found.append(("wait:answer", clock.owner, clock.due))
    return found


def sees(who: Actor, case: Case) -> bool:
    """What an area's list shows: secret and about-us never."""
    city = current()
    mine = {up.code for unit in who.units for up in city.town.chain(unit)}
    if case.secret or city.kinds[case.kind].secret or mine & set(case.about):
        return False
    return any("see" in p.acts and p.kinds & {case.kind, "*"} and p.scope.holds(case.area) for p in who.posts)


def members(who: Actor, wanted: Wanted, at: datetime, cases: list[Counted]) -> dict[str, set[int]]:
    """For every number: the cases that it counts."""
    found: dict[str, set[int]] = {what: set() for what in KNOWN}
    for one in cases:
        if _inside(wanted, one.state) and sees(who, one.state):
            for what in _counts(wanted, one, at):
                found[what].add(one.case_id)
    return found


def _inside(wanted: Wanted, case: Case) -> bool:
    deeper = wanted.own and case.area.startswith(tuple(below(current(), wanted.area)) or ("-",))
    return case.area.startswith(wanted.area) and not deeper and wanted.kind in ("", case.kind)


def _counts(wanted: Wanted, one: Counted, at: datetime) -> set[str]:
    found = set()
    for what, day, unit in one.happened:
        if wanted.period.since <= day <= wanted.period.until and wanted.unit in ("", unit):
            found.add(what)
    for what, unit, due in one.stands:
        if wanted.unit not in ("", unit):
            continue
        if what == "due":
            assert due is not None
            found |= {"overdue"} if due < at else {"near"} if due < at + timedelta(hours=24) else set()
            continue
        found.add(what)
        if what in ("watched", "wait:answer") and due and due < at:
            found.add(f"{what}:late")
    return found


def sizes(found: dict[str, set[int]]) -> Counter[str]:
    return Counter({what: len(cases) for what, cases in found.items() if cases})
