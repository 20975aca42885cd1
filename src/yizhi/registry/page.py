"""What stands on the pages of the base records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from yizhi.cases.city import current, profile
from yizhi.core.actor import Actor
from yizhi.core.errors import N_
from yizhi.core.profile.records import Field, said
from yizhi.doors import words
from yizhi.places.addresses import queries as places
from yizhi.places.addresses.queries import Address
from yizhi.registry import queries, rules
from yizhi.registry.forms import lang
from yizhi.registry.queries import House, Line, Proposed, Record

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
    "handed": N_("Gave out a code to it"),
}
_FROM = {
    "page": N_("Typed in"),
    "sheet": N_("From a sheet"),
    "sample": N_("Sample"),
    "time": N_("By itself"),
    "restore": N_("Deleted again after a restore"),
}


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
    value = rules.masked(named, found.values.get(named.code, ""))
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
    waiting: list[list[tuple[str, str, str]]]
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
        waiting=[_changes(one, whole=whole) for one in queries.proposals(who, found.id)],
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
    """`changes`: label, as it stands, as it should be; both masked."""

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
            _changes(one, whole=False),
            one.account == who.account,
            one.at,
        )
        for one in found
    ]


def _changes(one: Proposed, *, whole: bool) -> list[tuple[str, str, str]]:
    before, fields = one.record.values if whole else one.record.masked, one.record.register.fields
    return [
        (
            said(field.label, lang()),
            shown(field, before.get(code, "")),
            shown(field, one.wanted[code] if whole else rules.masked(field, one.wanted[code])),
        )
        for code, field in fields.items()
        if code in one.wanted
    ]


def shown(field: Field, value: str) -> str:
    """A value as it is read: of a choice its name."""
    return said(field.options[value], lang()) if value in field.options else value
