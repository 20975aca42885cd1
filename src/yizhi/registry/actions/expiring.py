"""What may be kept no longer goes, in small transactions: killed half-way it goes on where it stopped."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases.city import profile
from yizhi.registry import rules
from yizhi.registry.actions.writing import Why, change, end, end_all
from yizhi.registry.queries.one import any_record

log = logging.getLogger(__name__)

#: So many in one run of the worker.
_MOST = 200
#: So long there is to bring back what was taken out of a profile by mistake.
_GRACE = timedelta(days=30)
_NEXT = """
SELECT id, register FROM registry_record WHERE expires <= %(today)s AND ended IS NULL
ORDER BY expires, id LIMIT %(most)s
"""
#: So long the faults of a sheet are told, and one that was only looked at waits to be taken in.
_SHEETS_KEPT = timedelta(days=30)
_SHEETS = """
UPDATE registry_sheet SET told = NULL, sealed = NULL, cipher = NULL,
    status = CASE status WHEN 'checked' THEN 'dropped' ELSE status END
WHERE at < %(before)s AND status NOT IN ('looking', 'waiting', 'running', 'undoing')
    AND (told IS NOT NULL OR cipher IS NOT NULL)
"""
_CODES = "DELETE FROM registry_handing WHERE expires < %(at)s"


def expire(at: datetime) -> int:
    """Fields whose time is over or that the city keeps no more, and records that cannot do without them; how many
    records."""
    _follow_profile(at)
    found = sql.rows(_NEXT, today=localdate(at), most=_MOST)
    for number, register in found:
        _expire_or_log(number, register, at)
    sql.run(_CODES, at=at)
    sql.run(_SHEETS, before=at - _SHEETS_KEPT)
    return len(found)


_SHAPES = "SELECT register, fields FROM registry_shape"
_SHAPE = """
INSERT INTO registry_shape (register, fields) VALUES (%(register)s, %(fields)s)
ON CONFLICT (register) DO UPDATE SET fields = excluded.fields
"""
_NO_SHAPE = "DELETE FROM registry_shape WHERE register = %(register)s"
_SOON = """
UPDATE registry_record SET expires = least(expires, %(day)s) WHERE register = %(register)s AND ended IS NULL
"""


@transaction.atomic
def _follow_profile(at: datetime) -> None:
    """Once a profile has a register or a field no more, its records are looked at when the grace is over."""
    registers, before = profile().records.registers, {register: set(fields) for register, fields in sql.rows(_SHAPES)}
    for register, fields in before.items():
        known = registers.get(register)
        if known is None or not fields <= rules.names(known):
            sql.run(_SOON, register=register, day=localdate(at) + _GRACE)
        if known is None:
            sql.run(_NO_SHAPE, register=register)
    for register, known in registers.items():
        if before.get(register) != set(known.fields):
            sql.run(_SHAPE, register=register, fields=sorted(known.fields))


_LATER = "UPDATE registry_record SET expires = %(day)s WHERE id = %(id)s"


def _expire_or_log(number: int, register: str, at: datetime) -> None:
    """One that cannot be read holds up no other, and is tried again the next day."""
    try:
        _expire(number, register, at)
    except Exception:
        log.exception("record_not_expired", extra={"record_id": number})
        sql.run(_LATER, id=number, day=localdate(at) + timedelta(days=1))


@transaction.atomic
def _expire(number: int, register: str, at: datetime) -> None:
    if register not in profile().records.registers:
        end_all([number], Why("end", "time", "", None), at=at)
        return
    found, today = any_record(number, lock=True), localdate(at)
    over = rules.due(found.register, found.since, found.values, today)
    why = Why("end" if over.whole else "expire", "time", "", None)
    if over.whole:
        end(found, why, at=at)
    elif not over.fields:  # taken out of the profile, and brought back in time
        sql.run(_LATER, id=number, day=rules.expires(found.register, found.since, found.values))
    else:
        change(found, rules.without(found.values, over.fields), why, since=found.since, at=at)
