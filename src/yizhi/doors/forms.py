"""A form made from what a move asks: each fact becomes a native input with its choices; what comes back becomes facts.

Which input belongs to which kind of fact stands in one table, so that a new fact needs no new template.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from yizhi.core.asked import Fact, FactKind
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.sorting import Guess
from yizhi.core.town import Unit
from yizhi.core.verbs import dispatch_verb
from yizhi.doors import words
from yizhi.doors.answers import Answer


@dataclass(frozen=True, slots=True)
class Option:
    """`verb` is what handing on to this unit is called; the button takes it up. `against` says why choosing it will be
    refused."""

    value: str
    label: str
    verb: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Options under a common name; without a name they stand alone."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `value` is what stands in it: a text, or the chosen values. `hint`: what to know before choosing."""

    key: str
    widget: str
    label: str
    required: bool
    groups: tuple[Group, ...] = ()
    value: Any = ""
    error: str = ""
    hint: str = ""

    @property
    def options(self) -> list[Option]:
        return [option for group in self.groups for option in group.options]

    def read_out(self) -> list[str]:
        """What stands in it, in words."""
        values = self.value if isinstance(self.value, list | tuple) else [self.value]
        named = {option.value: option.label for option in self.options}
        return [named.get(str(value), str(value)) for value in values if value not in ("", None)]


@dataclass(frozen=True, slots=True)
class Asking:
    """What choices depend on: the matter, the city, the unit that moves, and who serves in it (account → title).
    `proposed` are categories that the reporter's words may speak of, with these words."""

    case: Case
    city: City
    move: str
    unit: str
    people: tuple[tuple[int, str], ...] = field(default=())
    proposed: tuple[Guess, ...] = field(default=())


_WIDGETS: Final[Mapping[FactKind, str]] = {
    "text": "text",
    "choice": "radios",
    "unit": "select",
    "units": "checks",
    "category": "select",
    "case": "line",
    "date": "moment",
    "number": "number",
    "flag": "radios",
    "clock": "select",
    "area": "select",
    "code": "line",
}


def fields_for(
    facts: Sequence[Fact], asking: Asking, typed: Mapping[str, Any] | None = None, answer: Answer | None = None
) -> list[Field]:
    """The inputs of a move, with what was `typed` (None: a form just opened) and why it was refused."""
    return [_field(fact, asking, typed, answer) for fact in facts]


def read(facts: Sequence[Fact], data: QueryDict) -> dict[str, Any]:
    """What came back, by the facts' keys; checking is the loop's."""
    return {fact.key: data.getlist(fact.key) if fact.kind == "units" else data.get(fact.key, "") for fact in facts}


def _field(fact: Fact, asking: Asking, typed: Mapping[str, Any] | None, answer: Answer | None) -> Field:
    groups = tuple(group for group in _CHOICES.get(fact.kind, _nothing)(fact, asking) if group.options)
    value = typed.get(fact.key, "") if typed is not None else _suggested(fact, asking, groups)
    return Field(
        key=fact.key,
        widget="select" if fact.kind == "number" and groups else _WIDGETS[fact.kind],
        label=_(fact.label),
        required=fact.required or fact.kind == "flag" or (asking.move == "accept" and _lacks(fact, asking.case)),
        groups=groups,
        value=value,
        error=answer.sentence if answer and answer.fact == fact.key else "",
        hint=_duty_line(asking) if _leads(fact, asking) else _proposal(fact, asking),
    )


def _proposal(fact: Fact, asking: Asking) -> str:
    """Which category the words may speak of, and why; nothing is chosen by it."""
    if fact.kind != "category" or not asking.proposed:
        return ""
    first = asking.proposed[0]
    name, said = words.category_name(asking.city.profile, first.category), "”、“".join(first.because)
    return _("By the words it may be: {category} (“{words}”). You decide.").format(category=name, words=said)


def _leads(fact: Fact, asking: Asking) -> bool:
    """Whether the fact names who will lead by assignment: there the duty list has its say."""
    return fact.kind == "unit" and asking.move == "dispatch"


def _duty_line(asking: Asking) -> str:
    line = asking.city.profile.duty(asking.case.category)
    return _("{clause}: {line}").format(clause=line.clause, line=line.line) if line else ""


def _lacks(fact: Fact, case: Case) -> bool:
    """A matter is not taken on without a category; one that came with it keeps it."""
    return fact.kind == "category" and not case.category


def _suggested(fact: Fact, asking: Asking, groups: tuple[Group, ...]) -> Any:
    """What stands in a fresh form: never a decision, only what is known. Who leads by the duty list, or else by the
    category, is known."""
    if fact.kind == "category":
        return asking.case.category
    if _leads(fact, asking):
        likely = _likely(fact, asking, list(_fitting(asking)))
        return likely[0].code if likely else ""
    if fact.kind == "clock" and len(groups) == 1 and len(groups[0].options) == 1:
        return groups[0].options[0].value
    return [] if fact.kind == "units" else ""


# ----- choices


def _nothing(fact: Fact, asking: Asking) -> Iterator[Group]:
    yield from ()


def _options(fact: Fact, asking: Asking) -> Iterator[Group]:
    yield Group("", tuple(Option(option, _choice(fact, option)) for option in fact.options))


def _choice(fact: Fact, option: str) -> str:
    return words.supervision_name(option) if fact.key == "level" else words.choice_name(option)


