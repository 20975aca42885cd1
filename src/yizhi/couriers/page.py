"""What stands on the pages: the list to tap, what became of one's own, the office's bodies, the sheet to print."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from yizhi.cases.city import current
from yizhi.cases.queries import Whole, spots
from yizhi.cases.queries.alike import Alike, alike
from yizhi.cases.told import FOR_OTHERS, HEADLINES
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.profile.reporters import Sight
from yizhi.core.town import Unit
from yizhi.couriers import queries, rules
from yizhi.couriers.forms import SightForm
from yizhi.couriers.queries import Body, Joining, Kept
from yizhi.doors import words
from yizhi.doors.forms import Group, Option
from yizhi.paper import pdf
from yizhi.places import queries as places


@dataclass(frozen=True, slots=True)
class FormPage:
    """`places`: where the body is at home, to choose by hand. `alike`: what somebody reported here already, and
    `follow` the place by which it is followed."""

    body: Joining
    sights: tuple[Sight, ...]
    places: list[Group]
    sent: int
    alike: list[Alike]
    follow: str
    standing: dict[str, str]
    city: City


def form_page(body: Joining, token: str, found: "Found") -> FormPage:
    city = current()
    return FormPage(
        body=body,
        sights=city.profile.reporters,
        places=list(_places(body.area)),
        sent=queries.how_many_sent(token),
        alike=found.alike,
        follow=found.area,
        standing={stage: _(said) for stage, said in FOR_OTHERS.items()},
        city=city,
    )


def _places(area: str) -> Iterator[Group]:
    """The communities where the body is at home, by street."""
    for street in spots.streets():
        near = [place for place in street.places if place.code.startswith(area)]
        if near:
            yield Group(street.name, tuple(Option(place.code, place.name) for place in near))


@dataclass(frozen=True, slots=True)
class Found:
    """What was reported already at a place."""

    area: str = ""
    alike: list[Alike] = field(default_factory=list)


def look(form: SightForm, city: City, at: datetime) -> Found:
    """What may be the same, for a form that was found good."""
    area, lon, lat, _label = form.where(city)
    if not spots.choosable(area):  # where nothing could be followed
        return Found()
    return Found(area, alike(area, form.sight(city).category, lon=lon, lat=lat, at=at))


@dataclass(frozen=True, slots=True)
class Here:
    """What a point is called, "" outside the city; `sketch`: by outlines that nobody surveyed."""

    name: str = ""
    sketch: bool = False


def here(lon: str, lat: str) -> Here:
    city, point = current(), spots.point(lon, lat)
    if point is None:
        return Here()
    area, found, _lat = spots.placed(spots.everywhere(city), point)
    if found is None:
        return Here()
    located = places.locate(*point)
    return Here(words.place_name(city.town.area_names, area, since=9), sketch=bool(located and located.sketch))


@dataclass(frozen=True, slots=True)
class Card:
    """One report as whoever sent it reads it. `asked`: whether it is solved is for them to say. `emergency`: whom to
    ring first, with this sort of matter."""

    kept: Kept
    text: str
    place: str
    headline: str
    holder: Unit | None
    due: datetime | None
    asked: bool
    solved: bool
    emergency: str


def cards(token: str) -> list[Card]:
    return [_card(kept, whole) for kept, whole in queries.sent(token)]


def _card(kept: Kept, whole: Whole) -> Card:
    case, town = whole.state, whole.city.town
    asked = case.is_open and any(move.name == "follow_up" for move, _facts in whole.moves)
    solved = case.stage == "closed" and bool(case.satisfied)
    stands = HEADLINES["verified" if asked else case.stage]
    said = _("You told us that it is solved") if solved else _(stands)
    reply = next((clock.due for clock in case.clocks if clock.name == "reply" and clock.left is None), None)
    return Card(
        kept=kept,
        text=whole.text or "",
        place=words.place_name(town.area_names, case.area, since=9),
        headline=said,
        holder=town.units.get(case.holder) if case.is_open else None,
        due=reply if case.is_open else None,
        asked=asked,
        solved=solved,
        emergency=category.emergency if (category := whole.city.profile.category(case.category)) else "",
    )


# -- the office ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfficePage:
    bodies: list[Body]
    areas: list[Option]
    sorts: list[Option]
    city: City
    fewest: int = rules.FEWEST
    most: int = rules.MOST


def office_page(who: Actor, at: datetime) -> OfficePage:
    city = current()
    names = city.town.area_names
    return OfficePage(
        bodies=queries.bodies(who, at),
        areas=[Option(code, words.place_name(names, code)) for code in queries.areas(who, names)],
        sorts=[Option(code, _(name)) for code, name in rules.SORTS.items()],
        city=city,
    )


def address_of(body: Body) -> str:
    return f"{settings.YIZHI_PUBLIC_URL.rstrip('/')}{reverse('special_join', args=[body.code])}"


def sheet(body: Body) -> bytes:
    """A page of A4 to hang up at the station. Raises `subprocess.CalledProcessError`."""
    city = current()
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "body": body,
            "sort": _(rules.SORTS[body.sort]),
            "place": words.place_name(city.town.area_names, body.area),
            "office": city.town.units.get(body.unit),
            "path": reverse("special_join", args=[body.code]),
            "address": address_of(body),
            "sights": city.profile.reporters,
        }
        html = render_to_string("couriers/sheet.html", context, using="jinja2")
    return pdf(html)
