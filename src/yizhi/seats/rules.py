"""What a seat shows first: the likeliest move, the photos that help, the page that somebody comes home to."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from yizhi.core.case import Case
from yizhi.core.errors import N_

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
    "handled": ("verify", "follow_up", "rework"),
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


#: What the unit that holds a matter usually does with it next.
_USUAL: Final = {"reported": "solve", "dispatched": "sign", "handling": "finish", "suspended": "resume"}

#: Moves that ask nothing which must be given: on a card one tap makes them.
AT_ONCE: Final = frozenset(("arrive", "sign", "resume", "report_in"))

#: What stands in a form that was opened in the hand: the usual case costs no tap, the others one.
PRESET: Final[Mapping[str, Mapping[str, str]]] = {"solve": {"result": "solved"}, "finish": {"result": "solved"}}

#: Where a clause that explains the law belongs: what is written is said to somebody, or tells what was said.
WITH_LAWS: Final = frozenset(("solve", "arrive", "contact", "progress", "reply", "finish", "assist_done"))


def for_card(case: Case, units: frozenset[str]) -> list[str]:
    """What is worth a button on a card: what is waited for from these units, then the usual when they hold it."""
    usual = _USUAL.get(case.stage, "") if case.holder in units else ""
    return list(dict.fromkeys(name for name in (*_waited_for(case, units), usual) if name))


def put_right(case: Case) -> bool:
    """Whether it was solved, somebody looked, and nobody who raised it said otherwise."""
    return case.stage in ("verified", "closed") and case.result == "solved" and case.satisfied is not False


#: Where a matter stands, for the worker who raised it. {lead}: who works on it; {holder}: who has it.
STANDS: Final[Mapping[str, str]] = {
    "reported": N_("Waits to be accepted by {holder}"),
    "accepted": N_("{holder} settles who deals with it"),
    "dispatched": N_("With {lead}, who has yet to sign for it"),
    "handling": N_("{lead} is dealing with it"),
    "suspended": N_("{lead} has put it off for now"),
    "handled": N_("{lead} reports it done; {holder} checks"),
    "verified": N_("Done and checked; the reporter is being asked"),
    "closed": N_("Closed"),
    "declined": N_("Not accepted"),
    "transferred": N_("Handed over to another body"),
    "ended": N_("Ended"),
    "merged": N_("Dealt with together with another"),
}


def stands(case: Case) -> str:
    """Of the sentences above the one that fits."""
    if case.stage == "closed" and put_right(case):
        return N_("Put right")
    return STANDS[case.stage]


#: How a unit gives a matter out of its hands, or says that it is not theirs, and what becomes of it. It leaves a slip.
WAYS_ON: Final[Mapping[str, str]] = {
    "object": N_("Not our duty: the desk above decides who takes it. The time limits run on."),
    "send_back": N_("Wrong place, reported twice, or facts are missing: back to the desk that assigned it."),
    "transfer": N_("It belongs before a court, an arbitrator, the petition office or another district."),
    "escalate": N_("It takes more than we can do: the level above takes it over."),
}
HANDING_ON: Final = tuple(WAYS_ON)


def home(unit_kinds: Iterable[str], *, phone: bool = False) -> Seat:
    """Where somebody works who serves in units of these kinds: in the field who serves in grids alone, and an officer
    who is out with the telephone."""
    kinds = set(unit_kinds)
    return "field" if kinds == {"grid"} or (phone and kinds <= {"grid", "station"} and kinds) else "desk"


#: Moves by which a case comes back from where it had gone, or is said not to belong there.
TURNS: Final = frozenset(("send_back", "object", "recall", "rework", "reopen", "appeal", "split"))

#: Moves that begin a new round: what was done so far did not end it.
_ROUNDS: Final = frozenset(("escalate", "rework", "reopen", "appeal"))


def begins_round(move: str, facts: Mapping[str, Any]) -> bool:
    """Whether this step of the log opened a new segment of the case."""
    if facts.get("proposed") or facts.get("lapsed"):
        return False
    return move in _ROUNDS or (move == "follow_up" and facts.get("answer") == "no")
