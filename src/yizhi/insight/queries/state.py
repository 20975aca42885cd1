"""Whether what was counted can be believed: how old it is, whether it is whole, whether a sample is right."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yizhi import sql
from yizhi.insight.queries.marks import COLUMNS, COUNTED_AS, FRESH, fresh_values
from yizhi.insight.rules import NEVER

_READING = """
SELECT whole, filled, (SELECT coalesce(max(id), 0) FROM cases_case), (
    SELECT e.recorded FROM cases_event AS e WHERE e.id > f.seen ORDER BY e.id LIMIT 1
) FROM insight_filling, cases_follower AS f WHERE f.name = 'insight'
"""
_SAMPLE = """
SELECT c.id FROM cases_case AS c, insight_filling AS r, cases_follower AS f
WHERE c.id >= (SELECT (random() * coalesce(max(id), 0))::bigint FROM cases_case) AND (c.id <= r.filled OR r.whole)
  AND f.name = 'insight' AND NOT EXISTS (SELECT FROM cases_event AS e WHERE e.case_id = c.id AND e.id > f.seen)
ORDER BY c.id LIMIT %(size)s
"""
_WRONG_MARKS = f"""
WITH {FRESH}, old AS (SELECT {COLUMNS} FROM insight_mark WHERE case_id = ANY(%(ids)s))
SELECT count(*) FROM ((SELECT * FROM old EXCEPT ALL SELECT {COLUMNS} FROM fresh)
    UNION ALL (SELECT {COLUMNS} FROM fresh EXCEPT ALL SELECT * FROM old)) AS f
"""
_WRONG_COUNTS = f"""
SELECT count(*) FROM (SELECT * FROM insight_count ORDER BY random() LIMIT %(size)s) AS n
WHERE n.n <> (
    SELECT count(*) FROM (SELECT {COUNTED_AS} AS what, area, kind, again, shy FROM insight_mark
                          WHERE day = n.day AND insight_mark.what = regexp_replace(n.what, '^due:.*', 'due')) AS m
    WHERE m.what = n.what AND m.kind = n.kind AND starts_with(m.area, n.place) AND NOT m.shy
      AND coalesce(m.again, %(never)s) = n.again
)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything up to `upto` is counted. `share` of the cases from before the reading began has been: `whole` all."""

    upto: datetime
    whole: bool
    share: float


def reading(at: datetime) -> Reading | None:
    """None before the worker has ever run. When nothing waits to be read, what is counted is of now."""
    row = sql.row(_READING)
    if row is None:
        return None
    whole, filled, last, unread = row
    return Reading(min(unread or at, at), whole, 1.0 if whole else min(filled / max(last, 1), 1.0))


def differences(size: int = 100) -> tuple[int, int]:
    """How many marks of so many cases, and how many of so many counts, are not what the log makes of them. For the
    platform itself."""
    ids = [case for (case,) in sql.rows(_SAMPLE, size=size)]
    ((marks,),) = sql.rows(_WRONG_MARKS, **fresh_values(ids))
    ((counts,),) = sql.rows(_WRONG_COUNTS, size=size, zone=settings.TIME_ZONE, never=NEVER)
    return marks, counts
