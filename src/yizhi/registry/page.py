"""What stands on the pages of the base records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from yizhi.cases.city import current, profile
from yizhi.cases.queries import Whole
from yizhi.core.actor import Actor
from yizhi.core.errors import N_
from yizhi.core.profile.records import Field, said
from yizhi.core.town import rank
from yizhi.doors import words
from yizhi.places.addresses import queries as places
from yizhi.places.addresses.queries import Address
from yizhi.registry import queries, rules
from yizhi.registry.forms import lang
from yizhi.registry.queries import Batch, House, Line, Proposed, Record, Taking

#: What a line of the log is called.
ACTS = {
    "add": N_("Recorded"),
    "correct": N_("Corrected"),
    "end": N_("Deleted"),
    "expire": N_("Deleted in part: its time was over"),
}
WAYS = {
    "found": N_("Looked for"),
    "whole": N_("Seen whole"),
    "sheet": N_("Taken out in a sheet"),
}
_FROM = {"page": N_("Typed in"), "sheet": N_("From a sheet"), "sample": N_("Sample"), "time": N_("By itself")}


def area_name(code: str) -> str:
    return words.place_name(current().town.area_names, code, 9)


def choices(found: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Codes of the profile with their names."""
    return [(code, said(names, lang())) for code, names in found.items()]


def purposes() -> list[tuple[str, str]]:
    return choices(profile().records.purposes)


def sources() -> list[tuple[str, str]]:
    return choices(profile().records.sources)


def source_name(code: str) -> str:
    known = profile().records.sources.get(code)
    return said(known, lang()) if known else _(_FROM[code]) if code in _FROM else code


def looked_by() -> list[tuple[str, str]]:
    """By which fields something personal may be found."""
    return [
        (f"{register.code}.{field.code}", f"{said(register.name, lang())} · {said(field.label, lang())}")
        for register in profile().records.registers.values()
        for field in register.fields.values()
        if field.indexed and field.personal
    ]


def title(found: Record) -> str:
    """What a record is called: masked where that is personal, by its register where it has no name."""
    named = found.register.fields[found.register.title]
    value = found.masked.get(named.code, "")
    return shown(named, value) or said(found.register.name, lang())


# -- one record ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """A field with what is shown of it. `until`: the day on which it goes by itself."""

    label: str
    value: str
    personal: bool
    until: date | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    record: Record
    kind: str
    title: str
    place: Address | None
    grid: str
    facts: list[Fact]
    whole: bool
    belongs: list[tuple[int, str, str]]
    log: list[Line]
    waiting: list[Proposed]
    may_end: bool = True


def record_page(who: Actor, found: Record, *, whole: bool = False) -> RecordPage:
    """Masked, or `whole` for who has just said why."""
    place = places.address(found.address) if found.address else None
    return RecordPage(
        record=found,
        kind=said(found.register.name, lang()),
        title=title(found),
        place=place,
        grid=area_name(found.area),
        facts=facts(found, found.values if whole else found.masked),
        whole=whole,
        belongs=list(_belongs(who, found)),
        log=queries.log(found),
        waiting=queries.proposals(who, found.id),
    )


def facts(found: Record, values: Mapping[str, str]) -> list[Fact]:
    """The fields that the record has, as they are read."""
    return [
        Fact(
            said(field.label, lang()),
            shown(field, values[field.code]),
            field.personal,
            rules.ends(field, found.since, found.values),
        )
        for field in found.register.fields.values()
        if field.code in values
    ]


def _belongs(who: Actor, found: Record) -> list[tuple[int, str, str]]:
    """The record that it is part of, and those that are part of it: number, kind, masked title."""
    near = queries.related(who, found)
    return [(one.id, said(one.register.name, lang()), title(one)) for one in near]


# -- a building ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room of a building: what is recorded there, by register, masked."""

    address: Address
    name: str
    here: list[tuple[str, list[tuple[int, str]]]]


@dataclass(frozen=True, slots=True)
class HousePage:
    house: House
    grid: str
    counts: list[tuple[str, int]]
    rooms: list[RoomLine]
    may_add: list[tuple[str, str]]


def house_page(house: House) -> HousePage:
    named = {code: said(register.name, lang()) for code, register in profile().records.registers.items()}
    asked = house.asked
    rooms = [one for one in house.rooms if asked.level == "building" or _within(one.address, asked)]
    return HousePage(
        house=house,
        grid=area_name(house.building.area),
        counts=[(name, house.counts.get(code, 0)) for code, name in named.items()],
        rooms=[
            RoomLine(
                one.address,
                one.address.full.removeprefix(house.building.full) or one.address.full,
                [(named[code], [(each.id, title(each)) for each in found]) for code, found in one.records.items()],
            )
            for one in rooms
        ],
        may_add=list(named.items()),
    )


def _within(one: Address, asked: Address) -> bool:
    return one.id == asked.id or one.parent == asked.id


# -- proposals ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """`changes`: label, as it stands (masked), as it should be."""

    proposed: Proposed
    kind: str
    title: str
    place: str
    changes: list[tuple[str, str, str]]
    mine: bool
    at: datetime


def proposal_lines(who: Actor, found: list[Proposed]) -> list[ProposalLine]:
    numbers = [one.record.address for one in found if one.record.address]
    known = places.addresses(numbers)
    return [
        ProposalLine(
            one,
            said(one.record.register.name, lang()),
            title(one.record),
            known[one.record.address].full if one.record.address in known else area_name(one.record.area),
            list(_changes(one)),
            one.account == who.account,
            one.at,
        )
        for one in found
    ]


