"""A person's right to be forgotten (Personal Information Protection Law, article 47): what identifies them goes, the
matter and its chain stay."""

from datetime import datetime

from django.db import transaction

from yizhi import sql
from yizhi.cases.actions import writing
from yizhi.cases.actions.locking import Locked, lock
from yizhi.cases.actions.writing import Entry
from yizhi.core.actor import CLOCK, Actor
from yizhi.core.admin import require
from yizhi.core.audit import ERASE, PHOTO
from yizhi.core.case import Event, evolve
from yizhi.notices import actions as notices

#: Also when the key has gone already, with an old backup that came back without it.
_SEALED = """
SELECT EXISTS (SELECT FROM cases_text WHERE case_id = %(case)s AND cipher IS NOT NULL)
   AND NOT EXISTS (SELECT FROM cases_event
                   WHERE case_id = %(case)s AND move = %(erase)s AND facts @> '{"sealed": true}')
"""
_DROP_KEY = "DELETE FROM cases_key WHERE case_id = %(case)s"
_DROP_PHONE = "DELETE FROM cases_phone WHERE case_id = %(case)s"
_DROP_WORDS = """
DELETE FROM cases_text AS t USING cases_event AS e
WHERE t.case_id = %(case)s AND e.case_id = t.case_id AND e.seq = t.seq AND {said}
RETURNING t.seq, t.field
"""
_DROP_PHOTOS = """
DELETE FROM cases_attachment AS p USING cases_event AS e
WHERE p.case_id = %(case)s AND e.case_id = p.case_id AND e.seq = p.seq AND {said}
RETURNING p.seq, %(photo)s || p.place
"""
#: What the reporter said: with the report, and later by the tracking code. Sealed words went with the key.
_OWN = "(e.seq = 1 OR e.account IS NULL AND e.door <> 'merged')"
_OWN_PLAIN = f"t.body IS NOT NULL AND {_OWN}"
#: What they said of a matter that was merged, as it was heard in the main one.
_HEARD = "e.door = 'merged' AND (e.facts->>'of')::bigint = %(of)s"
_MAINS = """
WITH RECURSIVE up AS (
    SELECT %(case)s::bigint AS id
    UNION SELECT (e.facts->>'into')::bigint FROM up JOIN cases_event AS e ON e.case_id = up.id AND e.move = 'merge'
)
SELECT id FROM up WHERE id <> %(case)s ORDER BY id
"""


def erase(number: str | int, *, by: Actor, at: datetime, words: bool = False) -> bool:
    """Destroy the key of a case, and with it every sealed field, in this database and in every backup whose keys are
    newer. `words`: also what the reporter wrote and the photos they sent. The log says what is gone, not what it was.

    By the reporter, or by the security administrator for them. False when there was nothing to erase.
    Raises `NotFound`, `ForAdministrators`.
    """
    if by.reporter_of is None:
        require(by, "security")
    with transaction.atomic():
        found = lock(number, by if by.reporter_of is not None else CLOCK)
        gone = _dropped(_OWN_PLAIN, _OWN, case=found.id) if words else []
        sealed = sql.row(_SEALED, case=found.id, erase=ERASE) == (True,)
        if not sealed and not gone:
            return False
        sql.run(_DROP_KEY, case=found.id)
        sql.run(_DROP_PHONE, case=found.id)
        notices.no_more_sms(found.number)
        _say(found, by, at, sealed=sealed, words=gone)
        for (main,) in sql.rows(_MAINS, case=found.id) if words else ():
            heard = _dropped(_HEARD, _HEARD, case=main, of=found.id)
            if heard:
                _say(lock(main, CLOCK), by, at, sealed=False, words=heard)
    return True


def _dropped(texts: str, photos: str, **values: int) -> list[str]:
    """The names of what is gone, as the verifier knows them."""
    rows = sql.rows(_DROP_WORDS.format(said=texts), **values)
    rows += sql.rows(_DROP_PHOTOS.format(said=photos), **values, photo=PHOTO)
    return sorted(f"{seq}.{name}" for seq, name in rows)


def _say(found: Locked, by: Actor, at: datetime, **gone: object) -> None:
    event = Event(ERASE, at, at, account=by.account, door=by.door, facts=gone)
    writing.update(Entry(case=evolve(found.case, event), head=found.head, events=(event,)), found.id)
