"""What a seat shows first: the likeliest move, the photos that help, the page that somebody comes home to."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from yizhi.core.case import Case

Seat = Literal["field", "desk"]

#: How many moves stand as buttons; the rest is one tap away.
FIRST = 3

#: What a stage usually asks for, the likeliest first. It orders what is open, it opens nothing.
LIKELY: Final[Mapping[str, tuple[str, ...]]] = {
    "reported": ("accept", "solve", "take", "escalate", "decline"),
    "accepted": ("dispatch", "take", "solve", "whistle", "consult", "escalate", "decline"),
    "dispatched": ("sign", "send_back", "object", "recall"),
    "handling": ("finish", "progress", "add_assist", "suspend", "extend", "escalate", "supervise", "recall"),
    "suspended": ("resume", "progress"),
    "handled": ("verify", "rework", "follow_up"),
    "verified": ("follow_up", "contact"),
    "closed": ("reopen",),
    "merged": ("split",),
}

#: The letter of each move that somebody at a desk can make: what its English name begins with where that was free.
#: One letter says one thing on every case; a capital is typed with Shift and stands for what is rarer or weighs more.
#: j, k, x and g move about in the list.
KEYS: Final[Mapping[str, str]] = {
    "accept": "a",
    "send_back": "b",
    "contact": "c",
    "dispatch": "d",
    "extend": "e",
    "finish": "f",
    "add_assist": "h",  # help
    "report_in": "i",
    "arrive": "l",  # look
    "consult": "m",  # meet
    "resume": "n",  # now on with it
    "solve": "o",  # on the spot
    "progress": "p",
    "ask": "q",  # question
    "reply": "r",
    "sign": "s",
    "take": "t",
    "urge": "u",
    "verify": "v",
    "whistle": "w",
    "rule": "y",  # yes or no
    "suspend": "z",  # doze
    "assist_done": "A",
    "recall": "B",
    "copy": "C",
    "decline": "D",
    "escalate": "E",
    "follow_up": "F",
    "grant_extension": "G",
    "release_assist": "H",
    "instruct": "I",
    "merge": "J",  # join
    "excuse": "L",  # limit
    "conclude_consult": "M",
    "reopen": "N",  # anew
    "object": "O",
    "reassign": "P",  # pass on
    "opine": "Q",  # the answer to a question
    "rework": "R",
    "supervise": "S",
    "transfer": "T",
    "about": "U",  # unit
    "not_about": "V",  # in view again
    "conclude_whistle": "W",
    "terminate": "X",
    "split": "Y",  # a fork
    "void": "Z",  # undo
}

#: Where a picture says more than the words.
WITH_PHOTOS: Final = frozenset(
    ("solve", "arrive", "progress", "finish", "reply", "assist_done", "verify", "rework", "conclude_whistle", "opine")
)

#: Moves that end something or cannot be taken back by oneself: never the first button.
GRAVE: Final = frozenset(("decline", "terminate", "transfer", "merge", "void", "about"))


def arranged(moves: Iterable[str], case: Case, units: frozenset[str]) -> tuple[list[str], list[str]]:
    """The open moves: those that stand as buttons, and the rest; each in order of likelihood for these units."""
    order = [*_waited_for(case, units), *LIKELY.get(case.stage, ())]
    places = {name: place for place, name in reversed(list(enumerate(order)))}
    moves = list(moves)
    moves.sort(key=lambda name: (places.get(name, len(order)), name in GRAVE))
    first = [name for name in moves if name in places][:FIRST]
    return first, [name for name in moves if name not in first]


def _waited_for(case: Case, units: frozenset[str]) -> Iterable[str]:
    """What somebody else waits for from these units comes before the usual."""
    if case.proposal:
        yield case.proposal.move
    if case.objection and case.objection.desk in units:
        yield "rule"
    if case.extension and case.desk in units:
        yield "grant_extension"
    if case.whistle and set(case.whistle.units) - set(case.whistle.arrived) & units:
        yield "report_in"
    if case.consultation and set(case.consultation.units) - set(case.consultation.opined) & units:
        yield "opine"
    if units & set(case.open_assists()):
        yield "assist_done"
    for name, parties in (("arrive", units & {case.lead}), ("reply", frozenset())):
        clock = case.clock(name)
        if clock and (clock.owner in units or parties):
            yield name
    told = case.clock("instruct")
    if told and told.owner in units:
        yield "progress"


def likeliest(stage: str, *, holding: bool) -> str:
    """The one button of a card in a list, where the whole matter is not at hand; empty: just open it."""
    if not holding:
        return ""
    return {"reported": "solve", "dispatched": "sign", "handling": "finish", "suspended": "resume"}.get(stage, "")


def home(unit_kinds: Iterable[str]) -> Seat:
    """Where somebody works who serves in units of these kinds: the field only when nothing else."""
    return "field" if set(unit_kinds) == {"grid"} else "desk"


#: Moves by which a case comes back from where it had gone, or is said not to belong there.
TURNS: Final = frozenset(("send_back", "object", "recall", "rework", "reopen", "appeal", "split"))

#: Moves that begin a new round: what was done so far did not end it.
_ROUNDS: Final = frozenset(("escalate", "rework", "reopen", "appeal"))


def begins_round(move: str, facts: Mapping[str, Any]) -> bool:
    """Whether this step of the log opened a new segment of the case."""
    if facts.get("proposed") or facts.get("lapsed"):
        return False
    return move in _ROUNDS or (move == "follow_up" and facts.get("answer") == "no")
