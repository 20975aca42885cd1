"""Who is told what, and when a mail may go out. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from yizhi.core.actor import Actor
from yizhi.core.calendar import Calendar
from yizhi.core.case import ENDS, Case, Clock, Event
from yizhi.core.city import City
from yizhi.core.loop import MOVES, QUIET_CLOCKS, Who
from yizhi.core.profile import Notices
from yizhi.core.standing import sees

Weight = Literal[0, 1, 2]
#: An ordinary notice; one whose mail does not wait for others; one that may be told at any hour.
ORDINARY: Final = 0
PROMPT: Final = 1
URGENT: Final = 2

#: What new work is called by the stage in which it comes, and by the move that brought it.
_BY_STAGE: Mapping[str, str] = MappingProxyType(
    {"reported": "new", "accepted": "assign", "dispatched": "dispatched", "handling": "yours", "handled": "check"}
)
_BY_MOVE: Mapping[str, str] = MappingProxyType(
    {
        "escalate": "escalated",
        "send_back": "returned",
        "recall": "recalled",
        "rework": "rework",
        "follow_up": "unsolved",
        "reopen": "reopened",
        "appeal": "appealed",
        "split": "assign",
    }
)
#: These wait for a move of ours: when somebody has made it they are done, read or not.
WORK = frozenset((*_BY_STAGE.values(), *_BY_MOVE.values(), "objection", "extension", "resumed"))

#: What is said to the units that hold and lead a case, and by which move.
_SAID_TO_HANDS: Mapping[str, str] = MappingProxyType(
    {"supervise": "supervised", "instruct": "instructed", "urge": "urged", "add": "added", "withdraw": "withdrawn"}
)
#: What is said to the unit that does the work.
_SAID_TO_LEAD: Mapping[str, str] = MappingProxyType({"assist_done": "assist_done", "resume": "resumed"})
_PROMPT = frozenset(("fell", "instructed"))
_IN_HAND: tuple[Who, ...] = ("holder", "desk", "lead", "checker")
#: Whoever may keep the promise of a clock.
_PROMISED: tuple[Who, ...] = (*_IN_HAND, "assist", "summoned", "ruler")


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to be told to the people of some units who could act on it (`whos`: in which standing; empty: to all
    of them), or to these accounts. `clock` is the time limit that it is about, `due` when that ends."""

    cause: str
    units: frozenset[str] = frozenset()
    whos: tuple[Who, ...] = ()
    accounts: frozenset[int] = frozenset()
    raiser: bool = False
    clock: str = ""
    due: datetime | None = None


def tellings(event: Event, case: Case, city: City) -> Iterator[Telling]:
    """What an event means for others; `case` is as it stands by now. Nothing is told that is not so any more."""
    yield from _new_work(event, case)
    yield from _called(event, case)
    yield from _asked(event, case)
    if cause := _SAID_TO_HANDS.get(event.move):
        yield Telling(cause, _others(event, case.holder, case.lead), _IN_HAND)
    if cause := _SAID_TO_LEAD.get(event.move):
        yield Telling(cause, _others(event, case.lead), ("lead",))
    if event.move == "breach":
        yield from _fell(event, case, city)
    if event.sets.get("stage") in ENDS:
        yield Telling("ended", raiser=True)


def _others(event: Event, *units: str) -> frozenset[str]:
    """A unit knows what it did itself."""
    return frozenset(units) - {event.unit, ""}


def _new_work(event: Event, case: Case) -> Iterator[Telling]:
    holder = event.sets.get("holder")
    if not holder or holder == event.unit or holder != case.holder:
        return
    stage = event.sets.get("stage", case.stage)
    if stage not in _BY_STAGE or (stage == "handled" and not case.check):
        return
    person = event.sets.get("person")
    cause = _BY_MOVE.get(event.move, _BY_STAGE[stage])
    if person is not None:
        yield Telling("yours", accounts=frozenset((person,)), due=_own_due(case, holder))
    else:
        yield Telling(cause, frozenset((holder,)), _IN_HAND, due=_own_due(case, holder))


