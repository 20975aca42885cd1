"""A matter as its reporter sees it: like a parcel, newest on top, in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yizhi.cases import queries
from yizhi.cases.queries import Picture, Step, Whole
from yizhi.cases.queries.one import Seen
from yizhi.cases.queries.spots import office
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.town import Unit
from yizhi.doors import times, words
from yizhi.matters import rules

#: How long a page greets with thanks: people reload it to see whether it was kept.
_FRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Line:
    """One step in the reporter's words; `note` are the words of whoever made it."""

    text: str
    note: str | None
    photos: list[Picture]
    happened: datetime
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    what: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """`answers` are the names of what the reporter may do now; `fresh`: it was sent a moment ago, `greeted`: nobody
    has done anything yet. `ring`: the office that one can ring. `done` says what the reporter did a moment ago, and
    `add_more` that a word may follow."""

    whole: Whole
    headline: str
    following: str
    solved: bool
    greeted: bool
    fresh: bool
    asked: bool
    holder: Unit | None
    place: str
    promises: list[Promise]
    lines: list[Line]
    answers: frozenset[str]
    looks: list[tuple[Seen, str]]
    ring: Unit | None
    done: str
    add_more: bool


def parcel(whole: Whole, at: datetime, *, done: str = "") -> Parcel:
    """The page of a tracked matter; for a merged one with what became of the main matter."""
    case, city = whole.state, whole.city
    answers = frozenset(move.name for move, _ in whole.moves if _in_window(move.name, whole, at))
    asked = rules.asks_reporter(case.stage, case.check) or "follow_up" in answers
    at_work = whole.main if whole.main and case.stage == "merged" else case
    steps = [line for step in whole.steps if (line := _line(step, whole))]
    return Parcel(
        whole=whole,
        headline=_headline(case, asked),
        following=_following(case, city, asked),
        solved=bool(case.satisfied) and case.stage == "closed",
        greeted=case.stage in ("reported", "dispatched") and len(steps) <= 2,
        fresh=at - whole.reported <= _FRESH and case.is_open,
        asked=asked,
        holder=city.town.units.get(at_work.holder) if at_work.is_open else None,
        place=words.place_name(city.town.area_names, case.area),
        promises=_promises(at_work),
        lines=sorted([*steps, *_lines_of_main(whole)], key=lambda line: line.recorded)[::-1],
        answers=answers,
        looks=[(look, _unit(city, look.unit)) for look in whole.looks],
        ring=office(case, city),
        done=_(rules.DONE[done]) if done in rules.DONE else "",
        add_more=done in ("follow_up", "reopen") and case.is_open,
    )


def _headline(case: Case, asked: bool) -> str:
    if case.stage == "closed" and case.satisfied:
        return _("You told us that it is solved")
    text = rules.HEADLINES["verified" if asked else case.stage]
    return _(text)


def _following(case: Case, city: City, asked: bool) -> str:
    limits = city.profile.limits
    text = rules.NEXT.get("verified" if asked else case.stage, "")
    facts = {"holder": _unit(city, case.holder), "days": limits.reopen_days, "appeal_days": limits.appeal_days}
    return _(text).format(**facts) if text else ""


def _promises(case: Case) -> list[Promise]:
    running = {clock.name: clock for clock in case.clocks if clock.left is None}
    promises = [Promise(_(what), running[name].due) for name, what in rules.PROMISES.items() if name in running]
    return sorted(promises, key=lambda promise: promise.due)


def _line(step: Step, whole: Whole, *, merged: bool = False) -> Line | None:
    told = rules.told(step.move, step.facts, by_reporter=rules.by_reporter(step.account, step.door))
    if told is None or (merged and told.own):
        return None
    text = _(told.text).format(**_facts(step, whole.city)) + _own(step, whole)
    return Line(text, step.note if told.note else None, step.photos if told.note else [], step.happened, step.recorded)


def _own(step: Step, whole: Whole) -> str:
    """What a kind tells of its own: how it was done, and by whom."""
    own = [words.choice_name(str(step.facts[key])) for key in whole.city.kinds[whole.state.kind].told & set(step.facts)]
    said = pgettext("between names", ", ").join([*sorted(own), step.title] if own else [])
    return _(" ({more})").format(more=said) if said else ""


def _lines_of_main(whole: Whole) -> list[Line]:
    """Since the merge: what happened to the matter that this one is dealt with together with."""
    main = queries.main_case(Actor(reporter_of=whole.id, door="scan"), whole.state)
    if main is None:
        return []
    since = max((step.recorded for step in whole.steps if step.move == "merge"), default=whole.reported)
    until = whole.state.moved if whole.state.stage == "closed" else None
    later = [step for step in main.steps if step.recorded > since and (until is None or step.recorded <= until)]
    return [line for step in later if (line := _line(step, main, merged=True))]


def _facts(step: Step, city: City) -> dict[str, Any]:
    facts = step.facts
    ground, until = facts.get("ground"), facts.get("until")
    return {
        "unit": _unit(city, step.unit) or _("The platform"),
        "named": _unit(city, str(facts.get("unit", ""))),
        "ground": words.choice_name(str(ground)) if ground else "",
        "channel": words.choice_name(str(facts.get("to", ""))),
        "until": times.full(datetime.fromisoformat(str(until))) if until else "",
        "behalf": words.choice_name(str(facts.get("behalf", ""))),
        "workdays": facts.get("workdays", ""),
    }


def _unit(city: City, code: str) -> str:
    found = city.town.units.get(code)
    return found.name if found else code


def _in_window(move: str, whole: Whole, at: datetime) -> bool:
    """Reopening and appealing stay open for some days, and so does the question about a matter that was dealt with
    together with another; after that a page does not offer them."""
    limits, ended = whole.city.profile.limits, whole.main or whole.state
    if ended.is_open:
        return True
    days = {"reopen": limits.reopen_days, "appeal": limits.appeal_days, "follow_up": limits.reopen_days}.get(move)
    return days is None or ended.moved is None or at <= ended.moved + timedelta(days=days)
