"""What the one who raised a matter is told of it, of every kind alike: which moves, in which words, and whose notes are
shown; and how far it has come. A kind that tells more, or in other words, says so in its own folder.

What is not named (grounds of objections, supervision, instructions, consultations, assistance, whistles, internal
notes) is never told. {unit} is who moved, {named} the unit that the move names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yizhi.core.errors import N_


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence for the reporter. `note`: the words of whoever moved are shown below it. `own`: it concerns
    nobody but the reporter of this very matter, also when others were merged into it."""

    text: str
    note: bool = False
    own: bool = False


TOLD: Final[Mapping[str, Told]] = {
    "accept": Told(N_("{unit} has taken it on.")),
    "take": Told(N_("{unit} is dealing with it.")),
    "dispatch": Told(N_("It was handed to {named}.")),
    "sign": Told(N_("{unit} has confirmed that it is theirs and is dealing with it.")),
    "send_back": Told(N_("Another unit is being found for it.")),
    "object": Told(N_("It is being settled which unit deals with it. The time limits stay as they are.")),
    "recall": Told(N_("Another unit is being found for it.")),
    "contact": Told(N_("{unit} has been in touch with you."), own=True),
    "ask": Told(N_("{unit} asks you:"), note=True, own=True),
    "add": Told(N_("You added:"), note=True, own=True),
    "reply": Told(N_("{unit} answers you:"), note=True),
    "progress": Told(N_("How it is going, from {unit}:"), note=True),
    "escalate": Told(N_("It was taken to the level above, which now sees to it.")),
    "suspend": Told(N_("It has to wait until {until}: {ground}.")),
    "resume": Told(N_("The waiting is over; it goes on.")),
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
    "split": Told(N_("It is being dealt with on its own again.")),
    "urge": Told(N_("You asked to hurry."), own=True),
    "conclude_consult": Told(N_("It was settled that {named} deals with it.")),
}

#: What is said right after the reporter did something.
DONE: Final[Mapping[str, str]] = {
    "add": N_("What you added has arrived."),
    "urge": N_("We have told them to hurry."),
    "follow_up": N_("Thank you for telling us."),
    "reopen": N_("It is being dealt with again. Thank you for telling us."),
    "appeal": N_("The level above will look at it."),
    "withdraw": N_("You have withdrawn it."),
}

#: The promises that everybody is told of: which clock, and what it promises.
PROMISES: Final[Mapping[str, str]] = {
    "accept": N_("take it on"),
    "dispatch": N_("settle who deals with it"),
    "reply": N_("answer you"),
    "handle": N_("deal with it"),
    "verify": N_("check the result"),
}

#: Where it stands, in the reporter's words. A reporter who is asked whether it is solved reads `verified`.
HEADLINES: Final[Mapping[str, str]] = {
    "reported": N_("Received"),
    "accepted": N_("Taken on; being assigned"),
    "dispatched": N_("Handed to the unit that will do it"),
    "handling": N_("Being dealt with"),
    "suspended": N_("Waiting for now"),
    "handled": N_("Done; being checked"),
    "verified": N_("Please tell us: is it solved?"),
    "closed": N_("Answered and closed"),
    "declined": N_("Please turn elsewhere with this"),
    "transferred": N_("Handed over"),
    "ended": N_("No longer dealt with"),
    "merged": N_("Dealt with together with another"),
}

#: The same for whoever did not raise it.
FOR_OTHERS: Final[Mapping[str, str]] = {**HEADLINES, "verified": N_("Done; whoever reported it is being asked")}
