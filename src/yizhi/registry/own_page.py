"""What somebody reads of their own record; and the boxes beside a matter: a request about a record, an address."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from yizhi.cases.city import current
from yizhi.cases.queries import Whole, open_at
from yizhi.core.actor import Actor
from yizhi.core.profile.records import said
from yizhi.doors import words
from yizhi.places.addresses import queries as places
from yizhi.places.addresses.queries import Address
from yizhi.registry import queries, rules
from yizhi.registry.forms import lang
from yizhi.registry.page import WAYS, area_name, purposes, shown, title
from yizhi.registry.queries import Line, Record

#: The width of a community's code.
_COMMUNITY = 12


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
    """What the desk sees of a request beside its matter. `may`: whoever looks uses the records of the place. `handed`:
    they gave out the code themselves, so somebody else deletes."""

    number: str
    wanted: str
    record: Record | None
    title: str
    done: datetime | None
    may: bool
    delete: bool
    handed: bool


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
        handed=found.handed_by == who.account,
    )


# -- the page of a matter -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceBox:
    """The address that a matter's words speak of, and what else is under way in its building."""

    address: Address
    grid: str
    others: list[tuple[str, str]]


def place_box(whole: Whole, who: Actor, at: datetime) -> PlaceBox | None:
    """Beside a matter whose place is in the register of addresses, for who uses base records there."""
    area = whole.state.area
    if not whole.place or len(area) < _COMMUNITY or rules.post_for(who, area) is None:
        return None
    names = [current().town.area_names.get(area[:width], "") for width in (6, 9, 12)]
    here = places.buildings(area[:_COMMUNITY], names)
    found = here.spoken_of(whole.place)
    if found is None:
        return None
    others = open_at(who, area[:_COMMUNITY], lambda words: here.spoken_of(words) == found)
    return PlaceBox(found, area_name(found.area), [one for one in others if one[0] != whole.number])
