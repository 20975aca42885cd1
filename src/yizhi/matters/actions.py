"""Following what somebody else reported already."""

from datetime import datetime, timedelta

from django.conf import settings

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.queries.public import UNDER_WAY, is_public, public_by_number
from yizhi.cases.words import tracking_code, tracking_hash
from yizhi.core.errors import NotFound

#: How long after the end of a matter its followers' codes still open something.
_KEPT = timedelta(days=90)

_FOLLOW = """
INSERT INTO matters_follower ("case", tracking, since) VALUES (%(case)s, %(tracking)s, %(at)s)
ON CONFLICT (tracking) DO NOTHING
"""
_FORGET = """
DELETE FROM matters_follower WHERE id IN (
    SELECT f.id FROM matters_follower AS f JOIN cases_case AS c ON c.id = f."case"
    WHERE c.due IS NULL AND f.since < %(before)s AND (c.state->>'moved')::timestamptz < %(before)s LIMIT 1000
)
"""


def follow(number: str, *, at: datetime, key: str) -> str:
    """A code of the follower's own. The same key gets the same code. `NotFound` for what is not public or is over."""
    found = next(iter(public_by_number([number])), None)
    if found is None or found.stage not in UNDER_WAY or not is_public(found, current(), at):
        raise NotFound
    code = tracking_code(settings.SECRET_KEY, "follower", f"{number}:{key}")
    sql.run(_FOLLOW, case=found.id, tracking=tracking_hash(code), at=at)
    return code


def unfollow(code: str) -> None:
    """Nothing is left of the follower; done twice it is done once."""
    sql.run("DELETE FROM matters_follower WHERE tracking = %(tracking)s", tracking=tracking_hash(code))


def forget_followers(at: datetime) -> int:
    """Codes of matters that ended long ago."""
    return sql.run(_FORGET, before=at - _KEPT)
