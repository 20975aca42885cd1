"""Rounds are made for the day, said to be in order, gone through place by place, and end by themselves.

Nothing is written about who made one. Doing anything twice is doing it once, so that a phone without a net may send it
as often as it likes; what arrives after the day is taken like what arrived in time."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from yizhi.cases import actions as cases
from yizhi.cases.actions import Photo, Receipt, Report
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact, MissingFact, NotFound
from yizhi.core.profile.patrols import RoundPlan
from yizhi.patrols import queries, rules
from yizhi.patrols.models import Round, Sight
from yizhi.patrols.queries import Walk
from yizhi.places.points import actions as points
from yizhi.places.points.actions import PointRow
from yizhi.places.points.queries import Point, point
from yizhi.sql import row, rows, run

_LACKING = """
SELECT area, array_agg(id ORDER BY id) FROM places_point
WHERE until IS NULL AND kind = ANY(%(kinds)s) AND (
    cardinality(%(prefixes)s::text[]) = 0
    OR EXISTS (SELECT FROM unnest(%(prefixes)s::text[]) AS p(code) WHERE starts_with(area, p.code))
) AND NOT EXISTS (
    SELECT FROM patrols_round AS r WHERE r.area = places_point.area AND r.day = %(day)s AND r.plan = %(plan)s
) GROUP BY area
"""
_MAKE = """
INSERT INTO patrols_round (plan, nth, area, unit, day, last, points)
SELECT %(plan)s, nth, new.area, new.unit, %(day)s, %(last)s, new.points
FROM jsonb_to_recordset(%(new)s) AS new(area text, unit text, points bigint[]), generate_series(1, %(times)s) AS nth
ON CONFLICT (area, day, plan, nth) DO NOTHING
"""


def make(at: datetime) -> int:
    """The rounds that this day asks for, in every grid that has such places and lacks them; how many are new."""
    city, day = current(), localdate(at)
    due = list(rules.begun_on(city.profile.patrols, day, city.profile.calendar))
    return sum(_make(plan, first, last, city) for plan, first, last in due)


def _make(plan: RoundPlan, first: date, last: date, city: City) -> int:
    lacking = rows(_LACKING, kinds=list(plan.kinds), prefixes=list(plan.areas), day=first, plan=plan.code)
    new = [{"area": area, "unit": _unit(plan, area, city), "points": found} for area, found in lacking]
    return run(_MAKE, plan=plan.code, day=first, last=last, new=Jsonb(new), times=plan.times) if new else 0


def _unit(plan: RoundPlan, area: str, city: City) -> str:
    """Whose round it is, staffed or not: a vacant grid's waits where the desk above sees it."""
    return (city.town.find(plan.unit, area) or city.town.desk_for(area)).code


def end(at: datetime) -> int:
    """Rounds whose time is up end by themselves. It counts against nobody."""
    return run(
        "UPDATE patrols_round SET state = 'over', ended = %(at)s WHERE state = 'open' AND last < %(day)s",
        at=at,
        day=localdate(at),
    )


def forget(at: datetime) -> int:
    """Rounds as old as the city keeps none; a thousand at a time."""
    before = localdate(at) - timedelta(days=current().profile.patrols.kept_days)
    old = list(Round.objects.filter(last__lt=before).values_list("id", flat=True)[:1000])
    Sight.objects.filter(round__in=old).delete()
    return Round.objects.filter(id__in=old).delete()[0]


@transaction.atomic
def in_order(number: int, *, by: Actor, at: datetime) -> None:
    """All of which nothing was said is in order, and the round made. Raises `NotFound`, `LongOver`."""
    walk = _in_time(_locked(number, by), at)
    if walk.round.state != "made":
        points.seen([stop.point.id for stop in walk.stops if stop.seen is None], at=at)
        _made(number, at)


_SAY = """
INSERT INTO patrols_sight (round_id, point, what, reason, number, at)
VALUES (%(round)s, %(point)s, %(what)s, %(reason)s, %(number)s, %(at)s)
ON CONFLICT (round_id, point) DO UPDATE
SET what = excluded.what, reason = excluded.reason, number = excluded.number, at = excluded.at
WHERE patrols_sight.what <> 'finding' AND patrols_sight.at <= excluded.at
"""


@transaction.atomic
def say(number: int, place: int, what: rules.What, *, reason: str = "", by: Actor, at: datetime) -> None:
    """One place: in order, or out of reach and why. A finding stays one, and what was seen later stands. Raises
    `NotFound`, `BadFact`, `LongOver`."""
    walk = _in_time(_locked(number, by), at)
    stop = walk.stop(place)
    if what == "unreached" and reason not in walk.city.profile.patrols.out_of_reach:
        raise BadFact(fact="reason", label=N_("Why it could not be seen"), why=N_("please choose one"))
    _say(walk, stop.point.id, what, at, reason=reason if what == "unreached" else "")


