"""Looking at a personal field: with a purpose, by somebody who has a hand in the case, never without a trace."""

from datetime import datetime

from django.db import transaction

from yizhi import sql
from yizhi.cases.actions.locking import lock
from yizhi.cases.keys import sealer
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, MissingFact, NotAllowed, NotFound

FIELDS = ("name", "phone")
_PURPOSE_LIMIT = 200

_LOOK = """
WITH seen AS (
    INSERT INTO cases_look (case_id, field, account, unit, purpose, at)
    VALUES (%(case)s, %(field)s, %(account)s, %(unit)s, %(purpose)s, %(at)s)
)
SELECT cipher FROM cases_text WHERE case_id = %(case)s AND seq = 1 AND field = %(field)s
"""


def look(number: str, field: str, *, purpose: str, by: Actor, at: datetime) -> str:
    """The open text of a personal field. Raises `MissingFact` without a purpose, `NotAllowed` without the power
    or without a hand in the case, `NotFound` when there is none (or it was erased)."""
    if not purpose.strip():
        raise MissingFact(fact="purpose", label=N_("Purpose"))
    with transaction.atomic():
        found = lock(number, by)
        post = by.may("unmask", found.case.kind, by.units & found.case.hands)
        if post is None or field not in FIELDS:
            raise NotAllowed(move=N_("See contact"), who="party")
        asked = purpose.strip()[:_PURPOSE_LIMIT]
        row = sql.row(_LOOK, case=found.id, field=field, account=by.account, unit=post.unit, purpose=asked, at=at)
        if row is None or found.sealed_key is None:
            raise NotFound
        return sealer().open(sealer().open_key(found.sealed_key), bytes(row[0]), field)
