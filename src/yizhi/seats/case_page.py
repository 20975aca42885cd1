"""One case page for every seat: what it is, its clocks, what may be done now, its story."""

from collections.abc import Mapping
from dataclasses import dataclass

from yizhi.cases.queries import Whole
from yizhi.core.actor import Actor
from yizhi.core.case import Clock
from yizhi.core.town import Unit
from yizhi.doors import words
from yizhi.doors.answers import Answer
from yizhi.seats import rules
from yizhi.seats.forms import MoveForm, move_label
from yizhi.seats.story import Entry, story


@dataclass(frozen=True, slots=True)
class Button:
    """A move open to whoever looks."""

    move: str
    label: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A promise: what for, whose, on what ground. `mine`: it is mine to keep."""

    clock: Clock
    name: str
    owner: str
    ground: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Hand:
    """A unit that has a part in the matter (`code` of `words.PARTS`); `done` None where that says nothing."""

    code: str
    unit: str
    done: bool | None = None

    @property
    def part(self) -> str:
        return words.part_name(self.code)


@dataclass(frozen=True, slots=True)
class CasePage:
    """`form` is the move whose form is open; `shown` are personal fields just looked at,
    `answer` why looking was refused; `done` says what was just done."""

    whole: Whole
    seat: rules.Seat
    kind: str
    place: str
    category: str
    clocks: list[ClockRow]
    first: list[Button]
    rest: list[Button]
    hands: list[Hand]
    story: list[Entry]
    may_look: bool
    form: MoveForm | None = None
    shown: Mapping[str, str] | None = None
    answer: Answer | None = None
    done: str = ""


def case_page(
    whole: Whole,
    who: Actor,
    seat: rules.Seat,
    *,
    form: MoveForm | None = None,
    shown: Mapping[str, str] | None = None,
    answer: Answer | None = None,
    done: str = "",
) -> CasePage:
    """What a template needs to show a case to `who`."""
    case, city = whole.state, whole.city
    first, rest = rules.arranged([move.name for move, _ in whole.moves], case, who.units)
    return CasePage(
        whole=whole,
        seat=seat,
        kind=words.kind_name(city.kinds[case.kind]),
        place=words.place_name(city.town.area_names, case.area, since=9),
        category=words.category_name(city.profile, case.category),
        clocks=[_clock_row(clock, whole, who) for clock in sorted(case.clocks, key=lambda clock: clock.due)],
        first=[Button(name, move_label(name, whole, who)) for name in first],
        rest=[Button(name, move_label(name, whole, who)) for name in rest],
        hands=list(_hands(whole)),
        story=story(whole),
        may_look=who.may("unmask", case.kind, who.units & case.hands) is not None,
        form=form,
        shown=shown,
        answer=answer,
        done=done,
    )


def _clock_row(clock: Clock, whole: Whole, who: Actor) -> ClockRow:
    owner = whole.city.town.units.get(clock.owner)
    return ClockRow(
        clock,
        words.clock_name(clock.key),
        owner.name if owner else clock.owner,
        words.clock_ground(clock.ground),
        clock.owner in who.units,
    )


def _hands(whole: Whole) -> list[Hand]:
    """Who has a part in it, in the order in which one asks for them."""
    case, units = whole.state, whole.city.town.units
    found = [Hand(part, _name(units.get(code), code)) for part, code in _parts(whole)]
    found += [Hand("assist", _name(units.get(assist.unit), assist.unit), assist.done) for assist in case.assists]
    if case.whistle:
        arrived = case.whistle.arrived
        found += [Hand("summoned", _name(units.get(code), code), code in arrived) for code in case.whistle.units]
    if case.consultation:
        opined = case.consultation.opined
        found += [Hand("consulted", _name(units.get(code), code), code in opined) for code in case.consultation.units]
    return found + [Hand("copied", _name(units.get(code), code)) for code in case.copied]


def _parts(whole: Whole) -> list[tuple[str, str]]:
    case = whole.state
    parts = [("holder", case.holder if case.is_open else ""), ("lead", case.lead), ("desk", case.desk)]
    return [(part, code) for part, code in parts if code]


def _name(unit: Unit | None, code: str) -> str:
    return unit.name if unit else code
