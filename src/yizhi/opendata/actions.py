"""Counting for everybody, and the secret link to one's own calendar."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.timezone import localdate, make_aware

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.queries.public import UNDER_WAY, public_categories
from yizhi.core.actor import Actor
from yizhi.core.case import ENDS
from yizhi.core.errors import NotSignedIn
from yizhi.opendata.rules import following, months
from yizhi.people import actions as people

#: What a key to a calendar is for, and how long it lasts.
CALENDAR, _DAYS = "calendar", 365

_DONE = "SELECT month FROM opendata_month WHERE counted = %(today)s"
#: By the index of each district and stage: the months of a million cases are not read one by one.
_COUNT = """
WITH found AS (
    SELECT left(c.area, 9) AS area, g.parent, c.stage, c.state->>'satisfied' = 'true' AS confirmed,
        extract(epoch FROM (c.state->>'moved')::timestamptz - c.reported) / 3600 AS hours
    FROM cases_case AS c JOIN unnest(%(codes)s::text[], %(parents)s::text[]) AS g(code, parent) ON g.code = c.category
    WHERE c.a6 = ANY(%(districts)s) AND c.stage = ANY(%(stages)s) AND c.reported >= %(since)s
        AND c.reported < %(before)s AND c.kind = ANY(%(kinds)s) AND NOT c.secret AND c.about = '{}'
), counted AS (
    SELECT CASE WHEN grouping(area) = 0 THEN 'area' WHEN grouping(parent) = 0 THEN 'category' ELSE 'all' END AS by,
        coalesce(area, parent, '') AS code, count(*) AS reported, count(*) FILTER (WHERE stage = 'closed') AS closed,
        count(*) FILTER (WHERE stage = 'declined') AS declined,
        count(*) FILTER (WHERE stage = ANY(%(pending)s)) AS pending,
        count(*) FILTER (WHERE stage = 'closed' AND confirmed) AS confirmed,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) FILTER (WHERE stage = 'closed') AS hours
    FROM found GROUP BY GROUPING SETS ((area), (parent), ())
)
INSERT INTO opendata_month (month, by, code, reported, closed, declined, pending, other, confirmed, hours, counted)
SELECT %(month)s, by, code, reported, closed, declined, pending, reported - closed - declined - pending, confirmed,
    hours, %(today)s
FROM counted
"""


def count(at: datetime) -> int:
    """For the worker: count the newest month that was not yet counted today. 1, or 0 when all were."""
    today = localdate(at)
    done = {month for (month,) in sql.rows(_DONE, today=today)}
    month = next((month for month in months(today) if month not in done), None)
    if month is None:
        return 0
    _count(month, today)
    return 1


@transaction.atomic
def _count(month: date, today: date) -> None:
    city = current()
    public = sorted(public_categories(city.profile))
    root = city.profile.root_area
    districts = {code[:6] for code in city.town.area_names if code.startswith(root)} | {root[:6]}
    sql.run("DELETE FROM opendata_month WHERE month = %(month)s", month=month)
    sql.run(
        _COUNT,
        month=month,
        today=today,
        since=make_aware(datetime.combine(month, time())),
        before=make_aware(datetime.combine(following(month), time())),
        codes=public,
        parents=[city.profile.categories[code].parent for code in public],
        districts=sorted(districts),
        stages=sorted(UNDER_WAY | ENDS),
        pending=sorted(UNDER_WAY),
        kinds=sorted(code for code, kind in city.kinds.items() if kind.public),
    )


@transaction.atomic
def make_link(*, by: Actor, at: datetime) -> str:
    """The secret of one's own calendar; the one before opens nothing any more. Raises `NotSignedIn`."""
    end_link(by=by, at=at)
    return people.make_token(_account(by), label="iCalendar", by=by, at=at, days=_DAYS, scopes=(CALENDAR,))


def end_link(*, by: Actor, at: datetime) -> None:
    """Raises `NotSignedIn`."""
    people.revoke_tokens(_account(by), scope=CALENDAR, by=by, at=at)


def _account(by: Actor) -> int:
    if by.account is None:
        raise NotSignedIn
    return by.account
