"""What a seat's pages ask beyond one case: the list with its filters, the places where somebody may report."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yizhi.cases import live
from yizhi.cases import queries as cases
from yizhi.cases.city import current
from yizhi.cases.queries import Filter, Near, Page, Whole, near
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.standing import sees
from yizhi.doors.words import place_name
from yizhi.people.queries import roster
from yizhi.places import queries as places
from yizhi.seats import rules
from yizhi.seats.ground import Ground, ground

_COMMUNITY = 12


@dataclass(frozen=True, slots=True)
class Inbox:
    """A list as a seat shows it. `watched` and `mark` let the page ask whether anything changed since."""

    page: Page
    city: City
    watched: str
    mark: int


def inbox(who: Actor, wanted: Filter, *, at: datetime) -> Inbox:
    watched = live.watch(who)
    mark = live.mark(watched)  # before the list: what comes in between is told as new, never missed
    return Inbox(cases.inbox(who, wanted, at=at), current(), watched, mark)


def colleagues(unit: str, at: datetime) -> tuple[tuple[int, str], ...]:
    """Who serves in a unit today: account and title."""
    return tuple((seat.account, seat.account_title) for seat in roster(unit, at) if seat.account is not None)


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a case: the picture, the list beside it, what the drawn areas are called."""

    ground: Ground | None
    near: list[Near]
    names: dict[str, str]


def around(who: Actor, whole: Whole, *, at: datetime) -> Around:
    found, shapes = near(who, whole, at=at), places.atlas().around(whole.state.area)
    known = whole.city.town.area_names
    names = {shape.area: place_name(known, shape.area, since=min(len(shape.area), _COMMUNITY)) for shape in shapes}
    return Around(ground(whole, found, shapes), found, {area: name.split(" ")[-1] for area, name in names.items()})


def main_of(who: Actor, whole: Whole) -> str:
    """The number of the matter that this one was merged into; "" when there is none that `who` may see."""
    main = cases.main_case(who, whole.state)
    return main.number if main and sees(main.state, who, whole.city) else ""


@dataclass(frozen=True, slots=True)
class News:
    """How many of one's reports were put right lately by others; `until` is when the last was."""

    count: int
    until: str


#: For so long it is news.
_NEWS = timedelta(days=7)


def news(who: Actor, at: datetime) -> News | None:
    """None when there is none."""
    fresh = [
        one
        for one in cases.raised(who)
        if rules.put_right(one.state) and one.state.handled_by != who.account and at - one.changed <= _NEWS
    ]
    return News(len(fresh), max(one.changed for one in fresh).isoformat()) if fresh else None
