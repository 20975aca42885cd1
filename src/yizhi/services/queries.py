"""What is asked of errands' papers, visits and services. Papers belong to a case: who sees that one sees them. Visits
are seen by who may make them on the ground where they are; names are masked in every list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, radians

import msgspec
from django.db.models import F, Q

from yizhi.cases import queries as cases
from yizhi.cases.keys import sealer
from yizhi.cases.queries import Filter, Row
from yizhi.cases.words import masked_name, masked_phone
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.services import rules
from yizhi.services.kinds import ERRAND
from yizhi.services.models import Look, Paper, Place, Visit

#: The name under which what is known of a person is sealed.
PERSON = "person"
_MOST = 200


# -- papers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A paper that was handed over; `back` is when it was given back."""

    id: int
    name: str
    given: datetime
    back: datetime | None


def papers(case: int) -> list[Held]:
    """Of an errand that whoever asks may see."""
    found = Paper.objects.filter(case_id=case).order_by("id")
    return [Held(one.id, one.name, one.given, one.back) for one in found]


def out(case: int) -> list[str]:
    """The names of the papers that are not back."""
    return list(Paper.objects.filter(case_id=case, back__isnull=True).order_by("id").values_list("name", flat=True))


def still_out(case: int) -> None:
    """For `cases.guards`. Raises `PapersOut`."""
    if names := out(case):
        raise rules.PapersOut(papers="、".join(names))


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand in a list, with how many papers are out for it."""

    row: Row
    out: int


def errands(who: Actor, at: datetime) -> list[Errand]:
    """Errands under way that somebody may see, and ended ones for which a paper is still out: what falls due next on
    top."""
    under_way = cases.inbox(who, Filter(kind=ERRAND.code, limit=_MOST), at=at).rows
    ended = cases.inbox(who, Filter(kind=ERRAND.code, stage="ended", limit=_MOST), at=at).rows
    held = Paper.objects.filter(case__in=[row.id for row in [*under_way, *ended]], back__isnull=True)
    number = Counter(held.values_list("case_id", flat=True))
    return [Errand(row, number[row.id]) for row in [*under_way, *(row for row in ended if number[row.id])]]


# -- visits -----------------------------------------------------------------------------------------------------------


class Person(msgspec.Struct, frozen=True):
    """Who wishes to be visited. `door`: where exactly; `wish`: what they said; `body`: the enterprise, if one's."""

    name: str
    phone: str = ""
    door: str = ""
    wish: str = ""
    body: str = ""

    @property
    def masked(self) -> "Person":
        return Person(masked_name(self.name), masked_phone(self.phone) if self.phone else "", "", "", self.body)


@dataclass(frozen=True, slots=True)
class Seen:
    """A look at the name."""

    unit: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit that is agreed on; `person` is masked."""

    id: int
    sort: str
    area: str
    place: str
    topics: Sequence[str]
    agreed: str
    every: str
    day: date | None
    until: date
    person: Person


def _ground(who: Actor) -> Q:
    """Where somebody makes visits."""
    found = Q(pk__isnull=True)
    for scope in rules.grounds(who):
        inside, outside = Q(pk__isnull=True), Q(pk__isnull=True)
        for area in scope.include:
            inside |= Q(area__startswith=area)
        for area in scope.exclude:
            outside |= Q(area__startswith=area)
        found |= inside & ~outside
    return found


def visits(who: Actor, today: date) -> list[Planned]:
    """What is agreed on one's ground: first what has no day yet, then by day."""
    found = Visit.objects.filter(_ground(who), until__gte=today).order_by(F("day").asc(nulls_first=True), "id")
    return [_planned(one) for one in found[:_MOST]]


def today(who: Actor, day: date) -> list[Planned]:
    """The visits of a day, with those that were left."""
    found = Visit.objects.filter(_ground(who), until__gte=day, day__lte=day).order_by("day", "id")
    return [_planned(one) for one in found[:_MOST]]


def visit(who: Actor, number: int, day: date) -> Planned:
    """`NotFound` for what is absent, for somebody else's ground, and when the consent has ended."""
    return _planned(row(who, number, day))


def row(who: Actor, number: int, day: date, *, locked: bool = False) -> Visit:
    among = Visit.objects.select_for_update() if locked else Visit.objects
    found = among.filter(_ground(who), id=number, until__gte=day).first()
    if found is None:
        raise NotFound
    return found


def looks(number: int) -> list[Seen]:
    return [Seen(one.unit, one.purpose, one.at) for one in Look.objects.filter(visit=number).order_by("at")]


def person(found: Visit) -> Person:
    """In full: for an action that leaves a look, or that hands it on sealed."""
    key = sealer().open_key(bytes(found.sealed_key))
    return msgspec.json.decode(sealer().open(key, bytes(found.cipher), PERSON), type=Person)


def _planned(one: Visit) -> Planned:
    return Planned(
        id=one.id,
        sort=one.sort,
        area=one.area,
        place=one.place,
        topics=tuple(one.topics),
        agreed=one.agreed,
        every=one.every,
        day=one.day,
        until=one.until,
        person=person(one).masked,
    )


# -- services near by -------------------------------------------------------------------------------------------------

_STREET = 9
#: Metres of a degree of latitude; a degree of longitude is shorter, so that the box is never too small.
_DEGREE = 111_195


def offered(who: Actor, number: int) -> Place:
    """A service on one's ground, to be put right. `NotFound` for what is absent, withdrawn or elsewhere."""
    found = Place.objects.filter(_ground(who), id=number, until__isnull=True).first()
    if found is None:
        raise NotFound
    return found


def offers(who: Actor) -> list[Place]:
    """The services on one's ground."""
    return list(Place.objects.filter(_ground(who), until__isnull=True).order_by("area", "kind", "name")[:_MOST])


def around(area: str, origin: tuple[float, float] | None, metres: int) -> list[Place]:
    """What is offered in the street of an area, and what lies around a point."""
    wanted = Q(area__startswith=area[:_STREET])
    if origin:
        lon, lat = origin
        high = metres / _DEGREE
        wide = high / max(cos(radians(lat)), 0.1)
        wanted |= Q(lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high))
    return list(Place.objects.filter(wanted, until__isnull=True).order_by("kind", "name", "id")[:_MOST])
