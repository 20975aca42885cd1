"""What a unit gave out of its hands: who handed what to whom, when, on what ground. The unit keeps this when the matter
itself is no longer its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yizhi import sql
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.errors import NotFound
from yizhi.core.standing import sees

#: The last such move of one's own units. The receiver is the holder that the move set, or the desk that decides on it.
_HANDED = """
SELECT c.number, c.state, c.reported, e.seq, e.move, e.recorded, e.unit, coalesce(a.title, ''), e.facts,
    coalesce(e.sets->>'holder', e.sets->'objection'->>'desk', ''), note.body, text.body, place.body
FROM cases_case AS c
JOIN cases_event AS e ON e.case_id = c.id AND e.move = ANY(%(moves)s) AND e.unit = ANY(%(units)s)
    AND e.account IS NOT NULL
LEFT JOIN people_account AS a ON a.id = e.account
LEFT JOIN cases_text AS note ON note.case_id = c.id AND note.seq = e.seq AND note.field = 'note'
LEFT JOIN cases_text AS text ON text.case_id = c.id AND text.seq = 1 AND text.field = 'text'
LEFT JOIN cases_text AS place ON place.case_id = c.id AND place.seq = 1 AND place.field = 'place'
WHERE c.number = %(number)s AND NOT (c.about && %(above_me)s)
ORDER BY e.seq DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class HandedOn:
    """`receiver` is a unit's code; empty when it went to another body (`facts`). `text` and `place` are None for who
    may no longer see the matter, and of a secret kind."""

    number: str
    state: Case
    reported: datetime
    seq: int
    move: str
    at: datetime
    unit: str
    who: str
    facts: dict[str, Any]
    receiver: str
    note: str | None
    text: str | None
    place: str | None


def handed_on(who: Actor, number: str, moves: Iterable[str]) -> HandedOn:
    """The last of these moves that a unit of `who` made on a case. `NotFound` when there is none."""
    city = current()
    above_me = sorted({up.code for unit in who.units for up in city.town.chain(unit)})
    found = sql.row(_HANDED, number=number, moves=list(moves), units=sorted(who.units), above_me=above_me)
    if found is None:
        raise NotFound
    number, state, reported, seq, move, at, unit, title, facts, receiver, note, text, place = found
    case = msgspec.json.decode(state, type=Case)
    if not sees(case, who, city):
        text = place = None
    given = msgspec.json.decode(facts) if isinstance(facts, str) else facts
    return HandedOn(number, case, reported, seq, move, at, unit, title, given, receiver, note, text, place)
