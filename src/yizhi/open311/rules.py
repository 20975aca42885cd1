"""GeoReport v2 decided: its ids, its statuses, what an update asks for, which words go out. Values in, values out."""

import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from yizhi.cases.words import ALPHABET
from yizhi.core.errors import N_, NotFound, NotSignedIn, Refusal

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
TYPES: Final[Mapping[str, str]] = {"xml": "text/xml", "json": "application/json"}
#: What the specification allows: so many characters of a description, days in one question, requests in an answer.
LONGEST, MOST_DAYS, MOST = 4000, 90, 1000
LONGEST_ANSWER, LONGEST_KEY = 500, 190
#: Further back one asks by dates.
DEEPEST = 20_000


class NoKey(NotSignedIn):
    message = N_("api_key is missing, unknown or has run out. Keys are made with `yizhi token create --open311`.")


class NoService(NotFound):
    message = N_("There is no service with this service_code. GET services lists them.")


class NoJurisdiction(NotFound):
    message = N_("This endpoint does not serve that jurisdiction_id. Leave it out: there is one jurisdiction here.")


class NoRequest(NotFound):
    message = N_("There is no service request with this service_request_id.")


class NotWanted(Refusal):
    """Facts: what (the argument), why."""

    message = N_("{what} cannot be used: {why}")


class Over(Refusal):
    message = N_("This request is closed. Send status REOPEN to have it dealt with again.")


# ----- ids

_MARK = 8


def request_id(number: str, secret: str) -> str:
    """The number that people know, and a mark that cannot be guessed: numbers are counted up, so that without it
    anybody could ask what was reported a minute ago."""
    raw = hmac.digest(secret.encode(), f"open311:{number}".encode(), "sha256")
    return f"{number}-{''.join(ALPHABET[byte & 31] for byte in raw[:_MARK])}"


def number_of(request: str, secret: str) -> str | None:
    """None for an id that is none of ours."""
    shown = request.strip().upper()
    number = shown.partition("-")[0]
    return number if hmac.compare_digest(request_id(number, secret).encode(), shown.encode()) else None


# ----- the words

_ADDED = "\n\n※ "
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d(?:[ -]?\d){6,}")


def composed(description: str, answers: Iterable[tuple[str, str]]) -> str:
    """What is kept: the description, and below it what was asked and answered."""
    return description + "".join(f"{_ADDED}{asked}：{said}" for asked, said in answers)


def told(text: str | None) -> str | None:
    """What of it anybody may read: no answers, no links to photos, no numbers by which somebody is reached."""
    return None if text is None else _PRIVATE.sub("…", text.partition(_ADDED)[0])


def full_name(first: str, last: str, email: str) -> str:
    """As it is said: the family name first in Chinese. The address stands with it, sealed like the name itself."""
    chinese = bool(last) and not (first + last).isascii()
    name = f"{last}{first}" if chinese else f"{first} {last}".strip()
    return f"{name} <{email}>".strip() if email else name


# ----- stages

OPEN, CLOSED = "open", "closed"
#: What FixMyStreet calls a stage in its updates.
_EXTENDED: Final[Mapping[str, str]] = {
    "reported": "open",
    "accepted": "investigating",
    "dispatched": "investigating",
    "handling": "in_progress",
    "suspended": "action_scheduled",
    "handled": "in_progress",
    "verified": "fixed",
    "closed": "closed",
    "declined": "not_councils_responsibility",
    "transferred": "internal_referral",
    "ended": "no_further_action",
    "merged": "duplicate",
}
#: Moves whose words the one who reported reads; a test holds them against the resident's own page.
NOTED = ("ask", "reply", "progress", "solve", "finish", "decline", "transfer", "terminate")


def extended(stage: str, result: str) -> str:
    """A status of an update. Closed is fixed only when somebody solved it."""
    return "fixed" if stage == "closed" and result == "solved" else _EXTENDED.get(stage, "open")


@dataclass(frozen=True, slots=True)
class Heard:
    """What an update asks for: a move of the reporter's, and its facts."""

    move: str
    facts: Mapping[str, str]


def heard(status: str, text: str, moves: Collection[str], *, again: str) -> Heard:
    """Words are added to the matter. Only a plain REOPEN takes it up again; that others find it fixed is no answer of
    whoever reported it, and never counts as one. `again`: the reason when none was written.

    Raises `Over`, `NotWanted`.
    """
    if status.strip().upper() == "REOPEN":
        if "follow_up" in moves:
            return Heard("follow_up", {"answer": "no", "note": text or again})
        if "reopen" in moves:
            return Heard("reopen", {"note": text or again})
    if "add" not in moves:
        raise Over
    if not text:
        raise NotWanted(what="description", why=N_("it is empty"))
    return Heard("add", {"note": text})


# ----- time

#: One can still count days from these.
_YEARS = range(1970, 9000)


def span(since: datetime | None, until: datetime | None, at: datetime) -> tuple[datetime, datetime]:
    """The days asked about: ninety at most, the last ninety when nothing is said. Raises `NotWanted`."""
    most = timedelta(days=MOST_DAYS)
    before = until or (min(since + most, at) if since else at)
    after = since or before - most
    if before - after > most:
        raise NotWanted(what="start_date, end_date", why=N_("they are more than 90 days apart"))
    return after, before


def moment(name: str, text: str) -> datetime | None:
    """A time in W3C's form, with its zone; None for an empty one. A plus that nobody escaped has become a blank.

    Raises `NotWanted`.
    """
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in _YEARS:
        raise NotWanted(what=name, why=N_("it is no time such as 2026-03-01T08:00:00Z"))
    return found


def number(name: str, text: str, low: int, high: int, usual: int) -> int:
    """A whole number within bounds. Raises `NotWanted`."""
    if not text.strip():
        return usual
    if not text.strip().isascii() or not text.strip().isdecimal() or not low <= int(text.strip()[:9]) <= high:
        raise NotWanted(what=name, why=N_("it is out of bounds"))
    return int(text)


def expect(condition: object, fact: str, why: str) -> None:
    """Raises `NotWanted` unless the condition holds."""
    if not condition:
        raise NotWanted(what=fact, why=why)
