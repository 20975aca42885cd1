"""What may be kept no longer goes, in small transactions: killed half-way it goes on where it stopped."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases.city import profile
from yizhi.registry import rules
from yizhi.registry.actions.writing import Why, change, end
from yizhi.registry.queries.one import any_record

#: So many in one run of the worker.
_MOST = 200
_NEXT = """
SELECT id FROM registry_record WHERE expires <= %(today)s AND ended IS NULL AND register = ANY(%(known)s)
ORDER BY expires, id LIMIT %(most)s
"""
_CODES = "DELETE FROM registry_handing WHERE expires < %(at)s"


def expire(at: datetime) -> int:
    """Fields whose time is over, and records that cannot do without them; how many records."""
    today, known = localdate(at), list(profile().records.registers)
    found = sql.rows(_NEXT, today=today, known=known, most=_MOST)
    for (number,) in found:
        _expire(number, at)
    sql.run(_CODES, at=at)
    return len(found)


@transaction.atomic
def _expire(number: int, at: datetime) -> None:
    found, today = any_record(number, lock=True), localdate(at)
    over = rules.due(found.register, found.since, found.values, today)
    why = Why("end" if over.whole else "expire", "time", "", None)
    if over.whole:
        end(found, why, at=at)
    else:
        change(found, rules.without(found.values, over.fields), why, since=found.since, at=at, before=False)
