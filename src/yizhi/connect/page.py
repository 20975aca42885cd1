"""What the pages about a link show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhi.cases.queries import Picture, Whole
from yizhi.connect import queries, rules
from yizhi.connect.forms import OfficeForm, office_forms
from yizhi.connect.rules import Link
from yizhi.core.actor import Actor
from yizhi.core.case import Clock
from yizhi.core.errors import N_
from yizhi.core.town import Unit
from yizhi.doors import words

_DONE = {
    "sign": N_("Signed for. The time for the work begins now."),
    "reply": N_("Your answer has been passed on."),
    "finish": N_("The result has been passed on to the desk. Thank you."),
}


@dataclass(frozen=True, slots=True)
class Word:
    """What was written to the office: with the assignment, or when it was sent back to be done again."""

    text: str
    photos: list[Picture]
    happened: datetime


@dataclass(frozen=True, slots=True)
class OfficePage:
    """The work of one office. Nothing of who raised it, nothing of what others wrote among themselves."""

    whole: Whole
    forms: dict[str, OfficeForm]
    unit: str
    stage: str
    category: str
    place: str
    clocks: list[Clock]
    told: list[Word]
    desk: Unit | None
    expires: datetime
    done: str


#: Moves whose words are for whoever does the work.
_FOR_THE_OFFICE = frozenset(("dispatch", "route", "rework", "rule", "conclude_consult"))


def office_page(link: Link, whole: Whole, done: str) -> OfficePage:
    case, city = whole.state, whole.city
    unit = city.town.units.get(link.unit)
    return OfficePage(
        whole=whole,
        forms=office_forms(whole, link.unit),
        unit=unit.name if unit else link.unit,
        stage=words.stage_name(case.stage, case.kind),
        category=words.category_name(city.profile, case.category),
        place=words.place_name(city.town.area_names, case.area),
        clocks=sorted((one for one in case.clocks if one.owner == link.unit), key=lambda one: one.due),
        told=[
            Word(step.note or "", step.photos, step.happened)
            for step in whole.steps
            if step.move in _FOR_THE_OFFICE and (step.note or step.photos) and _named(step.facts, link.unit)
        ],
        desk=_rings(whole),
        expires=link.expires,
        done=_(_DONE[done]) if done in _DONE else "",
    )


def _named(facts: dict[str, object], unit: str) -> bool:
    """What was written when it was given to somebody else before is not for this office."""
    return facts.get("unit", unit) == unit


def _rings(whole: Whole) -> Unit | None:
    """The nearest desk that one can ring, of those that answer for it."""
    return next((unit for unit in whole.city.town.chain(whole.state.desk) if unit.phone), None)


@dataclass(frozen=True, slots=True)
class Sent:
    """A link as the desk sees it; `address` is empty when it is over."""

    link: Link
    address: str
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    whole: Whole
    unit: str
    phone: str
    may_send: bool
    links: list[Sent]


def desk_page(whole: Whole, who: Actor, links: Sequence[Link], at: datetime) -> DeskPage:
    """`links` of others than the unit that has it now are over with it."""
    case, city = whole.state, whole.city
    unit = city.town.units.get(case.lead)
    mine = who.may("dispatch", case.kind, frozenset((case.desk,))) is not None
    return DeskPage(
        whole=whole,
        unit=unit.name if unit else "",
        phone=unit.phone if unit else "",
        may_send=rules.may_send(case, who, city),
        links=[_sent(link, whole, link.is_good(at) and link.unit == case.lead) for link in links] if mine else [],
    )


def _sent(link: Link, whole: Whole, good: bool) -> Sent:
    if not good:
        return Sent(link, "", "", "")
    path = reverse("office_work", kwargs={"token": queries.token(link.id)})
    address = f"{settings.YIZHI_PUBLIC_URL.rstrip('/')}{path}"
    desk = whole.city.town.units.get(whole.state.desk)
    said = _("{desk} asks you to deal with matter {number}. Open, sign for it and say what was done here: {address}")
    return Sent(link, address, path, said.format(desk=desk.name if desk else "", number=whole.number, address=address))
