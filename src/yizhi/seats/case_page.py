"""One case page for every seat: what it is, its clocks, what may be done now, its story."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from yizhi.cases.queries import Whole
from yizhi.connect.rules import may_send
from yizhi.core.actor import Actor
from yizhi.core.case import Clock
from yizhi.core.town import Unit
from yizhi.doors import words
from yizhi.doors.answers import Answer
from yizhi.seats import rules
from yizhi.seats.forms import MoveForm, move_label
from yizhi.seats.queries import Around, main_of
from yizhi.seats.story import Entry, folded, story
from yizhi.seats.waiting import Block, waiting


@dataclass(frozen=True, slots=True)
class Button:
    """A move open to whoever looks; `key` is its letter."""

    move: str
    label: str
    key: str = ""

    @property
    def shortcut(self) -> str:
        """As `aria-keyshortcuts` says it."""
        return f"Shift+{self.key}" if self.key.isupper() else self.key


@dataclass(frozen=True, slots=True)
class Status:
    """Something under way, with the moves that answer it and are open to whoever looks."""

    block: Block
    buttons: list[Button]


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
    """`told` is the story in three parts, `pictured` what of it has photos. `main` is the number of what it was merged
    into. `form` is the move whose form is open; `shown` are personal fields just looked at, `answer` why looking was
    refused; `done` says what was just done."""

    whole: Whole
    seat: rules.Seat
    kind: str
    place: str
    category: str
    clocks: list[ClockRow]
    first: list[Button]
    rest: list[Button]
    hands: list[Hand]
    statuses: list[Status]
    told: tuple[list[Entry], list[Entry], list[Entry]]
    pictured: list[Entry]
    may_look: bool
    by_link: bool
    main: str = ""
    ways_on: list[tuple[Button, str]] = field(default_factory=list)
    around: Around | None = None
    form: MoveForm | None = None
    shown: Mapping[str, str] | None = None
    answer: Answer | None = None
    done: str = ""

    @property
    def photos(self) -> int:
        return sum(len(entry.photos) for entry in self.pictured)

    @property
    def may_merge(self) -> bool:
        return any(move.name == "merge" for move, _ in self.whole.moves)


def case_page(
    whole: Whole,
    who: Actor,
    seat: rules.Seat,
    *,
    form: MoveForm | None = None,
    shown: Mapping[str, str] | None = None,
    answer: Answer | None = None,
    done: str = "",
    around: Around | None = None,
) -> CasePage:
    """What a template needs to show a case to `who`."""
    case, city = whole.state, whole.city
    buttons = {name: _button(name, whole, who) for name in (move.name for move, _ in whole.moves)}
    first, rest = rules.arranged(buttons, case, who.units)
    entries = story(whole)
    return CasePage(
        whole=whole,
        seat=seat,
        kind=words.kind_name(city.kinds[case.kind]),
        place=words.place_name(city.town.area_names, case.area, since=9),
        category=words.category_name(city.profile, case.category),
        clocks=[_clock_row(clock, whole, who) for clock in sorted(case.clocks, key=lambda clock: clock.due)],
        first=[buttons[name] for name in first],
        rest=[buttons[name] for name in rest],
        hands=list(_hands(whole)),
        statuses=[_status(block, buttons, whole, who) for block in waiting(whole)],
        told=folded(entries),
        pictured=[entry for entry in entries if entry.photos],
        may_look=who.may("unmask", case.kind, who.units & case.hands) is not None,
        by_link=may_send(case, who, city),
        ways_on=[(buttons[name], _(why)) for name, why in rules.WAYS_ON.items() if name in buttons],
        main=main_of(who, whole) if case.merged_into else "",
        around=around,
        form=form,
        shown=shown,
        answer=answer,
        done=done,
    )


def _button(move: str, whole: Whole, who: Actor) -> Button:
    return Button(move, move_label(move, whole, who), rules.KEYS.get(move, ""))


def _status(block: Block, buttons: Mapping[str, Button], whole: Whole, who: Actor) -> Status:
    """Nobody is offered to confirm what they proposed themselves."""
    proposal = whole.state.proposal
    own = block.code == "proposal" and proposal is not None and proposal.account == who.account
    return Status(block, [buttons[move] for move in block.moves if move in buttons and not own])


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
    return found + [Hand("copied", _name(units.get(code), code)) for code in case.copied]


def _parts(whole: Whole) -> list[tuple[str, str]]:
    case = whole.state
    parts = [("holder", case.holder if case.is_open else ""), ("lead", case.lead), ("desk", case.desk)]
    return [(part, code) for part, code in parts if code]


def _name(unit: Unit | None, code: str) -> str:
    return unit.name if unit else code
