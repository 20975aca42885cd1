"""What errands, visits and services hold to: decided here, without Django."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Final, Literal

from yizhi.core.actor import Actor, Scope
from yizhi.core.errors import N_, BadFact, MissingFact, NotAllowed, NotFound, Refusal

#: The power to run errands, make visits and keep the list of services.
POWER: Final = "services"


def require(who: Actor) -> None:
    """Raises `NotAllowed` for whoever has not the power at any post."""
    if not grounds(who):
        raise NotAllowed(move=N_("Errands and visits"), who="grid")


def grounds(who: Actor) -> list[Scope]:
    """Where somebody may."""
    return [post.scope for post in who.posts if POWER in post.acts]


def may(who: Actor, area: str) -> bool:
    return any(scope.holds(area) for scope in grounds(who))


#: How somebody agreed to an errand, as it is asked of who writes it down.
BEHALF: Final = {
    "own": N_("They asked for it themselves"),
    "behalf_told": N_("They agreed, by word of mouth"),
    "behalf_signed": N_("They agreed in writing"),
}


# -- papers -----------------------------------------------------------------------------------------------------------

#: An errand cannot be ended by these while a paper is out. Its own person can always withdraw it: the papers stay on
#: the list until they are back.
ENDS: Final = frozenset(("solve", "finish", "decline", "transfer", "terminate"))
MOST_PAPERS: Final = 8
_LONGEST_NAME = 40
#: Digits enough to be the number of a card, a booklet or an account: a telephone has fewer.
_NUMBER = re.compile(r"[0-9]{12}|[0-9]{6,}[a-z]|[a-z]{1,3}[0-9]{6}", re.IGNORECASE)
_GAPS = re.compile(r"[\s\-_.·—]+")


class PapersOut(Refusal):
    """Facts: papers (their names)."""

    message = N_("Not given back yet: {papers}. Please give them back and tick them first.")


class NumberOfPaper(BadFact):
    """Facts: fact, label."""

    message = N_("Please write which paper it is, and never its number.")


class TooManyPapers(BadFact):
    """Facts: fact, label, most."""

    message = N_("At most {most} papers for one errand: please give the others back.")


class PaperIsOut(BadFact):
    """Facts: fact, label, paper."""

    message = N_("“{paper}” is on the list already. If there are two, please say which is which.")


def without_number(text: str, fact: str, label: str) -> str:
    """Words in which no number of a document stands. Raises `NumberOfPaper`."""
    if _NUMBER.search(_GAPS.sub("", unicodedata.normalize("NFKC", text))):
        raise NumberOfPaper(fact=fact, label=label)
    return text.strip()


def papers(typed: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """The names of papers as they are kept. Raises `NumberOfPaper`, `PaperIsOut`, `TooManyPapers`, `BadFact`."""
    label, out = N_("Papers handed over"), list(known)
    for name in (one.strip() for one in typed):
        if not name:
            continue
        if len(name) > _LONGEST_NAME:
            why = N_("it is longer than {limit} characters")
            raise BadFact(fact="papers", label=label, why=why, limit=_LONGEST_NAME)
        if without_number(name, "papers", label) in out:
            raise PaperIsOut(fact="papers", label=label, paper=name)
        out.append(name)
    if len(out) > MOST_PAPERS:
        raise TooManyPapers(fact="papers", label=label, most=MOST_PAPERS)
    return out


# -- visits -----------------------------------------------------------------------------------------------------------

Sort = Literal["care", "enterprise"]
#: How somebody wished it or agreed: nobody is visited otherwise.
AGREED: Final = {
    "own": N_("They asked for it themselves"),
    "told": N_("They agreed, by word of mouth"),
    "signed": N_("They agreed in writing"),
    "guardian": N_("Their guardian agreed"),
}
EVERY: Final = {
    "": N_("Once"),
    "week": N_("Every week"),
    "fortnight": N_("Every two weeks"),
    "month": N_("Every month"),
}
_DAYS: Final = {"week": 7, "fortnight": 14, "month": 28}
#: Consent does not last for ever: after so many days somebody has to ask again.
LONGEST_DAYS: Final = 366
Came = Literal["well", "not_in", "asked"]
CAME: Final = {
    "well": N_("All well, nothing wanted"),
    "not_in": N_("Nobody was in"),
    "asked": N_("Something was asked for"),
}


def sort_of(typed: str) -> Sort:
    """Raises `NotFound` for what is no sort of visit."""
    match typed:
        case "care" | "enterprise":
            return typed
    raise NotFound


def came(typed: str) -> Came:
    """What one tap can say. Raises `BadFact`."""
    match typed:
        case "well" | "not_in":
            return typed
    raise BadFact(fact="came", label=N_("What came of it"), why=N_("it is not one of the choices"))


class NoConsent(MissingFact):
    """Facts: fact, label."""

    message = N_("Nobody is visited without having asked for it or agreed: please say how they did.")


@dataclass(frozen=True, slots=True)
class Wished:
    """What is settled of a visit."""

    agreed: str
    topics: tuple[str, ...]
    day: date | None
    until: date | None
    every: str = ""


def check(wished: Wished, known: Iterable[str], today: date) -> date:
    """Until when it is agreed. Raises `NoConsent`, `MissingFact`, `BadFact`."""
    if wished.agreed not in AGREED:
        raise NoConsent(fact="agreed", label=N_("How they agreed"))
    if not wished.topics:
        raise MissingFact(fact="topics", label=N_("What the visit is about"))
    if wished.every not in EVERY or not set(wished.topics) <= set(known):
        raise BadFact(fact="topics", label=N_("What the visit is about"), why=N_("it is not one of the choices"))
    return _check_days(wished, today)


def _check_days(wished: Wished, today: date) -> date:
    until = N_("Agreed until")
    if wished.until is None:
        raise MissingFact(fact="until", label=until)
    if not today <= wished.until <= today + timedelta(days=LONGEST_DAYS):
        why = N_("it must be a day from today on, within {days} days")
        raise BadFact(fact="until", label=until, why=why, days=LONGEST_DAYS)
    if wished.day and not today <= wished.day <= wished.until:
        why = N_("it must be a day from today on, and not after the consent ends")
        raise BadFact(fact="day", label=N_("Next visit"), why=why)
    return wished.until


def following(day: date, every: str, until: date, today: date) -> date | None:
    """The next visit after one that was made; None when none is agreed any more."""
    if every not in _DAYS:
        return None
    following_day = max(day, today) + timedelta(days=_DAYS[every])
    return following_day if following_day <= until else None


# -- near by ----------------------------------------------------------------------------------------------------------

WHO: Final = {
    "anyone": N_("Anyone"),
    "residence": N_("Whoever lives here (residence permit or proof)"),
    "registration": N_("Whoever is registered here (household register)"),
}
_EARTH_METRES = 6_371_000


def straight(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points (lon, lat) as the crow flies."""
    lon1, lat1, lon2, lat2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_METRES * asin(sqrt(half))


def rounded(metres: float) -> int:
    """As it is said: to 10 metres when near, to 100 when far."""
    step = 10 if metres < 1000 else 100
    return max(step, round(metres / step) * step)
