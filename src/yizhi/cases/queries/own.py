"""What somebody did themself: the matters they raised, and the moves they made. Nobody may ask this of somebody else:
there is no argument for another account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yizhi import sql
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.standing import sees

#: Of so many last reports those that changed last are shown.
_REPORTS = 200
_SHOWN = 50

_RAISED = """
WITH mine AS (
    SELECT case_id FROM cases_event WHERE account = %(account)s AND move = 'report' ORDER BY id DESC LIMIT %(most)s
)
SELECT c.id, c.number, c.state::text, c.reported, e.recorded, left(t.body, 80)
FROM mine JOIN cases_case AS c ON c.id = mine.case_id
JOIN cases_event AS e ON e.case_id = c.id AND e.seq = (c.state->>'seq')::int
LEFT JOIN cases_text AS t ON t.case_id = c.id AND t.seq = 1 AND t.field = 'text'
WHERE NOT (c.about && %(above_me)s)
ORDER BY e.recorded DESC, c.id DESC LIMIT %(shown)s
"""

_DID = """
SELECT c.id, c.number, c.state::text, array_agg(e.move ORDER BY e.seq), max(e.recorded)
FROM cases_event AS e JOIN cases_case AS c ON c.id = e.case_id
WHERE e.account = %(account)s AND e.recorded >= %(since)s AND e.recorded < %(until)s
GROUP BY c.id ORDER BY max(e.recorded), c.id
"""


@dataclass(frozen=True, slots=True)
class Raised:
    """A matter that somebody reported. `seen`: it may still be opened. `gist` as in a list."""

    number: str
    state: Case
    reported: datetime
    changed: datetime
    gist: str | None
    seen: bool


@dataclass(frozen=True, slots=True)
class Did:
    """What somebody did in one matter within some time: the moves in their order, and when the last was."""

    number: str
    state: Case
    moves: list[str]
    last: datetime
    seen: bool


def raised(who: Actor) -> list[Raised]:
    """What `who` reported last, the newest change first. What is about one's own unit has left one's hands."""
    city = current()
    above_me = sorted({up.code for unit in who.units for up in city.town.chain(unit)})
    found = sql.hot_rows(_RAISED, account=who.account, most=_REPORTS, shown=_SHOWN, above_me=above_me)
    return [
        Raised(number, case := _case(state), reported, changed, gist, sees(case, who, city))
        for _, number, state, reported, changed, gist in found
    ]


def did(who: Actor, since: datetime, until: datetime) -> list[Did]:
    """The matters in which `who` made a move in a time, in the order of the last one."""
    city = current()
    found = sql.rows(_DID, account=who.account, since=since, until=until)
    return [
        Did(number, case := _case(state), moves, last, sees(case, who, city)) for _, number, state, moves, last in found
    ]


def _case(state: Any) -> Case:
    return msgspec.json.decode(state, type=Case)
