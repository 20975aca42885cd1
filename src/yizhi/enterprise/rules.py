"""What an enterprise is told, what counts as promised, when somebody is reminded of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from stdnum.cn import uscc as credit_code
from stdnum.exceptions import ValidationError

from yizhi.cases import told as told_of_all
from yizhi.cases.told import Told
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact
from yizhi.core.profile import Category
from yizhi.core.town import Unit
from yizhi.enterprise.kinds import OFFICE

#: The power to say who may call for an enterprise.
POWER = "enterprises"


class BadCreditCode(BadFact):
    message = N_("This is no unified social credit code: please type the 18 characters of the business licence.")


def credit(typed: str) -> str:
    """A unified social credit code as it is kept. Raises `BadCreditCode`."""
    try:
        return str(credit_code.validate(typed))
    except ValidationError as error:
        raise BadCreditCode(fact="uscc") from error


def may_confirm(who: Actor) -> bool:
    return any(POWER in post.acts for post in who.posts)


# -- what it may be about ---------------------------------------------------------------------------------------

_LAW = frozenset(("justice", "justice_office", "law_window"))


def categories(city: City) -> list[Category]:
    """What the city's rules give to the enterprises' office, law matters first."""
    named = tuple(prefix for rule in city.profile.routing if rule.to == OFFICE for prefix in rule.categories)
    found = [one for one in city.profile.categories.values() if one.parent and named and one.code.startswith(named)]
    return sorted(found, key=lambda one: (one.lead not in _LAW, one.code))


def offices(city: City) -> list[Unit]:
    """Whom one can complain of: every office but the highest, for which nobody here could answer."""
    town = city.town
    return [unit for unit in town.units.values() if unit.kind != "grid" and unit.code != town.root]


# -- promises ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreed:
    """A day that was agreed, and the sum if there is one."""

    due: datetime
    amount: int | None = None


def _agreed(facts: Mapping[str, Any]) -> Agreed | None:
    until = facts.get("until")
    if not until:
        return None
    return Agreed(until if isinstance(until, datetime) else datetime.fromisoformat(str(until)), facts.get("amount"))


def promised(move: str, facts: Mapping[str, Any]) -> Agreed | None:
    """What a step of the log promises; None when it promises nothing."""
    return _agreed(facts) if move == "progress" and facts.get("meeting") != "appointment" else None


def appointment(move: str, facts: Mapping[str, Any]) -> datetime | None:
    """When a leader will meet the enterprise, if the step says so."""
    found = _agreed(facts) if move == "progress" and facts.get("meeting") == "appointment" else None
    return found.due if found else None


#: So long before, and then as often, until it is kept.
BEFORE, _AGAIN = timedelta(days=3), timedelta(days=7)


def reminder(due: datetime, reminded: datetime | None, at: datetime) -> Literal["", "promise_near", "promise_late"]:
    """What is to be said of an open promise now: once before it falls, when it has fallen, and then every week."""
    if at >= due:
        again = reminded is None or reminded < due or at - reminded >= _AGAIN
        return "promise_late" if again else ""
    return "promise_near" if at >= due - BEFORE and (reminded is None or reminded < due - BEFORE) else ""


# -- what is told -----------------------------------------------------------------------------------------------


#: What is told of an enterprise's matter beside what is told of every kind.
TOLD: Final[Mapping[str, Told]] = {
    **told_of_all.TOLD,
    "report": Told(N_("You called.")),
    "assist_done": Told(N_("{unit} has done its part.")),
    "merge": Told(N_("It is being dealt with together with another of your matters.")),
}
_ANSWERED: Final[Mapping[str, Told]] = {
    "yes": Told(N_("You told us that it is solved. Thank you.")),
    "no": Told(N_("You told us that it is not solved. It is being dealt with again."), note=True),
    "not_reached": Told(N_("We tried to reach you and could not.")),
}
_MET: Final[Mapping[str, Told]] = {
    "met": Told(N_("{unit}: a leader met you."), note=True),
    "appointment": Told(N_("{unit}: a leader will meet you on {until}."), note=True),
}


def told(move: str, facts: Mapping[str, Any], *, own: bool) -> Told | None:
    """How a step is told; None: it is not. `own`: the enterprise made it."""
    if facts.get("lapsed") or facts.get("proposed"):
        return None
    if move == "follow_up":
        return _ANSWERED.get(str(facts.get("answer")))
    if move == "progress":
        return _MET.get(str(facts.get("meeting")), TOLD[move])
    if move == "urge":
        return TOLD[move] if own else None
    return TOLD.get(move)


#: Where it stands.
HEADLINES: Final[Mapping[str, str]] = {**told_of_all.HEADLINES, "reported": N_("Received; we call you")}

#: The promises of the loop that an enterprise is told of: which clock, and what it promises.
LIMITS: Final[Mapping[str, str]] = {
    "contact": N_("call you"),
    **told_of_all.PROMISES,
    "sign": N_("confirm that it is theirs"),
}

#: What is said right after something was done on the page of a matter.
DONE: Final[Mapping[str, str]] = {
    **told_of_all.DONE,
    "report": N_("We have it, and call you first."),
    "mine": N_("From now on we call you about it."),
    "kept": N_("Thank you: it stands here as kept."),
}


def has_answer(stage: str) -> bool:
    """Whether there is a result to be written down and sent."""
    return stage in ("handled", "verified", "closed")
