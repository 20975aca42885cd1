"""What is asked of rounds: those of today for whoever makes them, one of them place by place, and how areas stand.
Nothing here can be asked by person: a round is a grid's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from yizhi.cases.city import current
from yizhi.core.actor import Actor, Scope
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.core.profile.patrols import PointKind, RoundPlan
from yizhi.core.town import Unit
from yizhi.patrols import rules
from yizhi.places.points.queries import WITHIN, Point, points, unseen
from yizhi.sql import row, rows

_ROUND = "SELECT id, plan, nth, area, unit, day, last, points, state, ended, why FROM patrols_round"
#: For so long the phone asks why a round was not made, and takes what was said of it without a net.
LATE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Round:
    id: int
    plan: str
    nth: int
    area: str
    unit: str
    day: date
    last: date
    points: list[int]
    state: str
    ended: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    what: str
    reason: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a round; `seen` is None where nothing was said of it yet."""

    point: Point
    kind: PointKind
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class Walk:
    """One round, place by place: what is still to be seen comes first."""

    round: Round
    plan: RoundPlan
    stops: list[Stop]
    city: City

    @property
    def left(self) -> int:
        return sum(stop.seen is None for stop in self.stops)

    @property
    def open(self) -> bool:
        return self.round.state != "made"

    def stop(self, point: int) -> Stop:
        """`NotFound` for a place that is not on this round."""
        found = next((stop for stop in self.stops if stop.point.id == point), None)
        if found is None:
            raise NotFound
        return found


def walk(who: Actor, number: int) -> Walk:
    """`NotFound` for what is absent, and for a round on somebody else's ground."""
    found = row(f"{_ROUND} WHERE id = %(id)s", id=number)
    if found is None or not rules.may(who, "patrol", found[3]):
        raise NotFound
    one, city = Round(*found), current()
    return Walk(one, _plan(one.plan, city), _stops(one, city), city)


def _stops(one: Round, city: City) -> list[Stop]:
    """Places that were withdrawn since are left out."""
    kinds = city.profile.patrols.kinds
    sights = {
        point: Seen(*seen)
        for point, *seen in rows(
            "SELECT point, what, reason, number, at FROM patrols_sight WHERE round_id = %(id)s", id=one.id
        )
    }
    found = [
        Stop(point, kinds.get(point.kind) or PointKind(point.kind, {"zh": point.kind}), sights.get(point.id))
        for point in points(one.points)
    ]
    order = list(kinds)
    return sorted(found, key=lambda stop: (stop.seen is not None, _place_in(order, stop.point.kind)))


def _place_in(order: list[str], kind: str) -> int:
    return order.index(kind) if kind in order else len(order)


# ----- today, on the phone


@dataclass(frozen=True, slots=True)
class Due:
    """The rounds of one plan in one grid that are under way: how many of them are made, and the next one."""

    plan: RoundPlan
    area: str
    rounds: list[Round]
    said: int

    @property
    def made(self) -> int:
        return sum(one.state == "made" for one in self.rounds)

    @property
    def next(self) -> Round | None:
        return next((one for one in self.rounds if one.state == "open"), None)


@dataclass(frozen=True, slots=True)
class Today:
    """What the phone shows: rounds under way, and one lately over of which nobody has said why it was not made."""

    due: list[Due]
    unmade: list[Round]
    city: City


_TODAY = f"""
{_ROUND} WHERE unit = ANY(%(units)s) AND last >= %(since)s AND day <= %(day)s ORDER BY area, day, plan, nth
"""


def today(who: Actor, at: datetime) -> Today:
    """Of one's own units, where one makes rounds."""
    units, city, day = [post.unit for post in who.posts if "patrol" in post.acts], current(), localdate(at)
    if not units or not city.profile.patrols.rounds:
        return Today([], [], city)
    found = [Round(*values) for values in rows(_TODAY, units=units, since=day - LATE, day=day)]
    said = _said([one.id for one in found if one.last >= day])
    unmade = [one for one in found if one.state == "over" and not one.why]
    return Today(list(_due(found, said, city, day)), unmade[:1], city)


def _due(found: list[Round], said: Mapping[int, int], city: City, day: date) -> Iterable[Due]:
    under_way: dict[tuple[str, str], list[Round]] = {}
    for one in found:
        if one.last >= day and one.plan in city.profile.patrols.rounds:
            under_way.setdefault((one.area, one.plan), []).append(one)
    for (area, plan), together in under_way.items():
        due = Due(city.profile.patrols.rounds[plan], area, together, 0)
        yield Due(due.plan, area, together, said.get(due.next.id, 0)) if due.next else due


