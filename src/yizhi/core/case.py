"""THE case as a value: what the log folds to.

A case is changed by events alone. An `Event` carries what happened (move, actor, facts) and what it made of
the case (`sets`, `puts`, `stops`): folding never asks a profile, so a rule that changes tomorrow cannot change
yesterday. Everything here is codes, ids, numbers and times; free text lies elsewhere (`cases.models.Text`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from yizhi.core.calendar import TimeUnit

Stage = Literal[
    "new",
    "reported",
    "accepted",
    "dispatched",
    "handling",
    "suspended",
    "handled",
    "verified",
    "closed",
    "declined",
    "transferred",
    "ended",
    "merged",
]
STAGES: tuple[Stage, ...] = get_args(Stage)
OPEN: frozenset[Stage] = frozenset(
    ("reported", "accepted", "dispatched", "handling", "suspended", "handled", "verified")
)
ENDS: frozenset[Stage] = frozenset(("closed", "declined", "transferred", "ended", "merged"))


class Clock(msgspec.Struct, frozen=True, omit_defaults=True):
    """A promise with an owner. `due` is what was promised, `fires` when the platform next acts on it (None:
    fired once and only waits to be answered, or paused). `left` is what remained when it was paused, in minutes
    for a clock that runs by the wall clock, else in its own unit."""

    key: str
    owner: str
    started: datetime
    due: datetime
    fires: datetime | None
    amount: int
    unit: TimeUnit
    ground: str
    limit: int = 1
    breaches: int = 0
    left: int | None = None

    @property
    def name(self) -> str:
        """The kind of clock; a key may add whose it is: "assist:340405-cg"."""
        return self.key.partition(":")[0]


class Assist(msgspec.Struct, frozen=True, omit_defaults=True):
    unit: str
    done: bool = False


class Objection(msgspec.Struct, frozen=True):
    """派单异议. `desk` rules on it."""

    unit: str
    desk: str
    ground: str


class Extension(msgspec.Struct, frozen=True):
    """申请延期, waiting for the desk."""

    unit: str
    workdays: int


class Whistle(msgspec.Struct, frozen=True, omit_defaults=True):
    """吹哨: who blew, who was called, who has reported in."""

    unit: str
    units: tuple[str, ...]
    arrived: tuple[str, ...] = ()


class Consultation(msgspec.Struct, frozen=True, omit_defaults=True):
    """会商: who called it, who is asked, who has given an opinion."""

    unit: str
    units: tuple[str, ...]
    ground: str
    opined: tuple[str, ...] = ()


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A move that needs a second person: asked for by one, waiting for another."""

    move: str
    account: int | None
    unit: str
    about: str = ""


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """One case. `holder` is the one hand it lies in; `desk` answers for it (accepts, dispatches, checks);
    `lead` does the work. `version` counts the moves that changed stage, holder or lead; `seq` all events.
    `about` are the units that the report is about, of which a desk has `marked` some after it came in. `imported`: it
    came with many others, and can be taken back with them."""

    kind: str
    area: str
    stage: Stage = "new"
    category: str = ""
    holder: str = ""
    desk: str = ""
    lead: str = ""
    person: int | None = None
    seq: int = 0
    version: int = 0
    segment: int = 1
    source: str = ""
    about: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    secret: bool = False
    answerable: bool = False
    imported: bool = False
    self_handled: bool = False
    check: bool = True
    final: bool = False
    handled_by: int | None = None
    result: str = ""
    satisfied: bool | None = None
    supervision: str = ""
    merged_into: int | None = None
    counts: Mapping[str, int] = {}
    assists: tuple[Assist, ...] = ()
    copied: tuple[str, ...] = ()
    objection: Objection | None = None
    extension: Extension | None = None
    whistle: Whistle | None = None
    consultation: Consultation | None = None
    proposal: Proposal | None = None
    clocks: tuple[Clock, ...] = ()
    reported: datetime | None = None
    moved: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def due(self) -> datetime | None:
        """The earliest promise that is not kept yet; may lie in the past."""
        return min((clock.due for clock in self.clocks if clock.left is None), default=None)

    @property
    def fires(self) -> datetime | None:
        """When the platform next acts on this case by itself."""
        return min((clock.fires for clock in self.clocks if clock.fires), default=None)

    @property
    def hands(self) -> frozenset[str]:
        """The units that hold, answer for, assist or are called to the case, or own one of its clocks: they see it."""
        units = {self.holder, self.desk, self.lead, *self.copied, *(a.unit for a in self.assists)}
        units |= {clock.owner for clock in self.clocks}
        for called in (self.whistle, self.consultation):
            units |= {called.unit, *called.units} if called else set()
        units |= {self.objection.desk} if self.objection else set()
        return frozenset(units - {""})

    def clock(self, key: str) -> Clock | None:
        return next((clock for clock in self.clocks if clock.key == key), None)

    def count(self, name: str) -> int:
        return self.counts.get(name, 0)

    def open_assists(self) -> tuple[str, ...]:
        return tuple(assist.unit for assist in self.assists if not assist.done)


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened. `unit` is where the actor stood; `happened` is claimed, `recorded` orders the log."""

    move: str
    recorded: datetime
    happened: datetime
    account: int | None = None
    unit: str = ""
    door: str = "page"
    facts: Mapping[str, Any] = {}
    sets: Mapping[str, Any] = {}
    puts: tuple[Clock, ...] = ()
    stops: tuple[str, ...] = ()


_REHOMING = ("stage", "holder", "lead")


def evolve(case: Case, event: Event) -> Case:
    """The case after an event: nothing but assignment, so that a log always folds to the same row."""
    replaced = {clock.key for clock in event.puts} | set(event.stops)
    kept = tuple(clock for clock in case.clocks if clock.key not in replaced)
    moved = any(name in event.sets for name in _REHOMING)
    return msgspec.structs.replace(
        case,
        **event.sets,
        clocks=kept + event.puts,
        seq=case.seq + 1,
        version=case.version + moved,
    )


def fold(blank: Case, events: Iterable[Event]) -> Case:
    """The case that a whole log makes of a blank one."""
    for event in events:
        blank = evolve(blank, event)
    return blank


def plain(value: object) -> Any:
    """A case, event or part of one as JSON-ready builtins; `restore` brings it back."""
    return msgspec.to_builtins(value)


_FIELD_TYPES: dict[str, Any] = {field.name: field.type for field in msgspec.structs.fields(Case)}


def restore_case(data: Mapping[str, Any]) -> Case:
    """`msgspec.ValidationError` when the data are not a case."""
    return msgspec.convert(data, Case)


def restore_event(data: Mapping[str, Any]) -> Event:
    """An event whose `sets` come back as the values that the case's fields hold."""
    event = msgspec.convert(data, Event)
    sets = {name: msgspec.convert(value, _FIELD_TYPES[name]) for name, value in event.sets.items()}
    return msgspec.structs.replace(event, sets=sets)
