"""What a follower of somebody else's matter may know."""

from dataclasses import dataclass
from datetime import date, datetime

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.queries.public import Public, is_public, public_by_number
from yizhi.cases.words import tracking_hash
from yizhi.core.city import City
from yizhi.core.errors import NotFound

_FOLLOWED = """
SELECT coalesce(main.number, c.number), f.since FROM matters_follower AS f JOIN cases_case AS c ON c.id = f."case"
LEFT JOIN cases_case AS main ON c.stage = 'merged' AND main.id = (c.state->>'merged_into')::bigint
WHERE f.tracking = %(tracking)s
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """`matter` is None when it has become nobody else's business meanwhile."""

    matter: Public | None
    city: City
    since: datetime


def followed(code: str, at: datetime) -> Followed:
    """What a follower's code opens: the matter, or the one that it was merged into. `NotFound` if it opens nothing."""
    row = sql.hot_row(_FOLLOWED, tracking=tracking_hash(code))
    if row is None:
        raise NotFound
    number, since = row
    city = current()
    matter = next((one for one in public_by_number([number]) if is_public(one, city, at)), None)
    return Followed(matter, city, since)


_FOLLOWING = """
SELECT count(*)::int FROM matters_follower AS f JOIN cases_case AS c ON c.id = f."case"
WHERE f.since >= %(since)s AND starts_with(c.area, %(area)s)
"""


def followers(area: str, since: date) -> int:
    """How many follow somebody else's matter since then, where they would have reported it once more."""
    found = sql.row(_FOLLOWING, area=area, since=since)
    return int(found[0]) if found else 0
