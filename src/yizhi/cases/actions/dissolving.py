"""A unit that is in force no longer has nobody who could act: what it still holds goes to a desk at once, not when a
clock notices."""

import logging
from datetime import datetime

from django.db import transaction

from yizhi import sql
from yizhi.cases import city as cities
from yizhi.cases.actions.deciding import decided
from yizhi.cases.actions.locking import lock
from yizhi.core.actor import CLOCK
from yizhi.core.city import Ask
from yizhi.core.errors import Refusal

log = logging.getLogger(__name__)

#: Every unit that holds something open, one step in the index for each.
_HOLDERS = """
WITH RECURSIVE h AS (
    (SELECT holder FROM cases_case WHERE due IS NOT NULL ORDER BY holder LIMIT 1)
    UNION ALL
    SELECT (SELECT c.holder FROM cases_case AS c WHERE c.due IS NOT NULL AND c.holder > h.holder
            ORDER BY c.holder LIMIT 1)
    FROM h WHERE h.holder IS NOT NULL
)
SELECT holder FROM h WHERE holder IS NOT NULL
"""
_HELD = "SELECT id FROM cases_case WHERE due IS NOT NULL AND holder = %(holder)s ORDER BY due, id LIMIT %(limit)s"


def hand_over(at: datetime, *, limit: int = 500) -> int:
    """Take back what lies with units that are gone; the number of cases moved."""
    known = cities.current().town.units
    gone = [holder for (holder,) in sql.rows(_HOLDERS) if holder not in known]
    found = [case for holder in gone for (case,) in sql.rows(_HELD, holder=holder, limit=limit)]
    return sum(_take_back(case, at) for case in found)


def _take_back(case_id: int, at: datetime) -> bool:
    """To the desk that gave it away, else to the desk that answers for the place now. What waits for its reporter
    alone stays: its clock ends it."""
    with transaction.atomic():
        found = lock(case_id, CLOCK)
        if found.case.holder in found.city.town.units:
            return False
        for move in ("recall", "escalate"):
            try:
                decided(found, Ask(move, CLOCK, at))
                return True
            except Refusal:
                log.debug("not_taken_back", extra={"case_id": case_id, "move": move})
    return False
