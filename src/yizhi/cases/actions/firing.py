"""Clocks that fell due: each case is taken by one worker, decided anew, written like any other move."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from yizhi import sql
from yizhi.cases.actions.locking import LOCK, Locked, locked
from yizhi.cases.actions.moving import apply
from yizhi.core.actor import CLOCK
from yizhi.core.city import Ask

log = logging.getLogger(__name__)

#: A case whose clock cannot be fired (a bug, a broken row) is looked at again after this, so that one bad case
#: never stops the clocks of all others.
_AFTER_TROUBLE = timedelta(hours=1)
#: Cases fired in one transaction: what each costs is mostly the way to the disk. A person who moves one of them waits
#: as long as these take, some hundredths of a second.
_TOGETHER = 20

_DUE = LOCK.format(which="c.fires <= %(at)s ORDER BY c.fires LIMIT %(many)s") + " SKIP LOCKED"


def fire_due(at: datetime, *, limit: int = 200) -> int:
    """Fire what is due, oldest first; the number of clocks looked at."""
    fired = 0
    while fired < limit and (some := _fire_some(at, min(_TOGETHER, limit - fired))):
        fired += some
    return fired


def _fire_some(at: datetime, many: int) -> int:
    """In one transaction: rows stay locked from being found to being written. One by one when it does not hold."""
    try:
        with transaction.atomic():
            found = sql.rows(_DUE, at=at, many=many)
            for row in found:
                _fire(locked(row), at)
    except Exception:
        return sum(_fire_next(at) for _ in range(many))
    return len(found)


def _fire_next(at: datetime) -> bool:
    with transaction.atomic():
        row = sql.row(_DUE, at=at, many=1)
        if row is None:
            return False
        try:
            with transaction.atomic():
                _fire(locked(row), at)
        except Exception:
            log.exception("clock_failed", extra={"case_id": row[0]})
            sql.run("UPDATE cases_case SET fires = %(later)s WHERE id = %(id)s", later=at + _AFTER_TROUBLE, id=row[0])
    return True


def _fire(found: Locked, at: datetime) -> None:
    """The earliest clock of a case. When another is due as well, the case is found again."""
    clock = min((clock for clock in found.case.clocks if clock.fires), key=lambda clock: clock.fires or at)
    apply(found, Ask("breach", CLOCK, at, {"clock": clock.key}))
