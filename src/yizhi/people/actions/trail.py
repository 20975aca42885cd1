"""Every change of an account or a power leaves a row that nobody but the database's owner can change."""

from datetime import datetime

from psycopg.types.json import Jsonb

from yizhi.core.actor import Actor
from yizhi.sql import run

_LEAVE = """
INSERT INTO people_trail (at, by_id, act, account_id, facts)
VALUES (%(at)s, %(by)s, %(act)s, %(account)s, %(facts)s)
"""


def leave(act: str, *, by: Actor, at: datetime, account: int | None = None, **facts: object) -> None:
    """`facts` are codes and numbers, never names or free text."""
    run(_LEAVE, at=at, by=by.account, act=act, account=account, facts=Jsonb(facts))