def _called(event: Event, case: Case) -> Iterator[Telling]:
    """Units that are to take part beside the one that holds it."""
    sets = event.sets
    if "assists" in sets:
        named = event.facts.get("units") if event.move == "add_assist" else None
        asked = (one.unit for one in sets["assists"] if not one.done and (named is None or one.unit in named))
        if event.move not in ("assist_done", "release_assist"):
            yield Telling("assist", _others(event, *asked), ("assist",))
    if event.move == "whistle" and sets.get("whistle"):
        yield Telling("summoned", _others(event, *sets["whistle"].units), ("summoned",))
    if event.move == "consult" and sets.get("consultation"):
        yield Telling("consulted", _others(event, *sets["consultation"].units), ("consulted",))
    if event.move == "copy":
        yield Telling("copied", _others(event, *event.facts.get("units", ())))


def _asked(event: Event, case: Case) -> Iterator[Telling]:
    """What waits for a desk's word, and the word."""
    if event.sets.get("objection") and case.objection:
        yield Telling("objection", _others(event, case.objection.desk), ("ruler",), due=_due(case, "rule"))
    if event.move == "extend" and case.extension:
        yield Telling("extension", _others(event, case.desk), ("desk",), due=_due(case, "extension"))
    if event.move == "grant_extension":
        cause = "extended" if event.facts.get("granted") else "not_extended"
        yield Telling(cause, _others(event, case.lead), ("lead",), due=_due(case, "handle"))
    if event.move == "rule" and not event.facts.get("upheld"):
        yield Telling("not_upheld", _others(event, case.lead), ("lead",))


def _own_due(case: Case, unit: str) -> datetime | None:
    """The first promise of this unit; those of others are not its own to keep."""
    return min((clock.due for clock in case.clocks if clock.owner == unit and clock.left is None), default=None)


def _due(case: Case, clock: str) -> datetime | None:
    found = case.clock(clock)
    return found.due if found else None


def _fell(event: Event, case: Case, city: City) -> Iterator[Telling]:
    """A broken promise is said to whoever gave it and to the desk above, as long as it is not kept."""
    clock = case.clock(str(event.facts.get("clock", "")))
    if clock and clock.name not in QUIET_CLOCKS:
        units = frozenset((clock.owner, city.desk_above(case, clock.owner).code))
        yield Telling("fell", units, _PROMISED, clock=clock.key, due=clock.due)


def about_to_fall(clock: Clock) -> Telling:
    return Telling("falls", frozenset((clock.owner,)), _PROMISED, clock=clock.key, due=clock.due)


@dataclass(frozen=True, slots=True)
class Alarm:
    """When it is to be said that a promise is about to be broken."""

    clock: str
    due: datetime
    rings: datetime


def alarms(case: Case, plan: Notices) -> list[Alarm]:
    """For each promise that is running and not broken. Waiting for the reporter is nobody's promise."""
    running = (clock for clock in case.clocks if clock.fires and clock.left is None and not clock.breaches)
    return [
        Alarm(clock.key, clock.due, plan.warns(clock.started, clock.due))
        for clock in running
        if clock.name not in QUIET_CLOCKS
    ]


def is_told(person: Actor, telling: Telling, case: Case, city: City) -> bool:
    """Whether somebody hears of it: they serve where it belongs, could act, and may see the case at all. Thus nobody
    of a unit that the report is about, and of a secret case nobody but the hands it lies in."""
    if not sees(case, person, city):
        return False
    if person.account in telling.accounts:
        return True
    acts = _acts(telling.whos)
    return any(
        post.unit in telling.units and post.kinds & {case.kind, "*"} and (not telling.whos or post.acts & acts)
        for post in person.posts
    )


def nearest(persons: Collection[Actor], telling: Telling, case: Case) -> list[Actor]:
    """Of the people of a unit those who look after the place, if there are any: a dispatch to the station is told to
    the officer of that community and to who looks after all of them, not to the officers of all others."""
    near = [
        person
        for person in persons
        if any(post.unit in telling.units and post.scope.holds(case.area) for post in person.posts)
    ]
    return near or list(persons)


