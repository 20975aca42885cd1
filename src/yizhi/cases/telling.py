"""Who hears of what happened to cases: from the log to `notices`, behind the moves and never in their way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from yizhi.cases import queries
from yizhi.cases.actions.following import Change
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.case import ENDS, Case
from yizhi.core.city import City
from yizhi.notices import actions, rules
from yizhi.notices.actions import Standing, Told
from yizhi.notices.rules import Telling
from yizhi.people import queries as people

#: What is older than this when it is read has been lived through: a past that was filled in, a long standstill.
NEWS = timedelta(days=1)
#: A move that brought the case into another hand or stage: what was told to be done has been done.
_REHOMING = frozenset(("stage", "holder", "lead"))


@dataclass(frozen=True, slots=True)
class _Said:
    """Something to be told about a case, by whoever made the move (None: nobody with an account)."""

    case_id: int
    number: str
    case: Case
    telling: Telling
    by: int | None = None


def tell(changes: Sequence[Change], at: datetime) -> None:
    """For `following.follow`: what was told is settled first, then what is new is told."""
    city = current()
    actions.settle(_standings(changes, city, at), at)
    said = [
        _Said(change.case_id, change.number, change.case, telling, change.event.account)
        for change in changes
        for telling in rules.tellings(change.event, change.case, city)
    ]
    _tell(said, city, at)
    _tell_askers(changes, city, at)


def _tell_askers(changes: Sequence[Change], city: City, at: datetime) -> None:
    """Reporters who asked for short messages, and those whose matter is worked on in another one. What is secret or
    sensitive is never told on a telephone, which others may hold in their hands."""
    said: dict[int, tuple[str, str]] = {}
    for one in changes:
        category = city.profile.category(one.case.category)
        event = rules.said_to_asker(one.event, one.case)
        if event and not one.case.secret and not (category and category.sensitive):
            said[one.case_id] = (one.number, event)
    ended = {one.case_id: one.number for one in changes if one.case.stage in ENDS and one.case.stage != "merged"}
    merged = queries.merged_into(said.keys() | ended.keys())
    told = dict(said.values())
    told |= {number: said[main][1] for number, main in merged.items() if main in said and said[main][1] != "asked"}
    over = {*ended.values(), *(number for number, main in merged.items() if main in ended)}
    actions.tell_askers(told.items(), ended=over, profile=city.profile, at=at)


def ring(at: datetime) -> int:
    """Warn of the promises that are about to be broken, once each; how many."""
    return actions.ring(at, partial(_warn, at=at))


def _warn(due: Sequence[tuple[str, str]], at: datetime) -> None:
    cases, city = queries.states_by_number({number for number, _ in due}), current()
    said = []
    for number, key in due:
        case_id, case = cases[number]
        if clock := case.clock(key):
            said.append(_Said(case_id, number, case, rules.about_to_fall(clock)))
    _tell(said, city, at)


def _standings(changes: Sequence[Change], city: City, at: datetime) -> list[Standing]:
    by_case: dict[int, list[Change]] = {}
    for change in changes:
        by_case.setdefault(change.case_id, []).append(change)
    return [_standing(found, city, at) for found in by_case.values()]


def _standing(changes: Sequence[Change], city: City, at: datetime) -> Standing:
    last, events = changes[-1], [change.event for change in changes]
    return Standing(
        number=last.number,
        moved=any(_REHOMING & event.sets.keys() for event in events),
        running=[clock.key for clock in last.case.clocks],
        alarms=rules.alarms(last.case, city.profile.notices),
        accounts=sorted({event.account for event in events if event.account is not None}),
        shut_out=_shut_out(last.case, city, at) if any("about" in event.sets for event in events) else (),
    )


def _shut_out(case: Case, city: City, at: datetime) -> list[int]:
    """Who serves in a unit that the report turns out to be about: nothing of it stays on their list."""
    units = city.off_limits(case)
    return [one.account for one in people.actors(at, units=units) if one.account] if units else []


def _tell(said: Sequence[_Said], city: City, at: datetime) -> None:
    raisers = queries.raisers({one.case_id for one in said if one.telling.raiser})
    units = {unit for one in said for unit in one.telling.units}
    named = {account for one in said for account in one.telling.accounts} | set(raisers.values())
    persons = people.actors(at, units=units, accounts=named) if units or named else []
    serving = _by_unit(persons)
    told = [found for one in said for found in _told(one, serving, persons, raisers, city)]
    actions.tell(told, at)


def _by_unit(persons: Iterable[Actor]) -> dict[str, list[Actor]]:
    found: dict[str, list[Actor]] = {}
    for person in persons:
        for unit in person.units:
            found.setdefault(unit, []).append(person)
    return found


def _told(
    one: _Said, serving: dict[str, list[Actor]], persons: Sequence[Actor], raisers: dict[int, int], city: City
) -> Iterable[Told]:
    telling, case = one.telling, one.case
    if telling.raiser:
        raiser = raisers.get(one.case_id)
        # Whoever solved it themselves knows how it ended.
        accounts = {raiser} - {None, case.handled_by}
        telling = Telling(telling.cause, accounts=frozenset(account for account in accounts if account is not None))
    weight = rules.weight(telling, case, city.profile.notices)
    found = [person for person in persons if person.account in telling.accounts]
    for unit in telling.units:
        of_unit = [person for person in serving.get(unit, ()) if rules.is_told(person, telling, case, city)]
        found += rules.nearest(of_unit, replace(telling, units=frozenset((unit,))), case)
    for person in found:
        if person.account not in (None, one.by) and rules.is_told(person, telling, case, city):
            yield Told(person.account, one.number, telling.cause, telling.clock, telling.due, weight)
