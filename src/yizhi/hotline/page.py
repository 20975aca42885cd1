"""What stands on the hotline's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yizhi.cases.actions import Receipt, Report
from yizhi.cases.city import current
from yizhi.cases.queries import Row
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.errors import N_
from yizhi.core.town import Unit
from yizhi.doors import words
from yizhi.doors.forms import Group, category_groups
from yizhi.hotline import queries, rules
from yizhi.hotline.queries import Answered, Unfinished
from yizhi.hotline.rules import Typed

_SAID: Final[Mapping[str, str]] = {
    "answered": N_("Kept as an answered question, without a person. The page is ready for the next call."),
    "referred": N_("Kept where the caller was sent, without a person. The page is ready for the next call."),
    "added": N_("Added to the matter; whoever has it reads it there. The page is ready for the next call."),
    "dropped": N_("Dropped; nothing of it was kept."),
}


@dataclass(frozen=True, slots=True)
class FormPage:
    """What the form offers to choose from; the calls that are not finished beside this one; what was just done."""

    city: City
    places: list[Group]
    categories: list[Group]
    outcomes: Mapping[str, str]
    offices: Mapping[str, str]
    unfinished: list[Unfinished]
    said: str


def form_page(who: Actor, places: list[Group], call: UUID, done: str) -> FormPage:
    city = current()
    return FormPage(
        city=city,
        places=places,
        categories=list(category_groups(city)),
        outcomes={name: _(label) for name, label in rules.OUTCOMES.items()},
        offices={name: _(label) for name, label in rules.OFFICES.items()},
        unfinished=[one for one in queries.unfinished(who) if one.id != call],
        said=_(_SAID[done]) if done in _SAID else "",
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What is open under the telephone, and what was answered before to something alike. `mark` changes with it."""

    city: City
    phone: bool
    matters: list[Row]
    answers: list[Answered]
    mark: str


def beside(who: Actor, typed: Typed, at: datetime) -> Beside:
    matters = queries.open_matters(who, typed.phone, at=at)
    answers = queries.answered_like(typed.text)
    shown = [bool(typed.phone), [row.number for row in matters], [answer.question for answer in answers]]
    mark = sha256(repr(shown).encode()).hexdigest()[:16]
    return Beside(current(), bool(typed.phone.strip()), matters, answers, mark)


@dataclass(frozen=True, slots=True)
class DonePage:
    """The receipt, to be read out or printed. `emergency`: what this sort of matter says to ring first. `reference`:
    the number of the other register; `happened`: the time on the paper."""

    receipt: Receipt
    place: str
    holder: Unit | None
    office: Unit
    emergency: str
    answerable: bool
    text: str
    reference: str
    happened: datetime | None


def done_page(receipt: Receipt, typed: Typed, what: Report | None = None) -> DonePage:
    """`what`: the report from paper, with its number and time there."""
    city = current()
    town, category = city.town, city.profile.category(typed.category)
    desks = list(town.chain(town.desk_for(receipt.area).code))
    return DonePage(
        receipt=receipt,
        place=words.place_name(town.area_names, receipt.area),
        holder=town.units.get(receipt.held_by),
        office=next((unit for unit in desks if unit.phone), desks[0]),
        emergency=category.emergency if category else "",
        answerable=bool(typed.phone.strip()),
        text=typed.text,
        reference=what.reference.number.strip() if what and what.reference else "",
        happened=what.happened if what else None,
    )
