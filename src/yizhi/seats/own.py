"""What somebody reported and did, in the words of their own pages."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yizhi.cases.city import current
from yizhi.cases.queries import Did, HandedOn, Raised
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.doors import words
from yizhi.seats import rules


@dataclass(frozen=True, slots=True)
class Reported:
    """A matter that one reported: `stands` says in plain words where it is, `right` that it was put right, `said_so`
    that the one who raised it says so."""

    number: str
    gist: str
    place: str
    stands: str
    changed: datetime
    seen: bool
    right: bool
    said_so: bool


def raised(found: Sequence[Raised], who: Actor) -> dict[str, Any]:
    """The list, and when the last of it was put right by others."""
    city = current()
    right = [one.changed for one in found if rules.put_right(one.state) and one.state.handled_by != who.account]
    news = max(right).isoformat() if right else ""
    return {"reports": [_reported(one, city) for one in found], "news": news}


def _reported(one: Raised, city: City) -> Reported:
    case = one.state
    facts = {"lead": _unit(city, case.lead), "holder": _unit(city, case.holder)}
    return Reported(
        number=one.number,
        gist=one.gist or words.category_name(city.profile, case.category) or _("(text not shown)"),
        place=words.place_name(city.town.area_names, case.area, since=12),
        stands=_(rules.stands(case)).format(**facts),
        changed=one.changed,
        seen=one.seen,
        right=rules.put_right(case),
        said_so=case.satisfied is True,
    )


@dataclass(frozen=True, slots=True)
class Month:
    """A month by the city's clock: from `since`, until `until` (not included). `before` and `after` name its
    neighbours as an address does; `after` is empty for the month that runs."""

    since: datetime
    until: datetime
    before: str
    after: str

    @property
    def name(self) -> str:
        return pgettext("month", "{year}-{month:02}").format(year=self.since.year, month=self.since.month)


def month_of(asked: str, at: datetime) -> Month:
    """The month that an address names, "2026-03"; the one that runs when it names none."""
    now = localtime(at)
    try:
        first = date.fromisoformat(asked + "-01")
    except ValueError:
        first = now.date().replace(day=1)
    last, following = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
    running = (first.year, first.month) >= (now.year, now.month)
    return Month(_midnight(first), _midnight(following), f"{last:%Y-%m}", "" if running else f"{following:%Y-%m}")


def _midnight(day: date) -> datetime:
    return make_aware(datetime(day.year, day.month, day.day))


@dataclass(frozen=True, slots=True)
class Work:
    """What one did in one matter. Place and category only while one may see it."""

    number: str
    place: str
    category: str
    did: str
    last: datetime
    seen: bool


def statement(did: Sequence[Did]) -> dict[str, Any]:
    """Counts by move, the most frequent first, and the matters they are counted from."""
    city = current()
    counted = Counter(move for one in did for move in one.moves)
    counts = [(words.move_name(move, ""), number) for move, number in counted.most_common()]
    return {"counts": counts, "moves": counted.total(), "works": [_work(one, city) for one in did]}


def _work(one: Did, city: City) -> Work:
    case = one.state
    return Work(
        number=one.number,
        place=words.place_name(city.town.area_names, case.area, since=12) if one.seen else "—",
        category=words.category_name(city.profile, case.category) if one.seen else "—",
        did=", ".join(_named(one.moves, case.kind)),
        last=one.last,
        seen=one.seen,
    )


def _named(moves: Iterable[str], kind: str) -> Iterable[str]:
    for move, times in Counter(moves).items():
        said = words.move_name(move, kind)
        yield f"{said} × {times}" if times > 1 else said


@dataclass(frozen=True, slots=True)
class Handover:
    """A hand-over on paper: who gave what to whom, on what ground."""

    title: str
    giver: str
    receiver: str
    move: str
    ground: str
    place: str
    category: str


def handover(found: HandedOn) -> Handover:
    city, case = current(), found.state
    station = city.town.units.get(found.unit)
    police = station is not None and station.kind == "station"
    ground = found.facts.get("ground", "")
    outside = found.facts.get("to", "")
    return Handover(
        title=_("Hand-over slip for what is not police work") if police else _("Hand-over slip"),
        giver=_unit(city, found.unit),
        receiver=words.choice_name(str(outside)) if outside else _unit(city, found.receiver),
        move=words.move_name(found.move, case.kind),
        ground=words.choice_name(str(ground)) if ground else "",
        place=words.place_name(city.town.area_names, case.area),
        category=words.category_name(city.profile, case.category),
    )


def _unit(city: City, code: str) -> str:
    found = city.town.units.get(code)
    return found.name if found else code