def _say(walk: Walk, place: int, what: rules.What, at: datetime, *, reason: str = "", number: str = "") -> None:
    run(_SAY, round=walk.round.id, point=place, what=what, reason=reason, number=number, at=at)
    if what != "unreached":
        points.seen([place], at=at)
    if all(stop.seen or stop.point.id == place for stop in walk.stops):
        _made(walk.round.id, at)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at a place, and `how` it goes on: passed on, seen to by whoever found it, or put right already by
    what is `done`. `happened`: when, of what a phone sent later."""

    text: str
    category: str
    how: rules.How = "pass"
    done: str = ""
    photos: tuple[Photo, ...] = ()
    happened: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """`holder` has it now."""

    receipt: Receipt
    holder: str
    stage: str
    solved: bool = False


@transaction.atomic
def find(number: int, place: int, finding: Finding, *, by: Actor, at: datetime, key: str, draw: float = 1.0) -> Found:
    """A finding is a report like any other, with the place filled in. Raises `NotFound`, and what `report` raises."""
    _check(finding)
    walk, by = _locked(number, by), replace(by, door="field")
    what = _report(walk.stop(place).point, finding)
    solved = finding.how == "solved" and _is_ours(what, by, at)
    if finding.how == "solved" and not solved:
        what = replace(what, text=what.text + "\n" + _("Already done on the spot: {what}").format(what=finding.done))
    receipt = cases.report(what, by=by, at=at, key=key)
    _say(walk, place, "finding", at, number=receipt.number)
    move, facts = _goes_on(finding, solved)
    if not move or by.may(move, what.kind, frozenset((receipt.held_by,))) is None:
        return Found(receipt, receipt.held_by, receipt.stage)
    when, sent = finding.happened, f"{key}-{move}"
    done = cases.move(receipt.number, move, facts, by=by, at=at, key=sent, happened=when, draw=draw)
    return Found(receipt, done.holder, done.stage, solved)


def _check(finding: Finding) -> None:
    if not finding.text.strip():
        raise MissingFact(fact="text", label=N_("What you found"))
    if finding.how == "solved" and not finding.done.strip():
        raise MissingFact(fact="done", label=N_("What you did about it on the spot"))


def _report(place: Point, finding: Finding) -> Report:
    return Report(
        text=finding.text,
        area=place.area,
        source="field",
        category=finding.category,
        lon=place.lon,
        lat=place.lat,
        place=" ".join(filter(None, (place.name, place.label))),
        photos=finding.photos,
        answerable=False,
        happened=finding.happened,
    )


def _goes_on(finding: Finding, solved: bool) -> tuple[str, dict[str, str]]:
    """The move that follows at once, where the matter lies with whoever found it. What a grid holds and does not deal
    with itself goes up to the desk that assigns; what it may not hold lies there already."""
    if solved:
        return "solve", {"result": "solved", "note": finding.done}
    return ("escalate", {"note": _("Found on a round; please assign it.")}) if finding.how == "pass" else ("", {})


def _is_ours(what: Report, by: Actor, at: datetime) -> bool:
    """Whether the matter would lie with the one who reports it, who may solve it."""
    return by.may("solve", what.kind, frozenset((cases.rehearse(what, by=by, at=at).holder,))) is not None


@transaction.atomic
def explain(number: int, why: str, *, by: Actor, at: datetime) -> None:
    """Why a round was not made: one tap, and nobody has to. Raises `NotFound`, `RoundOver`, `BadFact`."""
    walk = _locked(number, by)
    if walk.round.state == "made":
        raise rules.RoundOver
    if why not in walk.city.profile.patrols.unmade:
        raise BadFact(fact="why", label=N_("Why it was not made"), why=N_("please choose one"))
    run("UPDATE patrols_round SET why = %(why)s WHERE id = %(id)s", why=why, id=number)


def _in_time(walk: Walk, at: datetime) -> Walk:
    """What was sent late from a phone without a net counts; what is said of last month does not."""
    if localdate(at) - walk.round.last > queries.LATE:
        raise rules.LongOver(days=queries.LATE.days)
    return walk


# ----- the register


def keep(number: int | None, row: PointRow, *, by: Actor, at: datetime) -> int:
    """A place is new in the register, or put right; its number. Raises `BadFact` for a grid that is not theirs, and
    what `places.points.actions.add` raises."""
    if not rules.may(by, "points", row.area):
        raise BadFact(fact="area", label=N_("Grid"), why=N_("it is not one of yours"))
    if number is None:
        return points.add(row, by=by, at=at)
    _own(number, by)
    points.change(number, row, by=by, at=at)
    return number


def withdraw(number: int, *, by: Actor, at: datetime) -> None:
    """A place is looked after no more. Raises `NotFound`."""
    _own(number, by)
    points.withdraw(number, by=by, at=at)


def _own(number: int, by: Actor) -> None:
    found = point(number)
    if found is None or not rules.may(by, "points", found.area):
        raise NotFound


def _made(number: int, at: datetime) -> None:
    run("UPDATE patrols_round SET state = 'made', ended = %(at)s, why = '' WHERE id = %(id)s", at=at, id=number)


def _locked(number: int, by: Actor) -> Walk:
    """Raises `NotFound`, also for what is on somebody else's ground."""
    if row("SELECT FROM patrols_round WHERE id = %(id)s FOR UPDATE", id=number) is None:
        raise NotFound
    return queries.walk(by, number)
