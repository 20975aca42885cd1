"""What somebody in a seat would most likely do next."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.loop import MOVES
from yizhi.site.simulate.stories import Story

#: How likely each move is where it is open; what is not named happens now and then.
_LIKELY = {
    "accept": 60, "solve": 50, "take": 8, "dispatch": 70, "sign": 90, "send_back": 3, "object": 2, "rule": 40,
    "arrive": 25, "contact": 6, "reply": 15, "progress": 8, "finish": 60, "add_assist": 2, "assist_done": 60,
    "release_assist": 2, "suspend": 1, "resume": 20, "extend": 2, "grant_extension": 50, "verify": 80, "rework": 6,
    "follow_up": 50, "escalate": 2, "decline": 1, "transfer": 0.5, "urge": 2, "add": 1, "whistle": 1, "report_in": 60,
    "conclude_whistle": 30, "supervise": 0.3, "instruct": 0.2,
}  # fmt: skip

#: Moves that are made only while their clock waits.
_ANSWERS_CLOCK = {"arrive": {"arrive"}, "reply": {"reply"}}

#: Unit roles that are called to help.
_HELPERS = ("station", "street", "urban_management", "fire")

_ANSWERS = ("yes", "yes", "yes", "yes", "no", "not_reached")


@dataclass(frozen=True, slots=True)
class Choice:
    by: Actor
    move: str
    facts: dict[str, Any] = field(default_factory=dict)


def choose(
    case: Case, offers: Sequence[tuple[Actor, str]], story: Story, city: City, dice: random.Random
) -> Choice | None:
    """One of the moves offered, weighted by what is likely; None when nothing likely is open."""
    waiting = {clock.name for clock in case.clocks}
    weights = [_LIKELY.get(move, 0) if waiting >= _ANSWERS_CLOCK.get(move, waiting) else 0 for _, move in offers]
    if not any(weights):
        return None
    by, move = dice.choices(offers, weights)[0]
    return Choice(by, move, facts_for(move, case, by, story, city, dice))


def facts_for(move: str, case: Case, by: Actor, story: Story, city: City, dice: random.Random) -> dict[str, Any]:
    """Fitting facts for a move; a fact that nothing fits is left out, and the loop will say so."""
    known: dict[str, Any] = {
        "category": story.category,
        "unit": _lead(story.category, case, city),
        "units": [_other(case, city, dice)],
        "result": dice.choices(("solved", "partly", "explained", "planned"), (80, 8, 8, 4))[0],
        "answer": dice.choice(_ANSWERS if by.reporter_of is None else _ANSWERS[:5]),
        "workdays": 3,
        "granted": True,
        "level": "remind",
        "until": (case.moved or case.reported) and (case.moved or case.reported) + timedelta(days=12),  # type: ignore[operator]
        "note": story.result if move in ("solve", "finish", "assist_done") else story.progress,
    }
    asked = city.kinds[case.kind].facts(MOVES[move])
    options = {fact.key: fact.options for fact in asked if fact.kind == "choice"}
    wanted = {fact.key: known.get(fact.key) for fact in asked if fact.key != "assists"}
    for key, allowed in options.items():
        if wanted[key] not in allowed:
            wanted[key] = dice.choice(allowed)
    return {key: value for key, value in wanted.items() if value not in (None, [None])}


def _lead(category: str, case: Case, city: City) -> str | None:
    known = city.profile.categories.get(category)
    unit = city.town.find(known.lead, case.area, able="sign") if known and known.lead else None
    return unit.code if unit else None


def _other(case: Case, city: City, dice: random.Random) -> str | None:
    nearby = [
        city.town.find(role, case.area, able="sign") for role in ("station", "street", "urban_management", "fire")
    ]
    found = [unit.code for unit in nearby if unit and unit.code not in (case.lead, case.desk)]
    return dice.choice(found) if found else None


def pause(dice: random.Random) -> timedelta:
    """How long until somebody goes on: mostly hours, sometimes overnight, now and then forgotten for days."""
    hours = dice.choices((0.3, 2, 8, 24, 70), (40, 30, 15, 10, 5))[0]
    return timedelta(hours=hours * dice.uniform(0.5, 1.5))
