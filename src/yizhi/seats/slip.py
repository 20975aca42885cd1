"""The paper that goes with a case (办理单): one A4 page with the boxes that officials know, filled from the log where
something is known, blank where somebody will write by hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from yizhi.cases.queries import Whole
from yizhi.core.verbs import dispatch_verb
from yizhi.doors import words
from yizhi.seats.story import Entry, story

#: What one page holds: longer words are cut, and the paper says so. Where much was said, a box holds the last alone.
_LONGEST_TEXT, _LONGEST_WHAT, _LONGEST_NOTE, _MOST_LINES, _MUCH = 300, 50, 60, 2, 300

#: The boxes of the paper, and the moves whose words stand in each.
_BOXES: Final = (
    (N_("Proposed handling"), ("accept", "dispatch", "conclude_consult", "rule", "recall", "escalate")),
    (N_("Leader's instruction"), ("instruct",)),
    (
        N_("Opinion of the handling unit"),
        ("sign", "take", "send_back", "object", "extend", "suspend", "progress", "arrive"),
    ),
    (N_("Result"), ("finish", "solve", "decline", "transfer", "terminate")),
    (N_("Check of the result"), ("verify", "rework")),
    (N_("Call-back"), ("follow_up", "close_unanswered", "reopen")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what, in whose words."""

    who: str
    what: str
    note: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Box:
    label: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    due: datetime
    ground: str


@dataclass(frozen=True, slots=True)
class Slip:
    """`office` heads the paper, `title` is what the paper is called. `cut`: the words go on in the system.
    `roomy`: little was said, so there is room to write by hand."""

    office: str
    title: str
    text: str
    cut: bool
    roomy: bool
    photos: int
    limits: list[Limit]
    lead: str
    assists: list[str]
    boxes: list[Box]


def slip(whole: Whole) -> Slip:
    """The paper of a case. Of the reporter only what is masked stands on it."""
    case, units, entries = whole.state, whole.city.town.units, story(whole)
    desk, text = units.get(case.desk), whole.text or _("(text not shown)")
    roomy = len(text) + sum(len(entry.note or "") for entry in entries[1:]) <= _MUCH
    return Slip(
        office=desk.name if desk else "",
        title=_title(whole),
        text=_short(text, _LONGEST_TEXT),
        cut=len(text) > _LONGEST_TEXT,
        roomy=roomy,
        photos=sum(len(step.photos) for step in whole.steps),
        limits=list(_limits(whole)),
        lead=units[case.lead].name if case.lead in units else "",
        assists=[units[assist.unit].name for assist in case.assists if assist.unit in units],
        boxes=[Box(_(label), _lines(entries, moves, _MOST_LINES if roomy else 1)) for label, moves in _BOXES],
    )


def _title(whole: Whole) -> str:
    """By what handing on was called the last time, as the ranks of both sides say."""
    town = whole.city.town
    for step in reversed(whole.steps):
        desk, unit = town.units.get(step.unit), town.units.get(str(step.facts.get("unit", "")))
        if step.move == "dispatch" and desk and unit:
            return _("{verb}: slip").format(verb=words.dispatch_name(dispatch_verb(desk, unit, town)))
    return _("Slip of handling")


#: The promises that stand on paper.
_PROMISED = ("sign", "handle", "reply", "whole", "instruct")


def _limits(whole: Whole) -> Iterator[Limit]:
    for clock in sorted(whole.state.clocks, key=lambda clock: clock.due):
        if clock.name in _PROMISED and clock.left is None:
            yield Limit(words.clock_name(clock.key), clock.due, words.clock_ground(clock.ground))


def _lines(entries: Iterable[Entry], moves: tuple[str, ...], most: int) -> list[Line]:
    """The newest words of these moves, in the order in which they were said."""
    said = [entry for entry in entries if entry.move in moves]
    return [
        Line(
            entry.unit or entry.who,
            _short(" · ".join([entry.what, *entry.more]), _LONGEST_WHAT),
            _short(entry.note or "", _LONGEST_NOTE),
            entry.happened,
        )
        for entry in said[-most:]
    ]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
