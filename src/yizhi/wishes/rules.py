"""What a wish and a conversation must hold to: decided here, without Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yizhi.core.calendar import Calendar, Span
from yizhi.core.errors import N_, BadFact, MissingFact, Refusal
from yizhi.core.profile.wishes import Wishes

#: Words of one message, and messages of one conversation.
LONGEST, MOST_LINES = 2000, 400


def check(whose: str, *, guardian: bool, phone: str) -> None:
    """A child's wish comes through a parent or guardian, who can be reached. Raises `NeedsGuardian`."""
    if whose == "child" and not guardian:
        raise NeedsGuardian(fact="guardian")
    if whose == "child" and not phone.strip():
        raise NeedsGuardian(fact="phone")


class NeedsGuardian(Refusal):
    """Facts: fact (what is missing)."""

    message = N_("A child’s wish comes through a parent or guardian: please tick that box, and leave a telephone.")


class TalkOver(Refusal):
    """The conversation has ended; what was typed is kept."""

    message = N_("This conversation has ended. You can begin a new one.")


class StillOwed(Refusal):
    """A desk does not end what it has not answered."""

    message = N_("Please answer first, or make it a matter; then it can be ended.")


class TooManyLines(Refusal):
    message = N_("This conversation has become too long. Please make it a matter, or begin a new one.")


def words(text: str) -> str:
    """One message as it is kept. Raises `MissingFact`, `BadFact`."""
    label = N_("Your message")
    if not text.strip():
        raise MissingFact(fact="text", label=label)
    if len(text) > LONGEST:
        raise BadFact(fact="text", label=label, why=N_("it is longer than {limit} characters"), limit=LONGEST)
    return text.strip()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands: when the last word came, and whether it was the desk's."""

    last: datetime
    answered: bool


def ends(standing: Standing, plan: Wishes) -> datetime | None:
    """When it ends by itself: some time after the desk's word; never while the desk owes one."""
    return standing.last + timedelta(minutes=plan.quiet_minutes) if standing.answered else None


def due(asked: datetime, plan: Wishes, calendar: Calendar) -> datetime:
    """By when the desk has to say something; after that it becomes a matter by itself."""
    return calendar.due(asked, Span(plan.answer_workdays, "workdays"))


def gone(ended: datetime, plan: Wishes) -> datetime:
    """When nothing of it is left."""
    return ended + timedelta(days=plan.kept_days)


def as_report(lines: Iterable[tuple[str, str]], limit: int) -> str:
    """A conversation in the words of a report: (who, text) line by line; cut in front when it is too long, for the last
    words say what is wanted."""
    whole = "\n".join(f"{who}：{text}" if who else text for who, text in lines)
    return whole if len(whole) <= limit else "…" + whole[-(limit - 1) :]
