"""A person's right to be forgotten (Personal Information Protection Law, article 47): what identifies them goes, the
matter and its chain stay."""

from datetime import datetime

from django.db import transaction

from yizhi import sql
from yizhi.cases.actions import writing
from yizhi.cases.actions.moving import lock
from yizhi.cases.actions.writing import Entry
from yizhi.core.actor import CLOCK, Actor
from yizhi.core.admin import require
from yizhi.core.audit import ERASE, PHOTO
from yizhi.core.case import Event, evolve

#: Also when the key has gone already, with an old backup that came back without it.
_SEALED = """
SELECT EXISTS (SELECT FROM cases_text WHERE case_id = %(case)s AND cipher IS NOT NULL)
   AND NOT EXISTS (SELECT FROM cases_event
                   WHERE case_id = %(case)s AND move = %(erase)s AND facts @> '{"sealed": true}')
"""
_DROP_KEY = "DELETE FROM cases_key WHERE case_id = %(case)s"
_DROP_PHONE = "DELETE FROM cases_phone WHERE case_id = %(case)s"
#: What the reporter wrote: with the report, and later by the tracking code. Sealed words went with the key.
_DROP_WORDS = """
DELETE FROM cases_text AS t USING cases_event AS e
WHERE t.case_id = %(case)s AND t.body IS NOT NULL AND e.case_id = t.case_id AND e.seq = t.seq
  AND (e.seq = 1 OR e.account IS NULL)
RETURNING t.seq, t.field
"""
_DROP_PHOTOS = """
DELETE FROM cases_attachment AS p USING cases_event AS e
WHERE p.case_id = %(case)s AND e.case_id = p.case_id AND e.seq = p.seq AND (e.seq = 1 OR e.account IS NULL)
RETURNING p.seq, %(photo)s || p.place
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
        gone = _drop_words(found.id) if words else []
        sealed = sql.row(_SEALED, case=found.id, erase=ERASE) == (True,)
        if not sealed and not gone:
            return False
        sql.run(_DROP_KEY, case=found.id)
        sql.run(_DROP_PHONE, case=found.id)
        event = Event(ERASE, at, at, account=by.account, door=by.door, facts={"sealed": sealed, "words": gone})
        writing.update(Entry(case=evolve(found.case, event), head=found.head, events=(event,)), found.id)
    return True


def _drop_words(case_id: int) -> list[str]:
    """The names of what is gone, as the verifier knows them."""
    rows = sql.rows(_DROP_WORDS, case=case_id) + sql.rows(_DROP_PHOTOS, case=case_id, photo=PHOTO)
    return sorted(f"{seq}.{name}" for seq, name in rows)
