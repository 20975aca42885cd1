"""A program reports, and passes on what was said afterwards."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from yizhi import sql
from yizhi.cases import actions as cases
from yizhi.cases.actions import Done, Receipt, Report
from yizhi.core.actor import Actor

_SENT = "INSERT INTO open311_sent (case_id, account) VALUES (%(case)s, %(account)s)"


@transaction.atomic
def report(what: Report, *, by: int, at: datetime, key: str | None = None) -> Receipt:
    """As whoever writes to the program, who has no account here; `by`: the program's, which alone may follow it.
    Keys of different programs never meet. Raises what `cases.actions.report` refuses."""
    receipt = cases.report(what, by=Actor(door="open311"), at=at, key=f"{by}:{key}" if key else None)
    if not receipt.replayed:
        sql.run(_SENT, case=receipt.case_id, account=by)
    return receipt


def pass_on(case: int, move: str, facts: Mapping[str, str], *, at: datetime, key: str | None) -> Done:
    """What the reporter does by way of the program; the caller has asked whose matter it is."""
    return cases.move(case, move, facts, by=Actor(reporter_of=case, door="open311"), at=at, key=key)
