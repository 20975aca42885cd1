"""The log of a matter as a story for officials: who did what, when, in whose words; system facts in grey."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import pgettext

from yizhi.cases.queries import Picture, Step, Whole
from yizhi.core.city import City
from yizhi.core.verbs import dispatch_verb
from yizhi.doors import times, words
from yizhi.matters.rules import by_reporter, told
from yizhi.seats import rules


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the story. `who` acted, standing in `unit`; `more` are facts of the move. `system`: nobody's own
    doing. `public`: the reporter reads the note. `late`: entered after it happened. `round` is not 0 where a new round
    begins, `turn` where the case came back from where it had gone."""

    seq: int
    move: str
    who: str
    unit: str
    what: str
    more: list[str]
    note: str | None
    photos: list[Picture]
    happened: datetime
    recorded: datetime
    system: bool
    public: bool
    round: int = 0
    turn: bool = False

    @property
    def late(self) -> bool:
        return (self.recorded - self.happened).total_seconds() > 60


def story(whole: Whole) -> list[Entry]:
    """The whole log, oldest first."""
    found, rounds = [], 1
    for step in whole.steps:
        begins = rules.begins_round(step.move, step.facts)
        rounds += begins
        found.append(_entry(step, whole, rounds if begins else 0))
    return found


#: How much of a long story is shown at once: the newest, and how it began.
_NEWEST, _OLDEST = 12, 3


def folded(entries: list[Entry]) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """A story newest first, in three parts: what is new, what may be folded away, how it began."""
    told = entries[::-1]
    if len(told) <= _NEWEST + _OLDEST + 3:
        return told, [], []
    return told[:_NEWEST], told[_NEWEST:-_OLDEST], told[-_OLDEST:]


def _entry(step: Step, whole: Whole, begins: int) -> Entry:
    city, kind = whole.city, str(step.facts.get("kind") or whole.state.kind)
    own = by_reporter(step.account, step.door)
    shown = told(step.move, step.facts, by_reporter=own)
    return Entry(
        seq=step.seq,
        move=step.move,
        who=_who(step, own),
        unit=_unit(city, step.unit),
        what=_what(step, city, kind),
        more=list(_more(step, city)),
        note=whole.text if step.move == "report" else step.note,
        photos=step.photos,
        happened=step.happened,
        recorded=step.recorded,
        system=step.door in ("clock", "rule") or bool(step.facts.get("lapsed")),
        public=bool(shown and shown.note and step.note and whole.state.answerable and not own),
        round=begins,
        turn=bool(begins) or step.move in rules.TURNS,
    )


def _who(step: Step, own: bool) -> str:
    if step.door in ("clock", "rule"):
        return _("The platform")
    if step.door == "merged":
        return _("Another reporter")
    if step.door == "link":
        return _("By a link, without an account")
    return _("The reporter") if own else step.title or _("Somebody at the {door}").format(door=step.door)


def _unit(city: City, code: str) -> str:
    found = city.town.units.get(code)
    return found.name if found else code


#: Where the name of the move alone would not tell the story.
_SPECIAL: Final[Mapping[str, Callable[[Step, City], str]]] = {
    "route": lambda step, city: _("routed it straight to {unit}").format(unit=_named(step, city)),
    "dispatch": lambda step, city: _dispatched(step, city),
    "conclude_consult": lambda step, city: _("concluded the consultation: {unit} leads").format(
        unit=_named(step, city)
    ),
    "rule": lambda step, city: (
        _("found the objection right: {unit} leads").format(unit=_named(step, city))
        if step.facts.get("upheld")
        else _("found the objection wrong: it stays where it is")
    ),
    "grant_extension": lambda step, city: (
        _("granted the extension") if step.facts.get("granted") else _("did not grant the extension")
    ),
    "follow_up": lambda step, city: _called_back(step),
    "breach": lambda step, city: _("Time limit passed: {clock}").format(clock=words.clock_name(step.facts["clock"])),
}


def _named(step: Step, city: City) -> str:
    return _unit(city, str(step.facts.get("unit", "")))


def _dispatched(step: Step, city: City) -> str:
    town, code = city.town, str(step.facts.get("unit", ""))
    desk, unit = town.units.get(step.unit), town.units.get(code)
    verb = words.dispatch_name(dispatch_verb(desk, unit, town)) if desk and unit else words.move_name("dispatch")
    return _("{verb} to {unit}").format(verb=verb, unit=_unit(city, code))


def _called_back(step: Step) -> str:
    said = {
        ("nobody_to_ask", True): _("closed it: there is nobody to ask"),
        ("nobody_to_ask", False): _("closed it: there is nobody to ask"),
        ("yes", True): _("answered: it is solved"),
        ("no", True): _("answered: it is not solved"),
        ("yes", False): _("called back: the reporter says it is solved"),
        ("no", False): _("called back: the reporter says it is not solved"),
        ("not_reached", False): _("called back: nobody was reached"),
    }
    own = step.account is None
    return said.get((str(step.facts.get("answer")), own), words.move_name(step.move))


_SENT_IN = N_("reported it")
_REPORTED: Final[Mapping[str, str]] = {
    "scan": N_("reported it"),
    "field": N_("sent it in"),
    "desk": N_("registered it"),
    "enterprise": N_("called"),
}


def _what(step: Step, city: City, kind: str) -> str:
    if step.facts.get("lapsed"):
        return _("{move}: ended with it").format(move=words.move_name(step.move, kind))
    if step.facts.get("proposed"):
        return _("proposed: {move}").format(move=words.move_name(step.move, kind))
    if step.move == "report":
        return _(_REPORTED.get(step.door, _SENT_IN))
    special = _SPECIAL.get(step.move)
    return special(step, city) if special else words.move_name(step.move, kind)


#: Facts that the sentence does not hold already, and how each is said.
_FACTS: Final[Mapping[str, tuple[str, Callable[[Any, City], str]]]] = {
    "category": (N_("Category"), lambda value, city: words.category_name(city.profile, value)),
    "assists": (N_("Assisting"), lambda value, city: _listed(value, city)),
    "units": (N_("Units"), lambda value, city: _listed(value, city)),
    "about": (N_("Units that it is about"), lambda value, city: _listed(value, city)),
    "ground": (N_("Ground"), lambda value, city: words.choice_name(value)),
    "result": (N_("Result"), lambda value, city: words.choice_name(value)),
    "to": (N_("Handed over to"), lambda value, city: words.choice_name(value)),
    "step": (N_("Step"), lambda value, city: words.choice_name(value)),
    "whose": (N_("Whose wish it is"), lambda value, city: words.choice_name(value)),
    "how": (N_("How it was helped with"), lambda value, city: words.choice_name(value)),
    "level": (N_("Level"), lambda value, city: words.supervision_name(value)),
    "meeting": (N_("Meeting with a leader"), lambda value, city: words.choice_name(value)),
    "amount": (N_("Promised sum, in yuan"), lambda value, city: f"{value:,}"),
    "until": (N_("Until"), lambda value, city: times.full(datetime.fromisoformat(str(value)))),
    "workdays": (N_("Working days"), lambda value, city: str(value)),
    "rule": (N_("Rule"), lambda value, city: str(value)),
    "owner": (N_("Owner"), lambda value, city: _unit(city, value)),
}


def _more(step: Step, city: City) -> Iterator[str]:
    for key, (label, say) in _FACTS.items():
        if value := step.facts.get(key):
            yield _("{label}: {value}").format(label=_(label), value=say(value, city))


def _listed(codes: Any, city: City) -> str:
    return pgettext("between names", ", ").join(_unit(city, str(code)) for code in codes)
