"""A move on a case: key → access → lock → expected version → decide → one statement."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from yizhi import sql
from yizhi.cases.actions import merging
from yizhi.cases.actions.deciding import Done, decided
from yizhi.cases.actions.locking import Locked, lock
from yizhi.cases.actions.repeating import Keyed, first_answer, keyed, require_earlier, sender
from yizhi.cases.actions.writing import Photo
from yizhi.core.actor import Actor
from yizhi.core.city import Ask, City
from yizhi.core.errors import N_, BadFact, KeyReused, OldVersion, Refusal
from yizhi.core.loop import MOVES


def move(
    number: str | int,
    name: str,
    facts: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
    expected: int | None = None,
    key: str | None = None,
    after: str | None = None,
    happened: datetime | None = None,
    photos: tuple[Photo, ...] = (),
    draw: float = 1.0,
) -> Done:
    """Make a move on a case, by its number or id.

    Raises `NotFound` (also for a case that may not be seen), `OldVersion`, `KeyReused`, `OutOfOrder`, or what
    `core.decide.decide` refuses. It joins an outer transaction. Whoever names what they did before (`after`) has seen
    what became of that.
    """
    asked = {"number": number, "move": name, "facts": dict(facts or {}), "photos": [photo.sha256 for photo in photos]}
    sent = keyed(by, key, asked)
    if answer := first_answer(sent, at):
        return _done(answer)
    left = require_earlier(sender(by), after)
    expected = expected if expected is None else max(expected, left)
    ask = Ask(name, by, at, facts or {}, happened=happened, draw=draw)
    try:
        with transaction.atomic():
            merging.hold_main(number, name)
            found = lock(number, by)
            _check_version(found, ask, expected)
            return apply(found, ask, photos=photos, sent=sent)
    except (Refusal, IntegrityError) as error:
        # The same key twice at the same moment: the second waited for the row, and finds the first one's answer.
        if not isinstance(error, KeyReused) and (answer := first_answer(sent, at)):
            return _done(answer)
        raise


def apply(found: Locked, ask: Ask, *, photos: tuple[Photo, ...] = (), sent: Keyed | None = None) -> Done:
    """Decide on a locked case and write what happened, with what it means for the matters merged with it."""
    _check_claimed(found.city, ask)
    if ask.move == "merge":
        ask = merging.into(found, ask)
    if found.case.stage == "merged":
        merging.check_with_main(found, ask)
    done = decided(found, ask, photos=photos, sent=sent)
    if found.case.stage == "merged":
        merging.tell_main(found, ask, photos)
    elif ask.move in merging.LEAVES_ALONE and done.stage == "ended":
        merging.split_all(found.id, ask.at)
    return done


_SINCE = """
SELECT move FROM (
    SELECT seq, move, count(*) FILTER (WHERE sets ?| ARRAY['stage', 'holder', 'lead']) OVER (ORDER BY seq) AS version
    FROM cases_event WHERE case_id = %(case)s
) AS e WHERE version > %(expected)s ORDER BY seq
"""


def _check_version(found: Locked, ask: Ask, expected: int | None) -> None:
    """Who was slower is told which moves came between."""
    move = MOVES.get(ask.move)
    if expected is not None and move and move.rehomes and expected != found.case.version:
        changed = [name for (name,) in sql.rows(_SINCE, case=found.id, expected=expected)]
        raise OldVersion(expected=expected, version=found.case.version, changed=changed)


def _check_claimed(city: City, ask: Ask) -> None:
    """A claimed time is bounded: not in the future, not longer ago than the city allows."""
    oldest = ask.at - timedelta(days=city.profile.limits.happened_days)
    if ask.happened and not oldest <= ask.happened <= ask.at:
        why = N_("it is too long ago, or in the future")
        raise BadFact(fact="happened", label=N_("When it happened"), why=why)


def _done(answer: dict[str, Any]) -> Done:
    return Done(
        case_id=answer["case_id"],
        number=answer["number"],
        seq=answer["seq"],
        version=answer["version"],
        stage=answer["stage"],
        holder=answer["holder"],
        moves=tuple(answer["moves"]),
        replayed=True,
    )
