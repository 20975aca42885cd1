"""Every fault of a profile in the reader's language: where it stands, what is wrong, what to do.

The core says its faults in English, one plain sentence each. Here stands the shape of each sentence, with the parts
that differ in braces; a test holds the shapes against the core's own.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from yizhi.cases import city
from yizhi.core.errors import N_
from yizhi.doors import words

_MISSPELT = N_("Compare the spelling with the same key in another entry.")
_VALUE = N_("Correct the value in this place.")
_NAME = N_("Choose a name that exists, or add it where such names are listed (words.toml, categories.csv).")
_FILE = N_("Save the file again as UTF-8 text with the columns of the file that you downloaded.")
_TWICE = N_("Keep one of the two lines.")
_ORDER = N_("Move the line below the one that it refers to.")
_CLOCK = N_("Add or change the rule for this clock in clocks.toml; without it a case could lie for ever.")
_LOOP = N_("The kinds of matter lead into a dead end: undo the last change, and tell the makers of the product.")
_POST = N_("Put somebody into the post: the security administrator does it under “Staff”.")
_UNIT = N_("Add a unit with this role under “Units”, or name another role in the rule.")
_ROOT = N_("Give the topmost desk a unit of the kind “desk”, and put somebody into a post there.")
_LIMIT = N_("Set a figure that people would call a limit, in [limits] of profile.toml.")

#: The shape of a sentence, and what to do about it.
SHAPES: tuple[tuple[str, str], ...] = (
    (N_("“{key}” is not known here."), _MISSPELT),
    (N_("“{key}” must be {wanted}, not “{value}”."), _VALUE),
    (N_("“like” names the role “{role}”, which does not stand above it."), _ORDER),
    (N_("“zone” names “{zone}”, which is no time zone."), _VALUE),
    (N_("“{key}” names the {what} “{name}”, which does not exist."), _NAME),
    (N_("“areas” names {prefix}, which does not lie in {root}."), _VALUE),
    (N_("“{key}” is missing."), N_("Add it: nothing is assumed here.")),
    (N_("it is not valid TOML: {error}."), N_("Look at the line named: a quote, a bracket or a comma is missing.")),
    (N_("the line must have {count} values, as the head has."), N_("Put text that holds a comma in quotes.")),
    (N_("the column “{column}” is missing."), _FILE),
    (N_("the column “{column}” is not known here."), _FILE),
    (N_("the file is missing."), N_("Hand in the whole folder as a zip, or this file alone.")),
    (N_("the file must be saved as UTF-8."), _FILE),
    (N_("there is no such folder."), N_("Choose a version that is in the list.")),
    (
        N_("“code”, “root_area” and “root_unit” must stay as they are."),
        N_("Cases hang on them: put the old values back."),
    ),
    (N_("“closes” must be later than “opens”."), _VALUE),
    (N_("“to” must not be before “from”, nor a month after it."), _VALUE),
    (N_("{day} is a holiday and a make-up day at once."), _TWICE),
    (N_("{day} is a make-up day, but it is a working day anyway."), N_("Take it out of the make-up days.")),
    (N_("the code {code} stands in an earlier line too."), _TWICE),
    (N_("the category {category} stands in an earlier line too."), _TWICE),
    (N_("the parent {parent} does not stand above this line."), _ORDER),
    (N_("the code must begin with its parent's, {parent}."), _VALUE),
    (N_("a group of categories has neither a lead nor time limits."), N_("Empty these columns, or give it a parent.")),
    (N_("“{column}” is given, but “{figure}” is not."), _VALUE),
    (
        N_("{lead} must lead {code}, but categories.csv proposes {found}."),
        N_("Let both say the same: the duty list counts."),
    ),
    (N_("an earlier rule has the same name."), N_("Give each rule a name of its own: it is recorded with the case.")),
    (
        N_("it can never match: “{name}” stands before it and takes all its reports."),
        N_("Move this rule before the other one: the first that fits counts."),
    ),
    (N_("“weekdays” must be numbers from 1 (Monday) to 7."), _VALUE),
    (N_("“hours” must be two different hours from 0 to 24: from, and until (not included)."), _VALUE),
    (N_("“with” belongs to a rule that routes: where a desk decides, the desk names who assists."), _VALUE),
    (N_("“law” is the name alone; the marks 《》 are set around it."), _VALUE),
    (N_("“source” and “checked” go together: what the clause was compared with, and when."), _VALUE),
    (N_("“text” has {count} characters; a sentence for the spot has at most {most}."), N_("Say it more shortly.")),
    (N_("“quiet_to” must be another time than “quiet_from”."), _VALUE),
    (N_("“{key}” must be from {low} to {high}, not {value}."), _VALUE),
    (N_("The root “{root}” is no desk of this city."), _ROOT),
    (N_("{unit}: its superiors do not lead up to {root}."), N_("Set its superior under “Units”.")),
    (N_("{unit}: nobody can {duties}, and no desk stands above it."), _POST),
    (N_("{unit}: nobody can {duties}."), _POST),
    (N_("{said}: no unit has the role {role}."), _UNIT),
    (N_("{said}: no unit with the role {role} covers {names}."), _UNIT),
    (N_("Routing rule {rule}: there is no kind {kind}."), _NAME),
    (N_("Routing rule {rule}: the kind {kind} leaves out “route”."), _NAME),
    (N_("Kind {kind}: without “{move}” {why}."), _LOOP),
    (N_("Kind {kind}: no way leads from “{stage}” to “closed”."), _LOOP),
    (N_("Kind {kind}: at “{stage}” the clock {clock} leads nowhere, for the kind leaves out “{follow}”."), _LOOP),
    (N_("Kind {kind}: {round} can go round for ever; no move on the way is counted."), _LOOP),
    (N_("Kind {kind}: “{move}” goes on after its limit “{limit}”."), _LOOP),
    (N_("Kind {kind}: nobody in this city can bring a case to “{stage}”."), _POST),
    (N_("At “{stage}” the clock {clock} has no consequence."), _LOOP),
    (N_("No clock belongs to “{stage}”."), _LOOP),
    (N_("“{move}” is counted by “{limit}”, for which the profile has no limit."), _LIMIT),
    (N_("The limit {limit} = {figure} is as good as none."), _LIMIT),
    (N_("{where}: no rule sets the clock {clock}."), _CLOCK),
    (N_("{where}: the clock {clock} has no breaches, so its consequence never comes."), _CLOCK),
    (N_("{where}: {silence}, no clock rings at “{stage}”."), _CLOCK),
    (N_("{where}: {silence}, it stays at “{stage}” with {holder}."), _CLOCK),
    (N_("{where}: {silence}, {unit} never brings it to an end."), _POST),
)

#: Words that stand in for a brace and are no names.
_SAID: Mapping[str, str] = {
    "a text": N_("a text"),
    "a list of texts": N_("a list of texts"),
    "a whole number of 0 or more": N_("a whole number of 0 or more"),
    "a list of whole numbers": N_("a list of whole numbers"),
    "a date such as 2026-03-01": N_("a date such as 2026-03-01"),
    "a list of dates": N_("a list of dates"),
    "a time such as 08:30:00": N_("a time such as 08:30:00"),
    "yes or no": N_("yes or no"),
    "a table": N_("a table"),
    "kind": N_("kind of matter"),
    "category": N_("category"),
    "unit role": N_("unit role"),
    "role": N_("role"),
    "act": N_("act"),
    "source": N_("source"),
    "area": N_("area"),
    "unit": N_("unit"),
    "with every handler silent": N_("with every handler silent"),
    "with every desk but the root silent": N_("with every desk but the root silent"),
    "with nobody answering at all": N_("with nobody answering at all"),
    "no case can begin": N_("no case can begin"),
    "no clock can ring": N_("no clock can ring"),
}

_PLACE = re.compile(r"^(?P<file>[\w.-]+\.(?:csv|toml))(?:, (?P<place>.*?))?: (?P<said>.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """`file` and `place` are empty for what lies in no file."""

    file: str
    place: str
    sentence: str
    advice: str


def told(faults: Iterable[str]) -> list[Told]:
    return [_told(fault) for fault in faults]


def _told(fault: str) -> Told:
    found = _PLACE.match(fault)
    file, place, said = (found["file"], found["place"] or "", found["said"]) if found else ("", "", fault)
    sentence, advice = shaped(said)
    return Told(file, _place(place), sentence, advice)


def _place(place: str) -> str:
    """“line 5” and “clock 3 (accept)” as people say them."""
    if line := re.fullmatch(r"line (\d+)", place):
        return _("line %(number)s") % {"number": line[1]}
    if entry := re.fullmatch(r"(?:clock|rule|norm|holiday|on) (\d+)(?: \((.*)\))?(.*)", place):
        return _("entry %(number)s") % {"number": entry[1]} + f" {entry[2] or ''}{entry[3]}".rstrip()
    return place


def shaped(said: str) -> tuple[str, str]:
    """A sentence and its advice in the reader's language; as it is, when the core says something new."""
    for shape, advice in SHAPES:
        if found := _pattern(shape).fullmatch(said):
            return _(shape).format_map({key: _word(key, value) for key, value in found.groupdict().items()}), _(advice)
    return said, ""