@cache
def _acts(whos: tuple[Who, ...]) -> frozenset[str]:
    """The moves that somebody in such a standing makes."""
    return frozenset(move.name for move in MOVES.values() if set(move.who) & set(whos))


def weight(telling: Telling, case: Case, plan: Notices) -> Weight:
    if plan.is_urgent(case.category) and case.is_open:
        return URGENT
    return PROMPT if telling.cause in _PROMPT or case.supervision == "red" else ORDINARY


#: By these doors nobody but the reporter moves a case without an account; what they did themselves they know.
_NOT_THE_REPORTER = ("clock", "rule")


def said_to_asker(event: Event, case: Case) -> str:
    """What a reporter who asked to be told is told of an event (an event of `core.profile.messages`); "" for nothing.
    Nothing is told that is not so any more."""
    if event.account is None and event.door not in _NOT_THE_REPORTER:
        return ""
    if event.move == "ask":
        return "asked" if case.is_open else ""
    if event.move == "grant_extension":
        return "delayed" if event.facts.get("granted") and case.is_open else ""
    stage = event.sets.get("stage")
    if stage is None or stage != case.stage:
        return ""
    if stage == "verified" or (stage == "handled" and not case.check):
        return "result"
    return _SAID_OF_STAGE.get(stage, "")


_SAID_OF_STAGE: Mapping[str, str] = MappingProxyType(
    {"suspended": "delayed", "declined": "decided", "transferred": "decided", "closed": "ended", "ended": "ended"}
)


# -- mail -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wishes beyond the city's plan: more quiet, never less. `daily`: what is ordinary comes once a day,
    at this time."""

    mail: bool = True
    quiet_from: time | None = None
    quiet_to: time | None = None
    days_off: bool = False
    daily: time | None = None


#: Quiet follows upon quiet: nights, weekends, a long holiday.
_MOST_STRETCHES = 60


def quiet_until(at: datetime, plan: Notices, wish: Wish, calendar: Calendar, *, on_duty: bool) -> datetime | None:
    """Until when ordinary mail has to wait; None: it may go out now."""
    moment = at
    for _ in range(_MOST_STRETCHES):
        ends = _one_quiet(moment, plan, wish, calendar, on_duty)
        if ends is None:
            break
        moment = ends
    return moment if moment != at else None


def _one_quiet(at: datetime, plan: Notices, wish: Wish, calendar: Calendar, on_duty: bool) -> datetime | None:
    """The end of one stretch of quiet that `at` lies in."""
    local = calendar.local(at)
    if not calendar.is_workday(local.date()) and (wish.days_off or (plan.days_off and not on_duty)):
        return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    spans = [(plan.quiet_from, plan.quiet_to)]
    if wish.quiet_from and wish.quiet_to:
        spans.append((wish.quiet_from, wish.quiet_to))
    for begins, ends in spans:
        if _within(local.time(), begins, ends):
            day = local.date() + timedelta(days=ends <= local.time())
            return datetime.combine(day, ends, local.tzinfo)
    return None


def _within(clock: time, begins: time, ends: time) -> bool:
    """Whether a time of day lies in a span that may pass midnight; one without length holds nothing."""
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


#: When one promise after the other falls, not each is a mail of its own.
_PROMPT_APART = timedelta(minutes=5)


def may_mail(
    at: datetime, heaviest: int, last: datetime | None, plan: Notices, wish: Wish, calendar: Calendar, *, on_duty: bool
) -> bool:
    """Whether what waits for somebody goes out now: nothing disturbs the quiet but what is urgent, and several things
    become one mail; what is late waits for others only for some minutes."""
    if not wish.mail:
        return False
    if heaviest < URGENT and quiet_until(at, plan, wish, calendar, on_duty=on_duty):
        return False
    if wish.daily and heaviest < PROMPT:
        local = calendar.local(at)
        due = datetime.combine(local.date(), wish.daily, local.tzinfo)
        return local >= due and (last is None or last < due)
    apart = timedelta(minutes=plan.mail_minutes)
    return last is None or at - last >= (min(_PROMPT_APART, apart) if heaviest >= PROMPT else apart)
