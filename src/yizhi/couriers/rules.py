"""Who may join, what is kept of it, and in what words: decided here, without Django."""

import hmac
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from yizhi.core.errors import N_, BadFact, MissingFact, NotFound, Refusal

#: The power to hand out joining codes (`core.profile.POWERS`).
POWER: Final = "reporters"

SORTS: Final[Mapping[str, str]] = {
    "courier": N_("Courier station"),
    "delivery": N_("Food delivery station"),
    "ride": N_("Ride-hailing or taxi company"),
    "social": N_("Social or mass organisation"),
    "other": N_("Another body"),
}

#: How many phones one code may take in. Fewer than `FEWEST` are no body: their count would be one person's count.
FEWEST, MOST = 3, 2000
LONGEST_NAME: Final = 60
#: A code holds for a year at most; then the body is asked whether it still wants to.
LONGEST: Final = timedelta(days=366)
#: How long a phone can look up what it sent.
KEPT: Final = timedelta(days=90)
#: One sentence, no report of an hour's length.
LONGEST_TEXT: Final = 200


class NotStopped(Refusal):
    """Nobody reports while riding or driving (Regulation on the Implementation of the Road Traffic Safety Law, 62)."""

    message = N_("Please stop first. While riding or driving nothing is sent.")


class NoPlace(Refusal):
    """Facts: fact."""

    message = N_("Please choose the place, or type the number on a sticker nearby.")


class CodeOver(NotFound):
    """Wrong, closed and run out are not told apart."""

    message = N_("This code opens nothing: it was closed, has run out, or was not scanned whole.")


class BodyFull(Refusal):
    message = N_("This code has taken in as many as it may. Please ask your station, or the office on the sheet.")


def check(name: str, sort: str, until: date | None, most: int | None, *, today: date) -> None:
    """What a body is given a code for. Raises `MissingFact`, `BadFact`."""
    if not name.strip():
        raise MissingFact(fact="name", label=N_("Name of the body"))
    if len(name.strip()) > LONGEST_NAME:
        raise BadFact(fact="name", label=N_("Name of the body"), why=N_("it is too long"))
    if sort not in SORTS:
        raise MissingFact(fact="sort", label=N_("Sort of body"))
    if until is None or not today <= until <= today + LONGEST:
        raise BadFact(fact="until", label=N_("Holds until"), why=N_("it has to be a day from today on, within a year"))
    if most is None or not FEWEST <= most <= MOST:
        why = N_("it has to be a number from {fewest} to {most}")
        raise BadFact(fact="most", label=N_("How many may join"), why=why, fewest=FEWEST, most=MOST)


def shown_matters(joined: int, matters: int) -> int | None:
    """What the office may know: None while so few are in that a body's count would be a person's."""
    return matters if joined >= FEWEST else None


def forgotten_before(today: date) -> date:
    return today - KEPT


# -- what is made of a token: nothing of it leads back ---------------------------------------------------------------


def pass_hash(token: str) -> bytes:
    return _made(token, "pass")


def holder_hash(token: str) -> bytes:
    return _made(token, "holder")


def pace_mark(token: str) -> str:
    """Under which a phone's tries are counted: it lies in no table of ours, so that times of tries lead to no pass."""
    return _made(token, "pace").hex()


def seal_key(token: str) -> bytes:
    return _made(token, "seal")


def _made(token: str, what: str) -> bytes:
    return hmac.digest(token.encode(), what.encode(), sha256)
