"""What was decided on a locked case is written: events, words and photos, in one statement."""

from dataclasses import dataclass

from yizhi.cases import guards
from yizhi.cases.actions import writing
from yizhi.cases.actions.locking import Locked
from yizhi.cases.actions.repeating import Keyed
from yizhi.cases.actions.writing import Entry, Photo, Words
from yizhi.core.case import Event, evolve
from yizhi.core.city import Ask
from yizhi.core.decide import decide
from yizhi.core.loop import MOVES


@dataclass(frozen=True, slots=True)
class Done:
    """What a move made. `moves` are all events of it, the move itself and what ended or followed with it."""

    case_id: int
    number: str
    seq: int
    version: int
    stage: str
    holder: str
    moves: tuple[str, ...]
    replayed: bool = False


def decided(found: Locked, ask: Ask, *, photos: tuple[Photo, ...] = (), sent: Keyed | None = None) -> Done:
    """Decide on a locked case and write what happened. Raises what a guard keeps it back for."""
    guards.check(found.id, found.case.kind, ask.move)
    return write(found, decide(found.case, ask, found.city), ask, photos=photos, sent=sent)


def write(
    found: Locked,
    events: tuple[Event, ...],
    ask: Ask,
    *,
    photos: tuple[Photo, ...] = (),
    sent: Keyed | None = None,
) -> Done:
    """Write what was decided on a locked case."""
    case = found.case
    for event in events:
        case = evolve(case, event)
    moves = tuple(event.move for event in events)
    answer = {"seq": case.seq, "version": case.version, "stage": case.stage, "holder": case.holder, "moves": moves}
    entry = Entry(
        case=case,
        head=found.head,
        events=events,
        main=_place_of_main(events, ask.move),
        words=_words(found, ask),
        photos=photos,
        sent=sent,
        answer=answer,
        outbox=writing.follow_ups(photos),
    )
    writing.update(entry, found.id, sealed_key=found.sealed_key)
    return Done(found.id, found.number, case.seq, case.version, case.stage, case.holder, moves)


def _place_of_main(events: tuple[Event, ...], move: str) -> int:
    """The event that the words and photos belong to: the move asked for, or what it became (a third return)."""
    names = [event.move for event in events]
    return names.index(move) if move in names else 0


def _words(found: Locked, ask: Ask) -> list[Words]:
    """The text that the move asked for; personal and secret kinds are sealed."""
    asked = found.city.kinds[found.case.kind].facts(MOVES[ask.move])
    sealed = found.case.secret
    texts = {fact.key: str(ask.facts.get(fact.key) or "").strip() for fact in asked if fact.kind == "text"}
    return [Words(name, text, sealed=sealed) for name, text in texts.items() if text]
