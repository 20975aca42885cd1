"""A list as officials file it: everything about a case that stands in their tables, row after row, contacts never."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yizhi import sql
from yizhi.cases.queries.lists import Filter, condition, statement
from yizhi.core.actor import Actor

#: So many rows at most, some ten seconds of work; one more is read to know whether that was all.
MOST_ROWS = 20_000

#: Words that are sealed (secret kinds, erased cases) are left empty.
_SHEET = """
SELECT f.number, f.source, f.kind, f.reported, f.area, place.body, f.category, t.body, f.stage, f.lead, f.holder,
    ARRAY(SELECT one->>'unit' FROM jsonb_array_elements(c.state->'assists') AS one), f.due, f.supervision,
    coalesce(c.state->>'result', ''),
    (SELECT w.body FROM cases_event AS e JOIN cases_text AS w
        ON w.case_id = e.case_id AND w.seq = e.seq AND w.field = 'note'
     WHERE e.case_id = f.id AND e.move IN ('finish', 'solve') ORDER BY e.seq DESC LIMIT 1),
    coalesce((SELECT CASE e.move WHEN 'follow_up' THEN e.facts->>'answer' ELSE e.move END FROM cases_event AS e
     WHERE e.case_id = f.id AND e.move IN ('follow_up', 'close_unanswered') ORDER BY e.seq DESC LIMIT 1), ''),
    CASE WHEN f.due IS NULL THEN (c.state->>'moved')::timestamptz END
FROM ({ways}) AS f JOIN cases_case AS c ON c.id = f.id
LEFT JOIN cases_text AS t ON t.case_id = f.id AND t.seq = 1 AND t.field = 'text'
LEFT JOIN cases_text AS place ON place.case_id = f.id AND place.seq = 1 AND place.field = 'place'
ORDER BY {order} LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """One line of the table. `text`, `place` and `told` (what was said to be done) are None where that is not shown;
    `answer` is what the reporter said in the end, or "close_unanswered"; `ended` when it came to an end."""

    number: str
    source: str
    kind: str
    reported: datetime
    area: str
    place: str | None
    category: str
    text: str | None
    stage: str
    lead: str
    holder: str
    assists: list[str]
    due: datetime | None
    supervision: str
    result: str
    told: str | None
    answer: str
    ended: datetime | None


def sheet(who: Actor, wanted: Filter, *, at: datetime, most: int = MOST_ROWS) -> Iterator[Filed]:
    """The rows of the list that `who` would see, from its beginning; one more than `most` when there are more."""
    found = condition(who, wanted, at)
    rows = sql.each(statement(found, wanted.by_age, _SHEET), **found.values, limit=most + 1)
    return (Filed(*row) for row in rows)
