"""What a seat shows first: the likeliest move, the photos that help, the page that somebody comes home to."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

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

#: Where a picture says more than the words.
WITH_PHOTOS: Final = frozenset(
    ("solve", "arrive", "progress", "finish", "reply", "assist_done", "verify", "rework", "conclude_whistle", "opine")
)

#: Moves that end something or cannot be taken back by oneself: never the first button.
GRAVE: Final = frozenset(("decline", "terminate", "transfer", "merge", "void"))


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
