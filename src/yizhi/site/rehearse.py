"""`yizhi profile rehearse`: what changed rules would have done with the cases that came in lately."""

from collections.abc import Iterator
from dataclasses import dataclass

from yizhi.cases.queries.past import Arrival, arrivals
from yizhi.core.actor import Actor
from yizhi.core.case import Case, evolve
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.errors import Refusal


@dataclass(frozen=True, slots=True)
class Difference:
    """One case that would have gone another way. `before` and `after` are sentences; `held` and `would` the units that
    had it and would have had it, `rule` the routing rule that would have led there."""

    number: str
    before: str
    after: str
    category: str = ""
    held: str = ""
    would: str = ""
    rule: str = ""


def differences(city: City, limit: int) -> Iterator[Difference]:
    """The latest cases that would have been held, routed or timed otherwise under this city's rules."""
    for arrival in arrivals(limit):
        again, rule, refused = _again(arrival, city)
        before, after = _told(arrival.case, city), refused or _told(again, city)
        if before != after:
            was = arrival.case
            yield Difference(arrival.number, before, after, was.category, was.holder, again.holder, rule)


def _again(arrival: Arrival, city: City) -> tuple[Case, str, str]:
    """The same report under the rules given, the rule that routed it, and the refusal if there was one; a route that
    turned its kind is taken back first."""
    was = arrival.case
    blank = Case(
        kind=next(iter(city.kinds)) if was.stage == "dispatched" else was.kind,
        area=was.area,
        source=was.source,
        about=was.about,
        secret=was.secret,
        answerable=was.answerable,
    )
    ask = Ask("report", Actor(door="scan"), arrival.reported, {"category": was.category, "note": arrival.text})
    rule = ""
    try:
        for event in decide(blank, ask, city):
            blank, rule = evolve(blank, event), str(event.facts.get("rule", rule))
    except Refusal as refusal:
        return blank, "", str(refusal)
    return blank, rule, ""


def _told(case: Case, city: City) -> str:
    holder = city.town.units.get(case.holder)
    clocks = ", ".join(f"{clock.key} {clock.due:%m-%d %H:%M}" for clock in sorted(case.clocks, key=lambda c: c.key))
    return f"{case.kind}, {case.stage}, {holder.name if holder else case.holder} ({clocks})"