def _changes(one: Proposed) -> list[tuple[str, str, str]]:
    masked, fields = one.record.masked, one.record.register.fields
    return [
        (
            said(field.label, lang()),
            shown(field, masked.get(code, "")),
            shown(field, one.wanted[code]),
        )
        for code, field in fields.items()
        if code in one.wanted
    ]


def shown(field: Field, value: str) -> str:
    """A value as it is read: of a choice its name."""
    return said(field.options[value], lang()) if value in field.options else value


# -- sheets -------------------------------------------------------------------------------------------------------

STATUS = {
    "looking": N_("Being looked at"),
    "faulty": N_("With faults: nothing was taken in"),
    "checked": N_("Looked at; nothing taken in yet"),
    "waiting": N_("Waits for its turn"),
    "running": N_("Being taken in"),
    "done": N_("Taken in"),
    "asked": N_("To be taken back: a second person has to confirm"),
    "undoing": N_("Being taken back"),
    "undone": N_("Taken back"),
    "failed": N_("Not taken in: nothing was written"),
    "dropped": N_("Dropped"),
}
_WAITS = frozenset(("looking", "waiting", "running", "undoing"))


def sorts() -> list[tuple[str, str]]:
    """What a sheet may hold, addresses first."""
    return [(code, sort_name(code)) for code in queries.sorts()]


def sort_name(code: str) -> str:
    known = profile().records.registers.get(code)
    return said(known.name, lang()) if known else _("Addresses")


@dataclass(frozen=True, slots=True)
class SheetPage:
    """`waits`: the worker has it. `share` of its rows is done."""

    batch: Batch
    sort: str
    status: str
    waits: bool
    share: int
    good: int
    mine: bool


def sheet_page(who: Actor, batch: Batch) -> SheetPage:
    return SheetPage(
        batch=batch,
        sort=sort_name(batch.register),
        status=_(STATUS[batch.status]),
        waits=batch.status in _WAITS,
        share=100 * batch.progress // max(batch.rows, 1),
        good=batch.rows - batch.skipped,
        mine=batch.asked_by == who.account,
    )


def my_areas(who: Actor) -> list[tuple[str, str]]:
    """Where somebody may take records out: streets, communities and grids of their own scopes."""
    names = current().town.area_names
    found = (code for code in sorted(names) if rank(code) in ("street", "community", "grid"))
    return [(code, area_name(code)) for code in found if rules.post_for(who, code)]


@dataclass(frozen=True, slots=True)
class TakingLine:
    taking: Taking
    sort: str
    area: str
    purpose: str
    mine: bool


def taking_lines(who: Actor) -> list[TakingLine]:
    named = dict(purposes())
    return [
        TakingLine(
            one, sort_name(one.register), area_name(one.area), named.get(one.purpose, ""), one.account == who.account
        )
        for one in queries.takings(who)
    ]


# -- one's own ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnFact:
    """A field with the ground on which it is kept."""

    label: str
    value: str
    purpose: str
    basis: str
    mandate: str
    until: date | None


@dataclass(frozen=True, slots=True)
class OwnLook:
    at: datetime
    way: str
    unit: str
    purpose: str
    fields: str


@dataclass(frozen=True, slots=True)
class MinePage:
    place: str
    grid: str
    since: date
    facts: list[OwnFact]
    looks: list[OwnLook]
    log: list[Line]


def mine_page(found: Record) -> MinePage:
    """Everything that is kept of somebody, and everybody who looked: by unit, with the purpose."""
    place = places.address(found.address) if found.address else None
    return MinePage(
        place=place.full if place else "",
        grid=area_name(found.area),
        since=found.since,
        facts=_own_facts(found),
        looks=_own_looks(found),
        log=queries.log(found),
    )


def _own_facts(found: Record) -> list[OwnFact]:
    return [
        OwnFact(
            said(field.label, lang()),
            shown(field, found.values[code]),
            field.purpose,
            field.basis,
            field.mandate,
            rules.ends(field, found.since, found.values),
        )
        for code, field in found.register.fields.items()
        if code in found.values
    ]


def _own_looks(found: Record) -> list[OwnLook]:
    named, units, fields = dict(purposes()), current().town.units, found.register.fields
    return [
        OwnLook(
            one.at,
            _(WAYS[one.way]),
            units[one.unit].name if one.unit in units else one.unit,
            named.get(one.purpose, one.purpose),
            "、".join(said(fields[code].label, lang()) for code in one.fields if code in fields),
        )
        for one in queries.looks(found)
    ]


def mine_copy(found: Record) -> list[list[str]]:
    """The same as lines of a table."""
    own = mine_page(found)
    lines = [[_("Field"), _("What is recorded"), _("Purpose"), _("Legal basis"), _("Kept until")]]
    lines.append([_("Place"), own.place or own.grid, "", "", ""])
    lines += [
        [one.label, one.value, one.purpose, one.basis, one.until.isoformat() if one.until else ""] for one in own.facts
    ]
    return lines


@dataclass(frozen=True, slots=True)
class RightsBox:
    """What the desk sees of a request beside its matter. `may`: whoever looks uses the records of the place."""

    number: str
    wanted: str
    record: Record | None
    title: str
    done: datetime | None
    may: bool
    delete: bool


def rights_box(whole: Whole, who: Actor, at: datetime) -> RightsBox | None:
    found = queries.asked(whole)
    if found is None:
        return None
    record = found.record
    may = record is not None and rules.post_for(who, record.area) is not None
    return RightsBox(
        number=whole.number,
        wanted=words.choice_name(found.wanted),
        record=record if may else None,
        title=title(record) if record and may else "",
        done=found.done,
        may=may,
        delete=may and found.wanted == "record_delete" and bool(who.units & whole.state.hands),
    )
