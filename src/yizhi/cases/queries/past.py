"""How cases came in: what a changed rule is tried on."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from yizhi import sql
from yizhi.core.case import Case, fold, restore_event

_FIRST = """
SELECT c.number, c.reported, coalesce(t.body, ''), jsonb_agg(jsonb_build_object('move', e.move,
    'recorded', e.recorded, 'happened', e.happened, 'sets', e.sets, 'puts', e.puts, 'stops', e.stops) ORDER BY e.seq)
FROM (SELECT * FROM cases_case ORDER BY id DESC LIMIT %(limit)s) AS c
JOIN cases_event AS e ON e.case_id = c.id AND (e.seq = 1 OR (e.seq = 2 AND e.move = 'route'))
LEFT JOIN cases_text AS t ON t.case_id = c.id AND t.seq = 1 AND t.field = 'text'
GROUP BY c.id, c.number, c.reported, t.body ORDER BY c.id DESC
"""


class Arrival(msgspec.Struct, frozen=True):
    """A case as it lay when the rules of that day had been asked, and the text it came with ("" when sealed)."""

    number: str
    reported: datetime
    text: str
    case: Case


def arrivals(limit: int) -> Iterator[Arrival]:
    """The latest cases, newest first; for whoever has the machine's shell."""
    for number, reported, text, log in sql.rows(_FIRST, limit=limit):
        events = [restore_event(event) for event in msgspec.json.decode(log)]
        yield Arrival(number, reported, text, fold(Case(kind="", area=""), events))
