"""What departments' systems are told and may say, what an office without an account may do. Pure."""

import base64
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from yizhi.core.actor import Actor, Post, Scope
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact
from yizhi.core.standing import sees
from yizhi.people.rules import LINK_ACTS

# -- what leaves --------------------------------------------------------------------------------------------------

#: What an agreement may open beside number, move and stage. Who raised it, and how to reach them, never leaves.
FIELDS: Final[Mapping[str, str]] = {
    "category": N_("Category"),
    "area": N_("Area, as the grid"),
    "place": N_("Exact place and its position"),
    "text": N_("What was reported, word for word"),
    "notes": N_("What units wrote, with their names"),
    "limits": N_("The unit's own time limits"),
    "photos": N_("Photos, by addresses that open them for a day"),
}

#: A subscription's secret as the receiver gets it (Standard Webhooks).
SECRET_MARK: Final = "whsec_"


def signature(secret: str, message: str, moment: int, body: bytes) -> str:
    """Standard Webhooks, symmetric: over id, time and body together, so that none of them can be changed or used
    once more later."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    mac = hmac.digest(key, f"{message}.{moment}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(mac).decode()}"


Verdict = Literal["good", "refused", "down", "gone"]


def verdict(status: int) -> Verdict:
    """What an answer means: taken; this one not wanted; nobody able to take anything now; never call again."""
    if 200 <= status < 300:
        return "good"
    if status == 410:
        return "gone"
    return "down" if status >= 500 or status in (408, 425, 429) else "refused"


#: A receiver that is down is tried once in this time; so is one that refuses so many in a row.
PAUSE: Final = timedelta(seconds=30)
MOST_REFUSED: Final = 5
_LONGEST_WAIT: Final = timedelta(minutes=30)


def wait(tries: int) -> timedelta:
    """How long what was refused waits for its next try. It is tried until it is taken or a person drops it."""
    return min(timedelta(seconds=2 ** min(tries, 11)), _LONGEST_WAIT)


class NotYetNamed(BadFact):
    """Facts: missing (labels)."""

    message = N_("It cannot be switched on before these are filled in: {missing}.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What has to be said before anything leaves."""

    purpose: str
    contract: str
    expires: date | None
    fields: tuple[str, ...]
    url: str
    words: Mapping[str, str]


def lacking(terms: Terms, day: date) -> Iterator[str]:
    """The labels of what is not said yet, or no longer holds."""
    if not terms.purpose.strip():
        yield N_("Purpose")
    if not terms.contract.strip():
        yield N_("Agreement")
    if terms.expires is None or terms.expires < day:
        yield N_("Valid until")
    if terms.url and not terms.fields:
        yield N_("What is told")
    if not terms.url and not terms.words:
        yield N_("Address")


# -- what comes in ------------------------------------------------------------------------------------------------

_RESULTS: Final = ("solved", "partly", "explained", "planned", "referred")

#: What a status word of another system can mean here: the move with its facts. "": nothing happens here by it.
STEPS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "": ("", {}),
    "sign": ("sign", {}),
    "contact": ("contact", {}),
    "arrive": ("arrive", {}),
    "progress": ("progress", {}),
    "reply": ("reply", {}),
    **{f"finish:{result}": ("finish", {"result": result}) for result in _RESULTS},
    "send_back:facts_missing": ("send_back", {"ground": "facts_missing"}),
    "send_back:wrong_place": ("send_back", {"ground": "wrong_place"}),
    "send_back:duplicate": ("send_back", {"ground": "duplicate"}),
}

#: A department has some dozen words; longer ones are sentences.
MOST_WORDS: Final = 60
LONGEST_WORD: Final = 40


class UnknownWord(BadFact):
    """Facts: word, known."""

    message = N_("The status word “{word}” is not agreed upon; agreed are: {known}.")


def step_of(word: str, known: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """The move that a status word stands for. Raises `UnknownWord`."""
    found = known.get(word.strip())
    if found is None:
        raise UnknownWord(fact="word", label=N_("Status word"), word=word[:LONGEST_WORD], known="、".join(known))
    return STEPS[found]


# -- an office without an account ---------------------------------------------------------------------------------

#: What sending the work by a link is called.
SEND: Final = N_("Send by a link")

#: How long a link may be good for, in days; the second stands in a fresh form.
LINK_DAYS: Final = (3, 7, 15, 30)


def office(unit: str) -> Actor:
    """Whoever holds a link: stands in the unit that works on the matter, and in nothing else."""
    return Actor(posts=(Post(unit, "", LINK_ACTS, frozenset("*"), Scope()),), door="link")


def receiver(unit: str) -> Actor:
    """A department's system that listens: sees what its unit sees by its hand in the matter, and makes no move."""
    return Actor(posts=(Post(unit, "", frozenset(), frozenset("*"), Scope()),), door="api")


_LINKED: Final = ("dispatched", "handling", "suspended")


def may_send(case: Case, who: Actor, city: City) -> bool:
    """Whether the work may be sent by a link: by the desk that assigned it, while it lies with an office where nobody
    with an account serves. Never to a unit that the report is about; what is secret goes to nobody by a link."""
    lead, secret = city.town.units.get(case.lead), case.secret or city.kinds[case.kind].secret
    if secret or lead is None or lead.acts - LINK_ACTS or case.stage not in _LINKED:
        return False
    return who.may("dispatch", case.kind, frozenset((case.desk,))) is not None and sees(case, office(lead.code), city)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it was made."""

    id: int
    number: str
    unit: str
    made: datetime
    expires: datetime
    opened: datetime | None
    ended: datetime | None

    def is_good(self, at: datetime) -> bool:
        return self.ended is None and at < self.expires


def note_of(given: str, word: str) -> str:
    """What is written down: the department's own words, or else its status word as it came."""
    return given.strip() or word.strip()


def facts_of(move: str, facts: Mapping[str, str], note: str) -> dict[str, Any]:
    return {**facts} if move == "sign" else {**facts, "note": note}
