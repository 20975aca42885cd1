"""What forms cost in an area. Nothing here can be asked about a person: nothing was kept of any."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from yizhi import sql
from yizhi.insight.effort import WEEKS, Line, Sum, monday, saved
from yizhi.matters import queries as matters

_LINES = """
SELECT date_trunc('week', day)::date, seat, form, sum(forms)::int, sum(timed)::int, sum(seconds)::int, sum(asked)::int
FROM doors_effort WHERE day >= %(since)s AND starts_with(area, %(area)s) GROUP BY 1, 2, 3
"""
_MERGED = """
SELECT count(*)::int FROM cases_case AS c
WHERE c.stage = 'merged' AND c.reported >= %(since)s AND starts_with(c.area, %(area)s)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """`followed`: people who followed a matter instead of reporting it again, in these weeks; `merged`: reports that
    are dealt with together with another."""

    lines: list[Line]
    followed: int
    merged: int


def lines(area: str, since: date) -> list[Line]:
    """By week, seat and form."""
    return [
        Line(week, seat, form, Sum(forms, timed, seconds, asked, saved(form, forms)))
        for week, seat, form, forms, timed, seconds, asked in sql.rows(_LINES, since=since, area=area)
    ]


def cost(area: str, at: datetime) -> Cost:
    """Of the last eight weeks."""
    since = monday(localdate(at)) - timedelta(weeks=WEEKS - 1)
    ((merged,),) = sql.rows(_MERGED, since=since, area=area)
    return Cost(lines(area, since), matters.followers(area, since), merged)


def this_week(area: str, at: datetime) -> Sum:
    """Of all who work in a street."""
    return sum((line.sum for line in lines(area, monday(localdate(at)))), Sum())
