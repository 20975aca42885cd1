"""A matter as the enterprise sees it: who has it, by when, what was promised, what has been done. And the written
answer: one paper for all departments together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yizhi.cases.queries import Picture, Step, Whole
from yizhi.cases.queries.one import Seen
from yizhi.core.actor import Actor
from yizhi.core.town import Unit
from yizhi.doors import times, words
from yizhi.enterprise import queries, rules
from yizhi.enterprise.queries import Called, Member, Person
from yizhi.paper import pdf


@dataclass(frozen=True, slots=True)
class Line:
    """One step; `note` are the words of whoever made it."""

    text: str
    note: str
    photos: list[Picture]
    happened: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    what: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A department that has a part in it, and whether it has answered."""

    unit: str
    done: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`answers`: what the enterprise may do now. `meets`: when a leader will meet it. `answered`: there is a result to
    be written down."""

    called: Called
    headline: str
    category: str
    holder: Unit | None
    limits: list[Limit]
    parts: list[Part]
    meets: datetime | None
    lines: list[Line]
    answers: frozenset[str]
    looks: list[tuple[Seen, str]]
    answered: bool
    done: str

    @property
    def solved(self) -> bool:
        case = self.called.whole.state
        return bool(case.satisfied) and case.stage == "closed"


def page(called: Called, at: datetime, *, done: str = "") -> Page:
    whole, case = called.whole, called.whole.state
    units = whole.city.town.units
    answers = frozenset(move.name for move, _facts in whole.moves)
    asked = "follow_up" in answers
    return Page(
        called=called,
        headline=_headline(whole, asked),
        category=words.category_name(whole.city.profile, case.category),
        holder=units.get(case.holder) if case.is_open else None,
        limits=_limits(whole),
        parts=[Part(_unit(whole, one.unit), one.done) for one in case.assists],
        meets=_meets(whole, at),
        lines=[line for step in reversed(whole.steps) if (line := _line(step, whole))],
        answers=answers,
        looks=[(look, _unit(whole, look.unit)) for look in whole.looks],
        answered=rules.has_answer(case.stage),
        done=_(rules.DONE[done]) if done in rules.DONE else "",
    )


def _headline(whole: Whole, asked: bool) -> str:
    case = whole.state
    if case.stage == "closed" and case.satisfied:
        return _("You told us that it is solved")
    text = rules.HEADLINES["verified" if asked else case.stage]
    return _(text)


def _limits(whole: Whole) -> list[Limit]:
    running = {clock.name: clock for clock in whole.state.clocks if clock.left is None}
    found = [Limit(_(what), running[name].due) for name, what in rules.LIMITS.items() if name in running]
    return sorted(found, key=lambda limit: limit.due)


def _meets(whole: Whole, at: datetime) -> datetime | None:
    found = (rules.appointment(step.move, step.facts) for step in reversed(whole.steps))
    return next((when for when in found if when and when >= at), None)


def _line(step: Step, whole: Whole) -> Line | None:
    told = rules.told(step.move, step.facts, own=step.account is None and step.door == "enterprise")
    if told is None:
        return None
    text = _(told.text).format(**_facts(step, whole))
    return Line(text, (step.note or "") if told.note else "", step.photos if told.note else [], step.happened)


def _facts(step: Step, whole: Whole) -> dict[str, Any]:
    ground, until = step.facts.get("ground"), step.facts.get("until")
    return {
        "unit": _unit(whole, step.unit) or _("The platform"),
        "named": _unit(whole, str(step.facts.get("unit", ""))),
        "ground": words.choice_name(str(ground)) if ground else "",
        "channel": words.choice_name(str(step.facts.get("to", ""))),
        "until": times.full(datetime.fromisoformat(str(until))) if until else "",
    }


def _unit(whole: Whole, code: str) -> str:
    found = whole.city.town.units.get(code)
    return found.name if found else code


# -- before the desk ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """What whoever deals with it sees of the enterprise. `may_keep`: whether they can say that a promise was kept;
    `may_look`: whether they may see whom to ring."""

    called: Called
    person: Person
    meets: datetime | None
    may_keep: bool
    may_look: bool
    answered: bool
    shown: Person | None = None
    trouble: str = ""


def box(whole: Whole, who: Actor, at: datetime, *, shown: Person | None = None, trouble: str = "") -> Box | None:
    """For `cases.panels`; `shown`: the person just looked at, `trouble`: why looking was refused."""
    found = queries.called(whole)
    if found is None:
        return None
    case, own = whole.state, who.units & whole.state.hands
    return Box(
        called=found,
        person=found.contact.person.masked if found.contact else Person("", ""),
        meets=_meets(whole, at),
        may_keep=who.may("progress", case.kind, own) is not None,
        may_look=who.may("unmask", case.kind, own) is not None and found.contact is not None,
        answered=rules.has_answer(case.stage),
        shown=shown,
        trouble=trouble,
    )


# -- on paper -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What a department answers."""

    unit: str
    words: str


def answer_pdf(called: Called, at: datetime) -> bytes:
    """The written answer, in the city's language: what the lead found, what each department did, what was promised."""
    with translation.override(settings.LANGUAGE_CODE):
        return pdf(render_to_string("enterprise/answer.html", _answer(called, at), using="jinja2"))


def _answer(called: Called, at: datetime) -> dict[str, Any]:
    whole = called.whole
    case, city = whole.state, whole.city
    return {
        "called": called,
        "city": city.profile.name_zh,
        "office": _unit(whole, case.desk),
        "lead": _unit(whole, case.lead),
        "category": words.category_name(city.profile, case.category),
        "result": words.choice_name(case.result) if case.result else "",
        "said": [*_said(whole, "finish"), *_said(whole, "assist_done")],
        "units": {promise.unit: _unit(whole, promise.unit) for promise in called.promises},
        "day": lambda moment: times.day(localdate(moment)),
        "at": at,
    }


def _said(whole: Whole, move: str) -> list[Said]:
    """The last words of each unit that made this move."""
    last = {step.unit: step.note for step in whole.steps if step.move == move and step.note}
    return [Said(_unit(whole, unit), note) for unit, note in last.items()]


def mine(called: Called, me: Member) -> bool:
    """Whether it is me whom the office rings."""
    return called.contact is not None and called.contact.id == me.id
