"""A department's system says in its own word how it goes: the word is mapped, the move is the same as everybody's."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from yizhi.cases import actions as cases
from yizhi.connect import rules
from yizhi.connect.queries import agreed_words
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.doors import throttle

#: Of one unit about one case. Two systems that answer each other are stopped here.
MOST = throttle.Limit("connect.words", 30, 60)


@dataclass(frozen=True, slots=True)
class Said:
    """The move that was made; "" and None for a word by which nothing happens here."""

    move: str
    done: cases.Done | None = None


def say(number: str, word: str, *, note: str = "", by: Actor, at: datetime, key: str | None = None) -> Said:
    """Raises `NotFound` without an agreement that is in force, `UnknownWord`, `TooMany`, and what the move refuses."""
    words = agreed_words(by.units, localdate(at))
    if not words:
        raise NotFound
    move, facts = rules.step_of(word, words)
    throttle.take(MOST, f"{'|'.join(sorted(by.units))}:{number}", at=at)
    if not move:
        return Said("")
    given = rules.facts_of(move, facts, rules.note_of(note, word))
    return Said(move, cases.move(number, move, given, by=by, at=at, key=key))
