"""What people are told: written, settled, read, forgotten."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.core.profile import Notices
from yizhi.notices.rules import WORK, Alarm
from yizhi.notices.senders import ways_out


@dataclass(frozen=True, slots=True)
class Told:
    """A notice for one person."""

    account: int
    number: str
    cause: str
    clock: str
    due: datetime | None
    weight: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands by now. `moved`: somebody made the move that others were told to make; `running` are the
    clocks that still run, `alarms` when they are to be warned of; `accounts` made moves of their own."""

    number: str
    moved: bool
    running: Sequence[str]
    alarms: Sequence[Alarm]
    accounts: Sequence[int]
    shut_out: Sequence[int] = ()


_TELL = """
INSERT INTO notices_notice (account_id, number, cause, clock, due, weight, at, mail)
SELECT x.account, x.number, x.cause, x.clock, x.due, x.weight, %(at)s,
       'mail' = ANY(%(ways)s) AND account.email <> '' AND coalesce(wish.mail, true)
       OR EXISTS (SELECT FROM notices_reach AS r WHERE r.account_id = account.id AND r.channel = ANY(%(ways)s)
                  AND r.wanted AND r.confirmed IS NOT NULL)
FROM jsonb_to_recordset(%(told)s) AS x(account bigint, number text, cause text, clock text, due timestamptz,
    weight smallint)
JOIN people_account AS account ON account.id = x.account
LEFT JOIN notices_wish AS wish ON wish.account_id = x.account
ON CONFLICT (account_id, number, cause, clock) WHERE read IS NULL
DO UPDATE SET at = excluded.at, due = excluded.due, weight = excluded.weight, mail = excluded.mail
"""


def tell(told: Collection[Told], at: datetime) -> int:
    """Write notices; each person hears of a case and a cause once, and what is unread is not said twice."""
    once = {(one.account, one.number, one.cause, one.clock): one for one in told}
    if not once:
        return 0
    rows = msgspec.json.encode([asdict(one) for one in once.values()]).decode()
    return sql.run(_TELL, told=rows, at=at, ways=ways_out())


_CASES = (
    "jsonb_to_recordset(%(cases)s) AS c(number text, moved boolean, running text[], alarms jsonb, accounts bigint[])"
)

#: Done or moot is what waited for a move that has been made, or spoke of a clock that has stopped, and whatever
#: concerns a case in which one has just done something oneself.
_SETTLE = f"""
UPDATE notices_notice AS n SET read = %(at)s, mail = false FROM {_CASES}
WHERE n.number = c.number AND n.read IS NULL
  AND (c.moved AND n.cause = ANY(%(work)s) OR n.clock <> '' AND NOT n.clock = ANY(c.running)
       OR n.account_id = ANY(c.accounts))
"""

_SHUT_OUT = "DELETE FROM notices_notice WHERE number = %(number)s AND account_id = ANY(%(accounts)s)"

#: Nobody is warned of what has stopped, is paused, or is broken already.
_NO_ALARMS = f"""
DELETE FROM notices_alarm AS a USING {_CASES}
WHERE a.number = c.number AND NOT EXISTS (SELECT FROM jsonb_array_elements(c.alarms) AS x WHERE x->>'clock' = a.clock)
"""

_ALARMS = """
INSERT INTO notices_alarm (number, clock, due, rings)
SELECT number, clock, due, rings
FROM jsonb_to_recordset(%(alarms)s) AS x(number text, clock text, due timestamptz, rings timestamptz)
ON CONFLICT (number, clock) DO UPDATE
SET due = excluded.due, rings = excluded.rings, rung = notices_alarm.rung AND notices_alarm.due = excluded.due
"""


def settle(cases: Collection[Standing], at: datetime) -> None:
    """Bring what was told, and what is still to be warned of, in line with how cases stand."""
    if not cases:
        return
    rows = msgspec.json.encode([asdict(case) for case in cases]).decode()
    sql.run(_SETTLE, cases=rows, work=sorted(WORK), at=at)
    sql.run(_NO_ALARMS, cases=rows)
    alarms = [{"number": case.number, **asdict(alarm)} for case in cases for alarm in case.alarms]
    if alarms:
        sql.run(_ALARMS, alarms=msgspec.json.encode(alarms).decode())
    for case in cases:
        if case.shut_out:
            sql.run(_SHUT_OUT, number=case.number, accounts=list(case.shut_out))


_RING = """
UPDATE notices_alarm AS a SET rung = true
FROM (SELECT number, clock FROM notices_alarm WHERE NOT rung AND rings <= %(at)s
      ORDER BY rings LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS due
WHERE a.number = due.number AND a.clock = due.clock
RETURNING a.number, a.clock
"""


@transaction.atomic
def ring(at: datetime, warn: Callable[[Sequence[tuple[str, str]]], None], *, limit: int = 200) -> int:
    """Hand the time limits of which is to be warned now to `warn`, by number and clock; how many. Each once: what
    `warn` writes and that it was rung stand together or not at all."""
    due = [(number, clock) for number, clock in sql.rows(_RING, at=at, limit=limit)]
    if due:
        warn(due)
    return len(due)


_FORGET = """
DELETE FROM notices_notice WHERE id IN (SELECT id FROM notices_notice WHERE at < %(before)s ORDER BY at LIMIT 5000)
"""


def forget(plan: Notices, at: datetime) -> int:
    """Let go of what was told long ago, some thousands a time."""
    return sql.run(_FORGET, before=at - timedelta(days=plan.kept_days))


_READ = """
UPDATE notices_notice SET read = coalesce(read, %(at)s), mail = false
WHERE id = %(notice)s AND account_id = %(account)s RETURNING number
"""
_READ_ALL = """
UPDATE notices_notice SET read = %(at)s, mail = false
WHERE account_id = %(account)s AND id = ANY(%(shown)s) AND read IS NULL AND at <= %(seen)s
"""


def read(notice: int, *, by: Actor, at: datetime) -> str:
    """The number of the case that one's own notice is about. Raises `NotFound`."""
    found = sql.row(_READ, notice=notice, account=by.account, at=at)
    if found is None:
        raise NotFound
    return str(found[0])


def read_all(shown: Sequence[int], seen: datetime, *, by: Actor, at: datetime) -> int:
    """Those that the list showed at a moment: what was said anew since has not been seen, nor what had no room."""
    return sql.run(_READ_ALL, account=by.account, shown=list(shown), seen=seen, at=at)
