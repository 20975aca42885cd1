"""What stands on the pages of errands: the box on the page of the matter, and the hand-over slip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yizhi.cases.city import current
from yizhi.cases.queries import Whole
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.doors import times, words
from yizhi.paper import pdf
from yizhi.services import queries, rules
from yizhi.services.kinds import ERRAND
from yizhi.services.queries import Held, Planned


def seat_of(who: Actor) -> str:
    """Where somebody works on a case: out there, or at the desk."""
    units = current().town.units
    return "field" if any(code in units and units[code].kind == "grid" for code in who.units) else "desk"


@dataclass(frozen=True, slots=True)
class Box:
    """What whoever sees an errand knows of it beside the case. `may`: tick papers off, take one more."""

    number: str
    agreed: str
    wanted: str
    papers: Sequence[Held]
    may: bool
    open: bool

    @property
    def out(self) -> int:
        return sum(one.back is None for one in self.papers)


def box(whole: Whole, who: Actor, at: datetime) -> Box:
    """For `cases.panels`."""
    facts = whole.steps[0].facts
    return Box(
        number=whole.number,
        agreed=words.choice_name(str(facts["agreed"])) if facts.get("agreed") else "",
        wanted=_day(facts.get("wanted")),
        papers=queries.papers(whole.id),
        may=bool(rules.grounds(who)),
        open=whole.state.is_open,
    )


def _day(fact: object) -> str:
    return times.day(localdate(datetime.fromisoformat(str(fact)))) if fact else ""


def slip(whole: Whole, who: Actor, at: datetime, *, code: str = "", a5: bool = False) -> bytes:
    """The hand-over slip, twice: for the person, and for who runs the errand. `code` opens the tracking page; without
    it there is no picture to scan. In the city's language. Raises `NotFound` for what is no errand."""
    if whole.state.kind != ERRAND.code:
        raise NotFound
    with translation.override(settings.LANGUAGE_CODE):
        return pdf(render_to_string("services/slip.html", _slip(whole, who, at, code, a5), using="jinja2"))


def today(who: Actor, at: datetime) -> dict[str, Any]:
    """What the list of today shows of visits."""
    found = queries.today(who, localdate(at)) if rules.grounds(who) else []
    return {"visits": found, "plan": current().profile.services, "city": current()}


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    visits: Sequence[Planned]
    due: bool = False


def visit_groups(found: Sequence[Planned], today: date) -> list[Group]:
    """By what they wait for; groups without any are left out."""
    groups = (
        Group(_("A day has to be agreed on"), [one for one in found if one.day is None]),
        Group(_("Today"), [one for one in found if one.day and one.day <= today], due=True),
        Group(_("Later"), [one for one in found if one.day and one.day > today]),
    )
    return [group for group in groups if group.visits]


def _slip(whole: Whole, who: Actor, at: datetime, code: str, a5: bool) -> dict[str, Any]:
    town = whole.city.town
    desk = town.units.get(whole.state.desk)
    return {
        "whole": whole,
        "box": box(whole, who, at),
        "place": words.place_name(town.area_names, whole.state.area),
        "office": desk,
        "copies": (_("Kept by the person"), _("Kept by who runs the errand")),
        "code": code,
        "a5": a5,
        "day": lambda moment: times.day(localdate(moment)),
        "at": at,
    }
