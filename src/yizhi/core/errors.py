"""Refusals in the domain's own words.

Every refusal is one class with one sentence. The sentence is a message id (English); a door translates it
and fills in the facts. The domain knows no HTTP status: `doors.answers` holds that table.
"""

from typing import Any, ClassVar


def N_(message: str) -> str:
    """Mark a message for extraction; the translation happens at the door."""
    return message


class Refusal(Exception):
    """Something was asked that cannot be done; nothing was written."""

    message: ClassVar[str] = N_("This cannot be done.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format_map(_Facts(facts)))

    @property
    def code(self) -> str:
        """The class name in snake case: a stable word for machines."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class _Facts(dict[str, object]):
    """A missing fact shows as its own name: a refusal must never fail while it is being told."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class NotFound(Refusal):
    """Also for what exists but may not be seen: the two must not be told apart."""

    message = N_("Nothing was found here.")


class NotSignedIn(Refusal):
    message = N_("Please sign in first.")


class NotAllowed(Refusal):
    """The matter may be seen, but this move is not this person's."""

    message = N_("“{move}” is for {who}, not for you.")


class IllegalMove(Refusal):
    """Facts: move, stage, open (the moves open to this person now)."""

    message = N_("“{move}” is not possible while the matter is “{stage}”.")


class MissingFact(Refusal):
    """Facts: fact (its key), label."""

    message = N_("Please fill in “{label}”.")


class BadFact(Refusal):
    """Facts: fact (its key), label, why."""

    message = N_("“{label}” cannot be used: {why}")


class OldVersion(Refusal):
    """Facts: expected, version, changed (the moves since then)."""

    message = N_("Somebody was faster: the matter has changed since you opened it.")


class KeyReused(Refusal):
    """The same idempotency key came with other content; the second was kept for a person to look at."""

    message = N_("This was sent before with other content. The first one counts.")


class OutOfOrder(Refusal):
    """An offline chain names a predecessor that has not arrived."""

    message = N_("An earlier step of yours has not arrived yet; this one waits.")


class NotYourDuty(Refusal):
    """The duty list refuses a dispatch. Facts: unit, line, clause."""

    message = N_("The duty list does not allow “{unit}” as lead: {line} ({clause}).")


class LimitReached(Refusal):
    """Facts: move, limit, instead (what to do now)."""

    message = N_("“{move}” has been used {limit} times; now: {instead}.")


class TooLate(Refusal):
    """Facts: move, days (how long it stays open)."""

    message = N_("“{move}” is open for {days} days only.")


class DealtWithTogether(Refusal):
    """The reporter of a merged matter is asked when the main one has come round. Facts: unit (who has that one)."""

    message = N_(
        "{unit} deals with this together with another report of the same thing. You are asked when it is done."
    )


class AnswerInstead(Refusal):
    """The main matter has ended, so nothing reaches it any more."""

    message = N_("This was dealt with and closed. If it is not solved, say so, and it is taken up again.")


class NeedsSecondPerson(Refusal):
    """Facts: move."""

    message = N_("“{move}” has been proposed; a second person must confirm it.")


class NotYetDone(Refusal):
    """A lead cannot feed back while assistants are still at work. Facts: units."""

    message = N_("Still waiting for: {units}. Release them, or wait for their feedback.")


class AboutThisUnit(Refusal):
    """A unit that a report is about can never hold, assist or be told of it."""

    message = N_("“{unit}” cannot take part in this matter.")


class AboutTheHighest(Refusal):
    """A report about the desk above all others has nobody here who may hold it. Facts: unit."""

    message = N_("Nobody here stands above “{unit}”: please turn to the office above it, or ring 12388.")


class TooMany(Refusal):
    """Facts: seconds until the next try."""

    message = N_("Too many tries. Please wait {seconds} seconds, or ring the office.")


class BadProfile(Refusal):
    """A profile with faults is refused as a whole. Facts: faults (all of them)."""

    message = N_("The profile has {count} faults; nothing was changed.")

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults=faults, count=len(faults))
        self.faults = faults
