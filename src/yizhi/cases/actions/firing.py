"""Clocks that fell due: each case is taken by one worker, decided anew, written like any other move."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from yizhi import sql
from yizhi.cases.actions.moving import apply, lock
from yizhi.core.actor import CLOCK
from yizhi.core.city import Ask

log = logging.getLogger(__name__)

#: A case whose clock cannot be fired (a bug, a broken row) is looked at again after this, so that one bad case
#: never stops the clocks of all others.
_AFTER_TROUBLE = timedelta(hours=1)

_DUE = "SELECT id FROM cases_case WHERE fires <= %(at)s ORDER BY fires LIMIT 1 FOR UPDATE SKIP LOCKED"


def fire_due(at: datetime, *, limit: int = 200) -> int:
    """Fire what is due, oldest first; the number of cases looked at."""
    fired = 0
    while fired < limit and _fire_next(at):
        fired += 1
    return fired


def _fire_next(at: datetime) -> bool:
    """One case in one transaction: its row stays locked from being found to being written."""
    with transaction.atomic():
        row = sql.row(_DUE, at=at)
        if row is None:
            return False
        _fire(int(row[0]), at)
    return True


def _fire(case_id: int, at: datetime) -> None:
    try:
        with transaction.atomic():
            _fire_clocks(case_id, at)
    except Exception:
        log.exception("clock_failed", extra={"case_id": case_id})
        sql.run("UPDATE cases_case SET fires = %(later)s WHERE id = %(id)s", later=at + _AFTER_TROUBLE, id=case_id)


def _fire_clocks(case_id: int, at: datetime) -> None:
    """All clocks of one case that have passed, the earliest first."""
    found = lock(case_id, CLOCK)
    while found.case.fires and found.case.fires <= at:
        clock = min((c for c in found.case.clocks if c.fires), key=lambda c: c.fires or at)
        apply(found, Ask("breach", CLOCK, at, {"clock": clock.key}))
        found = lock(case_id, CLOCK)