def _yes_no(fact: Fact, asking: Asking) -> Iterator[Group]:
    said = {
        "granted": (_("Grant it"), _("Do not grant it")),
        "upheld": (_("Yes, it is right"), _("No, it stays where it is")),
    }
    yes, no = said.get(fact.key, (_("Yes"), _("No")))
    yield Group("", (Option("1", yes), Option("0", no)))


def category_groups(city: City) -> Iterator[Group]:
    """All categories, under their parents."""
    known = city.profile.categories.values()
    for parent in (category for category in known if not category.parent):
        leaves = (leaf for leaf in known if leaf.parent == parent.code)
        named = tuple(Option(leaf.code, words.category_name(city.profile, leaf.code)) for leaf in leaves)
        yield Group(words.category_name(city.profile, parent.code), named)


def _categories(fact: Fact, asking: Asking) -> Iterator[Group]:
    """All, and on top those that the words may speak of."""
    named = words.category_name
    proposed = (Option(one.category, named(asking.city.profile, one.category)) for one in asking.proposed)
    yield Group(_("By the reporter's words"), tuple(proposed))
    yield from category_groups(asking.city)


def _clocks(fact: Fact, asking: Asking) -> Iterator[Group]:
    yield Group("", tuple(Option(clock.key, words.clock_name(clock.key)) for clock in asking.case.clocks))


def _people(fact: Fact, asking: Asking) -> Iterator[Group]:
    if fact.key == "person":
        yield Group("", tuple(Option(str(account), title) for account, title in asking.people))


def _parts(asking: Asking) -> Iterator[Unit]:
    town = asking.city.town
    return (unit for unit in town.units.values() if unit.acts and town.is_above(asking.case.lead, unit.code))


def _units(fact: Fact, asking: Asking) -> Iterator[Group]:
    """Who may be named: first who the category says, then by what handing on to them is called."""
    if asking.move == "reassign":
        yield Group("", tuple(Option(unit.code, unit.name) for unit in _parts(asking)))
        return
    if fact.key == "units" and asking.move == "release_assist":
        yield Group("", tuple(_named(asking.city, code) for code in asking.case.open_assists()))
        return
    fitting = list(_fitting(asking))
    likely = _likely(fact, asking, fitting)
    by_list = asking.city.profile.duty(asking.case.category) if _leads(fact, asking) else None
    first = _("By the duty list") if by_list else _("Suggested by the category")
    yield Group(first, tuple(_unit_option(unit, fact, asking) for unit in likely))
    by_verb: dict[str, list[Unit]] = {}
    for unit in fitting:
        if unit not in likely:
            by_verb.setdefault(_heading(unit, fact, asking), []).append(unit)
    for label in sorted(by_verb, key=lambda label: (label != words.dispatch_name("down"), label)):
        yield Group(label, tuple(_unit_option(unit, fact, asking) for unit in by_verb[label]))


def _fitting(asking: Asking) -> Iterator[Unit]:
    """The units that look after the place, are staffed, and may take part. Nobody assigns upward or to oneself."""
    case, town = asking.case, asking.city.town
    off = asking.city.off_limits(case) | {asking.unit}
    if asking.move in ("dispatch", "whistle"):
        off |= {unit.code for unit in town.chain(asking.unit)}
    for unit in town.units.values():
        near = any(case.area.startswith(area) for area in unit.covers or (unit.area,))
        if unit.acts and near and unit.code not in off:
            yield unit


def _likely(fact: Fact, asking: Asking, fitting: list[Unit]) -> list[Unit]:
    """Who is named for it: the leader of the duty list's line, or else of the category; its assistants, and to help the
    grid of the place."""
    category, line = asking.city.profile.category(asking.case.category), asking.city.profile.duty(asking.case.category)
    lead = line.lead if line and _leads(fact, asking) else category.lead if category else ""
    roles = (lead,) if fact.kind == "unit" else category.assists if category else ()
    if asking.move == "add_assist":  # whoever knows the place helps first
        roles = (asking.city.kinds[asking.case.kind].opens_to, *roles)
    found = (asking.city.town.find(role, asking.case.area) for role in roles if role)
    return [unit for unit in dict.fromkeys(found) if unit in fitting]


def _unit_option(unit: Unit, fact: Fact, asking: Asking) -> Option:
    if not _leads(fact, asking):
        return Option(unit.code, unit.name)
    refused = asking.city.duty_against(asking.case.category, unit)
    return Option(unit.code, unit.name, _verb(unit, asking), refused.clause if refused else "")


def _verb(unit: Unit, asking: Asking) -> str:
    mover = asking.city.town.units.get(asking.unit)
    return words.dispatch_name(dispatch_verb(mover, unit, asking.city.town)) if mover else ""


def _heading(unit: Unit, fact: Fact, asking: Asking) -> str:
    said = _verb(unit, asking) if _leads(fact, asking) else ""
    return said or (_("Desks and grids") if unit.kind in ("desk", "grid") else _("Departments"))


def _named(city: City, code: str) -> Option:
    unit = city.town.units.get(code)
    return Option(code, unit.name if unit else code)


_CHOICES: Final[Mapping[FactKind, Callable[[Fact, Asking], Iterable[Group]]]] = {
    "choice": _options,
    "flag": _yes_no,
    "category": _categories,
    "clock": _clocks,
    "number": _people,
    "unit": _units,
    "units": _units,
}