@cache
def _pattern(shape: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*?)", re.escape(shape)), re.DOTALL)


def _word(key: str, value: str) -> str:
    if say := _NAMED.get(key):
        return say(value)
    return _(_SAID[value]) if value in _SAID else _phrases(value)


#: What sentences about places and rules are put together from.
_PHRASES = (
    N_("Duty list, category {code}"),
    N_("Category {code}"),
    N_("Routing rule {rule}"),
    N_("Kind {kind}"),
    N_("one of {words}"),
    N_("a number from {low} to {high}"),
    N_("category {code}"),
    N_("no category yet"),
    N_("stage “{stage}”"),
    N_("after “{move}”"),
    N_("from “{stage}”"),
    N_("area {code}"),
    N_("and {count} more"),
    N_("assistance"),
    N_("first hand"),
)


def _phrases(value: str) -> str:
    """The known phrases in it, translated; names stay."""
    for shape in _PHRASES:
        value = _phrase(shape).sub(_translated(shape), value)
    return value


def _translated(shape: str) -> Callable[[re.Match[str]], str]:
    def say(found: re.Match[str]) -> str:
        return _(shape).format_map({key: _word(key, part) for key, part in found.groupdict().items()})

    return say


@cache
def _phrase(shape: str) -> re.Pattern[str]:
    """A rule's name and a list of words go on to the end, a code or a stage is one word."""
    named = re.sub(r"\\\{(rule|words)\\\}", r"(?P<\1>.+)", re.escape(shape))
    return re.compile(r"\b" * shape[0].isalpha() + re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\w+)", named))


def _moves(value: str) -> str:
    return "、".join(words.move_name(move) for move in value.split(", "))


def _kind(value: str) -> str:
    return city.profile().word(f"kind.{value}") or value


def unit_role(code: str) -> str:
    """What units of a role are called in this city."""
    return city.profile().word(f"unit.{code}") or code


_NAMED: Mapping[str, Callable[[str], str]] = {
    "duties": _moves,
    "move": _moves,
    "follow": _moves,
    "stage": words.stage_name,
    "clock": words.clock_name,
    "kind": _kind,
    "role": lambda value: f"{unit_role(value)} ({value})",
}
