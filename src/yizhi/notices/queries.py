"""What somebody was told, and how they want to be told. The first argument is who asks: everybody asks for oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.notices.rules import Wish

_SHOWN = 100
#: More than this nobody counts.
MOST = 99

_UNREAD = """
SELECT count(*) FROM (
    SELECT FROM notices_notice WHERE account_id = %(account)s AND read IS NULL LIMIT %(most)s
) AS found
"""


def unread(who: Actor) -> int:
    """How many notices somebody has not read; `MOST` + 1 for more than `MOST`."""
    if who.account is None:
        return 0
    found = sql.hot_row(_UNREAD, account=who.account, most=MOST + 1)
    return int(found[0]) if found else 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Codes alone: `doors.words` and `notices.words` make the sentence."""

    id: int
    number: str
    cause: str
    clock: str
    due: datetime | None
    weight: int
    at: datetime
    read: datetime | None


@dataclass(frozen=True, slots=True)
class Notices:
    """Unread ones first, then what was read, newest first; `older` when there are more."""

    unread: Sequence[Notice]
    read: Sequence[Notice]
    older: int | None


_COLUMNS = "id, number, cause, clock, due, weight, at, read"
_LIST_UNREAD = f"""
SELECT {_COLUMNS} FROM notices_notice WHERE account_id = %(account)s AND read IS NULL
ORDER BY at DESC, id DESC LIMIT %(limit)s
"""
_LIST_READ = f"""
SELECT {_COLUMNS} FROM notices_notice
WHERE account_id = %(account)s AND read IS NOT NULL ORDER BY at DESC, id DESC OFFSET %(skip)s LIMIT %(limit)s
"""


def notices(who: Actor, *, skip: int = 0) -> Notices:
    """One's own list; `skip` read ones were shown on pages before."""
    new = sql.rows(_LIST_UNREAD, account=who.account, limit=3 * _SHOWN) if not skip else []
    old = sql.rows(_LIST_READ, account=who.account, skip=skip, limit=_SHOWN + 1)
    older = skip + _SHOWN if len(old) > _SHOWN else None
    return Notices([Notice(*one) for one in new], [Notice(*one) for one in old[:_SHOWN]], older)


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody is reached. `asked`: an address that waits to be confirmed."""

    email: str
    asked: str
    trouble: str
    wish: Wish


_WAY = """
SELECT account.email, coalesce(w.asked, ''), coalesce(w.trouble, ''), coalesce(w.mail, true), w.quiet_from, w.quiet_to,
       coalesce(w.days_off, false)
FROM people_account AS account LEFT JOIN notices_wish AS w ON w.account_id = account.id
WHERE account.id = %(account)s
"""


def way(who: Actor) -> Way:
    email, asked, trouble, *wish = sql.rows(_WAY, account=who.account)[0]
    return Way(email, asked, trouble, Wish(*wish))


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mail says: how many matters, how many of them late, when the first is due. Nothing else."""

    email: str
    language: str
    wanted: bool
    matters: int
    late: int
    first: datetime | None


_DIGEST = """
SELECT account.email, account.language, account.is_active AND coalesce(w.mail, true), count(DISTINCT n.number),
       count(DISTINCT n.number) FILTER (WHERE n.due <= %(at)s), min(n.due) FILTER (WHERE n.due > %(at)s)
FROM people_account AS account
LEFT JOIN notices_wish AS w ON w.account_id = account.id
LEFT JOIN notices_notice AS n ON n.account_id = account.id AND n.id = ANY(%(notices)s) AND n.read IS NULL
WHERE account.id = %(account)s GROUP BY account.id, w.mail
"""


def digest(account: int, notices: Sequence[int], at: datetime) -> Digest | None:
    """For the mail to an account about these notices, as far as they are still unread; for the worker."""
    found = sql.row(_DIGEST, account=account, notices=list(notices), at=at)
    return Digest(*found) if found else None


_STATE = """
SELECT (SELECT count(*) FROM notices_outbox WHERE subscriber = 'mail'),
       (SELECT min(since) FROM notices_outbox WHERE subscriber = 'mail'),
       (SELECT count(*) FROM notices_wish AS w JOIN people_account AS a ON a.id = w.account_id
        WHERE w.trouble <> '' AND a.email <> ''),
       (SELECT count(*) FROM people_account WHERE email <> '' AND is_active)
"""


@dataclass(frozen=True, slots=True)
class State:
    """How mail fares: what waits and since when, whose mail was given up, how many have an address."""

    waiting: int
    since: datetime | None
    given_up: int
    addresses: int


def state() -> State:
    """For `yizhi doctor`."""
    return State(*sql.rows(_STATE)[0])
