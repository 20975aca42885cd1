"""What the one who raised a matter is told of it: which moves, in which words, and whose notes are shown.

`PUBLIC` is the whole of it: what is not named there the reporter's page never shows. {holder} and {lead} are who has it
and who works on it now; the other braces are those of `cases.told`.
"""

from collections.abc import Mapping
from typing import Any, Final

from yizhi.cases import told as told_of_all
from yizhi.cases.told import FOR_OTHERS as FOR_OTHERS
from yizhi.cases.told import HEADLINES as HEADLINES
from yizhi.cases.told import Told
from yizhi.core.errors import N_

#: What is told of a matter of the ground beside what is told of every kind.
PUBLIC: Final[Mapping[str, Told]] = {
    **told_of_all.TOLD,
    "report": Told(N_("You told us about it. We have it."), own=True),
    "route": Told(N_("It went straight to {named}.")),
    "solve": Told(N_("{unit} has dealt with it."), note=True),
    "arrive": Told(N_("{unit} has been there to see it.")),
    "grant_extension": Told(N_("More time was allowed: {workdays} working days.")),
    "merge": Told(N_("It is being dealt with together with the same matter of somebody else. Your number stays.")),
}

_FOR_SOMEBODY = Told(N_("It was reported on behalf of somebody ({behalf}). We have it."), own=True)
_WRITTEN_DOWN = Told(N_("{unit} wrote down what was reported. We have it."), own=True)
_SOLVED = Told(N_("You told us that it is solved. Thank you."), own=True)
_NOT_SOLVED = Told(N_("You told us that it is not solved. It is being dealt with again."), note=True, own=True)
_REOPENED = Told(N_("You asked that it be dealt with again:"), note=True, own=True)
_SAID_SOLVED = Told(N_("When we asked you, you said that it is solved."), own=True)
_SAID_NOT_SOLVED = Told(
    N_("When we asked you, you said that it is not solved. It is being dealt with again."), own=True
)
_NOT_REACHED = Told(N_("We tried to reach you and could not."), own=True)
_NO_MORE_TIME = Told(N_("More time was asked for and not allowed."))
_NEW_LEAD = Told(N_("It was handed to {named}."))
_SAME_LEAD = Told(N_("It was settled that the unit that has it deals with it."))


def told(move: str, facts: Mapping[str, Any], *, by_reporter: bool) -> Told | None:
    """How a step is told; None: it is not."""
    if facts.get("lapsed") or facts.get("proposed"):
        return None
    match move:
        case "report" if facts.get("behalf"):
            return _FOR_SOMEBODY
        case "report":
            return PUBLIC[move] if by_reporter else _WRITTEN_DOWN
        case "follow_up":
            return _answered(str(facts.get("answer")), by_reporter)
        case "grant_extension":
            return PUBLIC[move] if facts.get("granted") else _NO_MORE_TIME
        case "rule":
            return _NEW_LEAD if facts.get("upheld") else _SAME_LEAD
        case "urge" | "add":
            return PUBLIC[move] if by_reporter else None
        case "reopen":
            return _REOPENED if by_reporter else PUBLIC[move]
    return PUBLIC.get(move)


def _answered(answer: str, by_reporter: bool) -> Told | None:
    own = {"yes": _SOLVED, "no": _NOT_SOLVED}
    asked = {"yes": _SAID_SOLVED, "no": _SAID_NOT_SOLVED, "not_reached": _NOT_REACHED}
    return (own if by_reporter else asked).get(answer)


#: Doors by which somebody without an account speaks for themself, or is written down by whoever answers them.
_REPORTERS: Final = frozenset(
    ("scan", "page", "api", "open311", "enterprise", "wechat", "wish", "chat", "hotline", "special")
)


def by_reporter(account: int | None, door: str) -> bool:
    """Whether a step was made by whoever raised the matter: nobody's account, and no part of the platform."""
    return account is None and door in _REPORTERS


def note_is_shown(move: str) -> bool:
    """Whether the reporter will read what is written with this move: a form says so before it is written."""
    known = PUBLIC.get(move)
    return known is not None and known.note


#: What happens next. {holder}: who has it; {days}: how long it may be taken up again.
NEXT: Final[Mapping[str, str]] = {
    "reported": N_("{holder} reads it, has a look on the spot where needed, and arranges who deals with it."),
    "accepted": N_("{holder} arranges who deals with it."),
    "dispatched": N_("{holder} confirms that it is theirs and begins."),
    "handling": N_("The result will stand here; somebody else then checks it."),
    "suspended": N_("When the waiting is over it goes on by itself."),
    "handled": N_("{holder} checks whether it is really done, and then asks you."),
    "verified": N_("Have a look on the spot, then tell us below."),
    "closed": N_("If it is not really solved, you can ask within {days} days to have it dealt with again."),
    "declined": N_("If you do not agree, you can appeal within {appeal_days} days; the level above decides."),
    "ended": N_("If it is needed after all, please tell us about it again."),
    "transferred": N_("You will hear from those who have it now."),
    "merged": N_("What becomes of it stands here; you will be asked like everybody who reported it."),
}

#: What is said right after the reporter did something.
DONE: Final[Mapping[str, str]] = {
    **told_of_all.DONE,
    "silence": N_("You will get no more short messages about this. The code on your receipt still opens the matter."),
}

#: The promises that a reporter is told of.
PROMISES: Final[Mapping[str, str]] = {"arrive": N_("have a look on the spot"), **told_of_all.PROMISES}


def asks_reporter(stage: str, check: bool) -> bool:
    """Whether it is the reporter's turn: checked, or done and not to be checked."""
    return stage == "verified" or (stage == "handled" and not check)