def _said(rounds: list[int]) -> dict[int, int]:
    """Of how many places something was said, by round."""
    sql = "SELECT round_id, count(*) FROM patrols_sight WHERE round_id = ANY(%(rounds)s) GROUP BY 1"
    return dict(rows(sql, rounds=rounds))


# ----- how areas stand, at the desk


@dataclass(frozen=True, slots=True)
class Stand:
    """An area on a day: rounds asked for and made, findings, places out of reach."""

    area: str
    asked: int
    made: int
    over: int
    findings: int
    unreached: int

    @property
    def waiting(self) -> int:
        return self.asked - self.made - self.over


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rounds of one plan in one grid that are not made yet; `number` is the first of them. `staffed`: somebody serves
    today in the unit that makes them."""

    number: int
    area: str
    plan: RoundPlan
    unit: Unit | None
    count: int
    staffed: bool


_STANDS = f"""
SELECT left(area, %(width)s), count(*), count(*) FILTER (WHERE state = 'made'), count(*) FILTER (WHERE state = 'over'),
    coalesce(sum(s.findings), 0)::int, coalesce(sum(s.unreached), 0)::int
FROM patrols_round LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE what = 'finding') AS findings, count(*) FILTER (WHERE what = 'unreached') AS unreached
    FROM patrols_sight WHERE round_id = patrols_round.id
) AS s ON true
WHERE last >= %(since)s AND day <= %(until)s AND {WITHIN} AND starts_with(area, %(area)s)
GROUP BY 1 ORDER BY 1
"""


def stands(ground: Scope, area: str, width: int, since: date, until: date) -> list[Stand]:
    """Counts per area of a width, over the rounds that were under way in these days. The figures' hook."""
    found = rows(_STANDS, **scoped(ground), area=area, width=width, since=since, until=until)
    return [Stand(*values) for values in found]


def waiting(ground: Scope, area: str, day: date, most: int) -> list[Waiting]:
    """Rounds of the day that nobody has made yet: those first for which nobody is there."""
    city = current()
    sql = f"""
        SELECT min(id), area, plan, unit, count(*) FROM patrols_round
        WHERE state = 'open' AND last >= %(day)s AND day <= %(day)s AND {WITHIN} AND starts_with(area, %(area)s)
        GROUP BY area, plan, unit ORDER BY area, plan LIMIT 2000
    """
    found = [_waiting(*values, city=city) for values in rows(sql, **scoped(ground), area=area, day=day)]
    return sorted(found, key=lambda one: one.staffed)[:most]


def _waiting(number: int, area: str, plan: str, unit: str, count: int, *, city: City) -> Waiting:
    known = city.town.units.get(unit)
    return Waiting(number, area, _plan(plan, city), known, count, known is not None and known.can("patrol"))


def _plan(code: str, city: City) -> RoundPlan:
    """A plan that the city has given up since keeps its rounds, under its code."""
    return city.profile.patrols.rounds.get(code) or RoundPlan(code, {"zh": code}, (), "")


def reasons(ground: Scope, area: str, since: date, until: date) -> list[tuple[str, int]]:
    """Why rounds were not made, the most frequent first; "" where nobody said."""
    sql = f"""
        SELECT why, count(*) FROM patrols_round WHERE state = 'over' AND last >= %(since)s AND day <= %(until)s
        AND {WITHIN} AND starts_with(area, %(area)s) GROUP BY 1
    """
    found = dict(rows(sql, **scoped(ground), area=area, since=since, until=until))
    return Counter[str](found).most_common()


def long_unseen(ground: Scope, area: str, at: datetime, most: int = 50) -> list[Point]:
    """Places that a round should have led to, and where nobody has looked for as long as the city says."""
    plan = current().profile.patrols
    day = localdate(at)
    kinds = {kind for one in plan.rounds.values() if one.in_season(day) for kind in one.kinds}
    return unseen(ground, kinds=kinds, before=at - timedelta(days=plan.long_days), area=area, most=most)


def scoped(ground: Scope) -> dict[str, Any]:
    return {"include": list(ground.include), "exclude": list(ground.exclude)}
