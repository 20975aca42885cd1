"""What the one who raised a matter is told of it: which moves, in which words, and whose notes are shown.

This table is the whole of it. What is not named here (grounds of objections, supervision, instructions, consultations,
assistance, whistles, internal notes) the reporter's page never shows. {unit} is who moved, {named} the unit that the
move names, {holder} and {lead} who has it and who works on it now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from yizhi.cases.rules import FOR_OTHERS as FOR_OTHERS
from yizhi.cases.rules import HEADLINES as HEADLINES
from yizhi.core.errors import N_


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence for the reporter. `note`: the words of whoever moved are shown below it. `own`: it concerns
    nobody but the reporter of this very matter, also when others were merged into it."""

    text: str
    note: bool = False
    own: bool = False


PUBLIC: Final[Mapping[str, Told]] = {
    "report": Told(N_("You told us about it. We have it."), own=True),
    "route": Told(N_("It went straight to {named}.")),
    "accept": Told(N_("{unit} has taken it on.")),
    "take": Told(N_("{unit} is dealing with it.")),
    "solve": Told(N_("{unit} has dealt with it."), note=True),
    "dispatch": Told(N_("It was handed to {named}.")),
    "sign": Told(N_("{unit} has confirmed that it is theirs and is dealing with it.")),
    "send_back": Told(N_("Another unit is being found for it.")),
    "object": Told(N_("It is being settled which unit deals with it. The time limits stay as they are.")),
    "recall": Told(N_("Another unit is being found for it.")),
    "contact": Told(N_("{unit} has been in touch with you."), own=True),
    "ask": Told(N_("{unit} asks you:"), note=True, own=True),
    "add": Told(N_("You added:"), note=True, own=True),
    "arrive": Told(N_("{unit} has been there to see it.")),
    "reply": Told(N_("{unit} answers you:"), note=True),
    "progress": Told(N_("How it is going, from {unit}:"), note=True),
    "escalate": Told(N_("It was taken to the level above, which now sees to it.")),
    "suspend": Told(N_("It has to wait until {until}: {ground}.")),
    "resume": Told(N_("The waiting is over; it goes on.")),
    "grant_extension": Told(N_("More time was allowed: {workdays} working days.")),
    "finish": Told(N_("{unit} reports the result:"), note=True),
    "verify": Told(N_("{unit} has checked it. Now please tell us whether it is really solved.")),
    "rework": Told(N_("A check found that it is not done yet; it is being done again.")),
    "close_unanswered": Told(N_("We did not hear from you, so it was closed for now.")),
    "reopen": Told(N_("It is being dealt with again.")),
    "decline": Told(N_("We cannot take this on: {ground}. Where to turn:"), note=True),
    "appeal": Told(N_("You did not agree; the level above looks at it."), note=True, own=True),
    "transfer": Told(N_("It was handed over to: {channel}."), note=True),
    "withdraw": Told(N_("You withdrew it."), own=True),
    "terminate": Told(N_("After a review it was ended. The reason:"), note=True),
    "merge": Told(N_("It is being dealt with together with the same matter of somebody else. Your number stays.")),
    "split": Told(N_("It is being dealt with on its own again.")),
    "urge": Told(N_("You asked to hurry."), own=True),
    "conclude_consult": Told(N_("It was settled that {named} deals with it.")),
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
    "add": N_("What you added has arrived."),
    "urge": N_("We have told them to hurry."),
    "follow_up": N_("Thank you for telling us."),
    "reopen": N_("It is being dealt with again. Thank you for telling us."),
    "appeal": N_("The level above will look at it."),
    "withdraw": N_("You have withdrawn it."),
    "silence": N_("You will get no more short messages about this. The code on your receipt still opens the matter."),
}

#: The promises that a reporter is told of.
PROMISES: Final[Mapping[str, str]] = {
    "arrive": N_("have a look on the spot"),
    "reply": N_("answer you"),
    "accept": N_("take it on"),
    "dispatch": N_("settle who deals with it"),
    "handle": N_("deal with it"),
    "verify": N_("check the result"),
}


def asks_reporter(stage: str, check: bool) -> bool:
    """Whether it is the reporter's turn: checked, or done and not to be checked."""
    return stage == "verified" or (stage == "handled" and not check)
