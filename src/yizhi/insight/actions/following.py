"""The worker's part: the cases that the log names are counted anew; the past is filled in behind, in the order of ids.

Nothing here has to be kept for good: what a crash takes away is read again, and counting twice changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yizhi import sql
from yizhi.cases.actions.following import Touched, follow_cases
from yizhi.insight.actions.counting import count_anew

#: Events read at once, and cases filled in at once.
BATCH, FILLED_AT_ONCE = 5_000, 2_000
#: As a follower of the log.
NAME = "insight"

_ALONE = "SELECT pg_advisory_xact_lock(hashtext('yizhi.insight'))"
_BEGIN = "INSERT INTO insight_filling (id, filled, whole) VALUES (1, 0, false) ON CONFLICT DO NOTHING"
_FILLING = "SELECT filled FROM insight_filling WHERE id = 1 AND NOT whole FOR UPDATE SKIP LOCKED"
_TO_FILL = "SELECT id FROM cases_case WHERE id > %(filled)s ORDER BY id LIMIT %(limit)s"
_FILLED = "UPDATE insight_filling SET filled = %(filled)s, whole = %(whole)s WHERE id = 1"


def follow(at: datetime) -> int:
    """Read on. Not 0 when more waits than was taken at once: then call again."""
    read = follow_cases(NAME, _take_in, begin=_begin, limit=BATCH)
    return _fill() + (read if read >= BATCH else 0)


def rebuild() -> None:
    """Forget every mark and count; `follow` makes them again, some thousands of cases at a time."""
    with transaction.atomic():
        sql.run("DELETE FROM insight_filling")  # first, as `_fill` does: else each would wait for the other
        sql.run(_ALONE)
        for table in ("insight_mark", "insight_count"):
            sql.run(f"DELETE FROM {table}")
        sql.run(_BEGIN)


def _begin() -> None:
    sql.run(_BEGIN)


def _take_in(touched: Sequence[Touched]) -> None:
    _count({one.case_id for one in touched})


def _count(cases: set[int]) -> None:
    """One at a time. What a power cut takes away is read again: nobody has to wait for the disk."""
    sql.run(_ALONE)
    sql.run("SET LOCAL synchronous_commit = off")
    count_anew(sorted(cases))


def _fill() -> int:
    """Cases from before the reading began."""
    with transaction.atomic():
        row = sql.row(_FILLING)
        if row is None:
            return 0
        cases = [case for (case,) in sql.rows(_TO_FILL, filled=row[0], limit=FILLED_AT_ONCE)]
        _count(set(cases))
        whole = len(cases) < FILLED_AT_ONCE
        sql.run(_FILLED, filled=max(cases, default=row[0]), whole=whole)
        return 0 if whole else len(cases)
