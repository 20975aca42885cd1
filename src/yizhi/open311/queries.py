"""What programs ask: matters as anybody may see them, and what became of those that they brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yizhi import sql
from yizhi.cases import queries as cases
from yizhi.cases.queries import Whole
from yizhi.cases.queries.public import Public, is_public, public, public_by_number
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.open311.forms import Wanted
from yizhi.open311.rules import NOTED, NoRequest, number_of

_OWN = """
SELECT s.case_id FROM open311_sent AS s JOIN cases_case AS c ON c.id = s.case_id
WHERE c.number = %(number)s AND s.account = %(account)s
"""
#: What it made of the matter, and the words that go with it: not what the program itself passed on.
_UPDATES = """
SELECT c.number, e.seq, e.recorded, coalesce(t.body, ''), coalesce(c.state->>'result', ''), (
    SELECT x.sets->>'stage' FROM cases_event AS x
    WHERE x.case_id = e.case_id AND x.seq <= e.seq AND x.sets ? 'stage' ORDER BY x.seq DESC LIMIT 1)
FROM open311_sent AS s JOIN cases_case AS c ON c.id = s.case_id
JOIN cases_event AS e ON e.case_id = c.id AND e.seq > 1 AND e.recorded >= %(since)s AND e.recorded <= %(until)s
LEFT JOIN cases_text AS t ON t.case_id = e.case_id AND t.seq = e.seq AND t.field = 'note' AND e.move = ANY(%(noted)s)
WHERE s.account = %(account)s AND e.door <> 'open311' AND NOT e.facts ?| ARRAY['lapsed', 'proposed']
    AND (e.sets ? 'stage' OR t.body IS NOT NULL)
ORDER BY e.recorded, e.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that happened. `note`: the words for whoever reported it; "" for none."""

    number: str
    seq: int
    at: datetime
    note: str
    result: str
    stage: str


def matters(wanted: Wanted, city: City, *, at: datetime) -> list[Public]:
    """The newest first."""
    return by_ids(wanted.ids, city, at=at) if wanted.ids else public(wanted.filter, city, at=at)


def by_ids(ids: Sequence[str], city: City, *, at: datetime) -> list[Public]:
    """Those that anybody may see, and those that came by this door: whoever knows their whole id was told it."""
    numbers = [number for one in ids if (number := number_of(one, settings.SECRET_KEY))]
    found = public_by_number(numbers) if numbers else []
    return [one for one in found if one.source == "open311" or is_public(one, city, at)]


def own(account: int, request: str) -> Whole:
    """A matter that this program brought, as its reporter. Raises `NoRequest`."""
    number = number_of(request, settings.SECRET_KEY)
    row = sql.row(_OWN, number=number or "", account=account)
    if row is None or number is None:
        raise NoRequest
    return cases.case(Actor(reporter_of=row[0], door="open311"), number)


def updates(account: int, since: datetime, until: datetime, *, limit: int) -> list[Update]:
    """What happened to the matters that this program brought, oldest first."""
    values = {"account": account, "since": since, "until": until, "limit": limit, "noted": list(NOTED)}
    return [Update(*row) for row in sql.rows(_UPDATES, **values)]
