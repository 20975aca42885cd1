"""Refusals as doors tell them: a status for machines, one sentence in the reader's language for people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop, pgettext

from yizhi.core import errors
from yizhi.core.errors import N_, Refusal
from yizhi.core.loop import MOVES
from yizhi.doors.words import choice_name, move_name, stage_name, standing_name


class Malformed(Refusal):
    """The request itself cannot be read."""

    message = N_("What was sent cannot be read: it is incomplete, or not what it says it is.")


class WrongFormat(Refusal):
    """Facts: formats (those that are taken)."""

    message = N_("Please send it as {formats}.")


class TooLarge(Refusal):
    message = N_("What was sent is too large.")


class NotOffered(Refusal):
    """Facts: method."""

    message = N_("{method} is not offered here.")


class BadFields(Refusal):
    """Fields of what was sent are wrong: pairs of a field's path and what is wrong with it, in the reader's words."""

    message = N_("Please check: {faults}")

    def __init__(self, faults: Iterable[tuple[str, str]] = ()) -> None:
        self.faults = list(faults)
        told = (f"{path}: {why}" if path else why for path, why in self.faults)
        super().__init__(faults=pgettext("between faults", "; ").join(told))


class NotNow(Refusal):
    """The database is away or everything is busy. Facts: seconds until the next try."""

    message = N_("This is not possible for the moment. Please try again in {seconds} seconds.")


class OurFault(Refusal):
    """Something broke that should not have."""

    message = N_("Something went wrong on our side. It has been noted.")


#: The nearest class in the refusal's own line counts; what is not named here is a mistake in what was sent.
STATUS: Final[dict[type[Refusal], int]] = {
    Refusal: 422,
    errors.NotFound: 404,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.IllegalMove: 409,
    errors.OldVersion: 409,
    errors.KeyReused: 409,
    errors.OutOfOrder: 409,
    errors.NeedsSecondPerson: 409,
    errors.NotYetDone: 409,
    errors.LimitReached: 409,
    errors.TooLate: 409,
    errors.DealtWithTogether: 409,
    errors.AnswerInstead: 409,
    errors.TooMany: 429,
    Malformed: 400,
    NotOffered: 405,
    TooLarge: 413,
    WrongFormat: 415,
    OurFault: 500,
    NotNow: 503,
}

#: What a status means, said shortly.
TITLES: Final[dict[int, str]] = {
    400: gettext_noop("Not understood"),
    401: gettext_noop("Not signed in"),
    403: gettext_noop("Not allowed"),
    404: gettext_noop("Not found"),
    405: gettext_noop("Not offered here"),
    409: gettext_noop("Not possible now"),
    413: gettext_noop("Too large"),
    415: gettext_noop("Wrong format"),
    422: gettext_noop("Please check what was sent"),
    429: gettext_noop("Too often"),
    500: gettext_noop("A fault of ours"),
    503: gettext_noop("Busy"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal ready to be told. `code` never changes and is for machines. `facts` are the refusal's own, with
    labels, moves and stages in the reader's language; `open` are the moves open instead (name, label); `fact`
    is the key of the fact to blame, or ""."""

    status: int
    code: str
    title: str
    sentence: str
    fact: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    open: tuple[tuple[str, str], ...] = ()


def answer_for(refusal: Refusal, *, kind: str = "") -> Answer:
    """In the active language. With `kind`, stages and moves are called as they are for that kind of matter.

    What is not found says nothing of what was asked for: hidden and absent get the same answer.
    """
    status = next(STATUS[known] for known in type(refusal).__mro__ if known in STATUS)
    said = {} if status == 404 else {key: _say(key, value, kind) for key, value in refusal.facts.items()}
    if "why" in said:
        said["why"] = said["why"].format_map(_Facts(said))
    return Answer(
        status=status,
        code=refusal.code,
        title=gettext(TITLES[status]),
        sentence=gettext(refusal.message).format_map(_Facts(said)),
        fact=str(said.get("fact", "")),
        facts={key: value for key, value in said.items() if key not in ("fact", "open")},
        open=tuple((name, move_name(name, kind)) for name in _names(said.get("open"))),
    )


class _Facts(dict[str, Any]):
    """A missing fact shows as its own name: a refusal must never fail while it is being told."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _names(found: Any) -> Iterable[str]:
    return found if isinstance(found, list | tuple) else ()


def _say(key: str, value: object, kind: str) -> Any:
    """A fact as it is read out; what is no word stays what it is."""
    if key == "changed":
        return [{"move": name, "label": move_name(name, kind)} for name in _names(value)]
    say = _SAID.get(key)
    return say(value, kind) if say and isinstance(value, str) else value


def _listed(value: str, separator: str) -> str:
    return pgettext("between names", ", ").join(standing_name(who.strip()) for who in value.split(separator))


_LABELLED: Final[dict[str, str]] = {move.label: move.name for move in MOVES.values()}

#: Facts that are words, by their key. A move comes as its label or, in `instead`, as its name or a choice.
_SAID: Final[dict[str, Callable[[str, str], str]]] = {
    "label": lambda value, kind: gettext(value),
    "why": lambda value, kind: gettext(value),
    "move": lambda value, kind: move_name(_LABELLED.get(value, value), kind),
    "stage": stage_name,
    "who": lambda value, kind: _listed(value, ","),
    "role": lambda value, kind: _listed(value, "/"),
    "instead": lambda value, kind: move_name(value, kind) if value in MOVES else choice_name(value),
}
