"""What somebody was told, and how they want to be told. The first argument is who asks: everybody asks for oneself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.notices import sealed
from yizhi.notices.rules import Wish

_SHOWN = 100
#: So many unread ones are shown.
MOST_UNREAD = 300
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
    new = sql.rows(_LIST_UNREAD, account=who.account, limit=MOST_UNREAD) if not skip else []
    old = sql.rows(_LIST_READ, account=who.account, skip=skip, limit=_SHOWN + 1)
    older = skip + _SHOWN if len(old) > _SHOWN else None
    return Notices([Notice(*one) for one in new], [Notice(*one) for one in old[:_SHOWN]], older)


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody is reached. `asked`: an address that waits to be confirmed; `phone` is masked, and waits for its
    code while `phone_asked` is set."""

    email: str
    asked: str
    trouble: str
    phone: str
    phone_asked: datetime | None
    phone_trouble: str
    sms: bool
    wish: Wish


_WAY = """
SELECT account.email, coalesce(w.asked, ''), coalesce(w.trouble, ''), coalesce(r.shown, ''),
       CASE WHEN r.confirmed IS NULL THEN r.asked END, coalesce(r.trouble, ''), coalesce(r.wanted, true),
       coalesce(w.mail, true), w.quiet_from, w.quiet_to, coalesce(w.days_off, false), w.daily
FROM people_account AS account LEFT JOIN notices_wish AS w ON w.account_id = account.id
LEFT JOIN notices_reach AS r ON r.account_id = account.id AND r.channel = 'sms'
WHERE account.id = %(account)s
"""


def way(who: Actor) -> Way:
    row = sql.rows(_WAY, account=who.account)[0]
    email, asked, trouble, phone, phone_asked, phone_trouble, sms, *wish = row
    return Way(email, asked, trouble, phone, phone_asked, phone_trouble, sms, Wish(*wish))


@dataclass(frozen=True, slots=True)
class Digest:
    """What a message says: how many matters, how many of them late, when the first is due. Nothing else. And where it
    goes: an address for mail, a sealed number."""

    email: str
    language: str
    active: bool
    mail: bool
    key: bytes | None
    cipher: bytes | None
    reached: bool
    matters: int
    late: int
    first: datetime | None

    def address(self, channel: str) -> str:
        """Nothing when they do not want to be told that way, or no longer."""
        if not self.active:
            return ""
        if channel == "mail":
            return self.email if self.mail else ""
        return self.number() if self.reached else ""

    def number(self) -> str:
        return sealed.opened(self.key, self.cipher, "phone") if self.key and self.cipher else ""


_DIGESTS = """
SELECT x.place, account.email, account.language, account.is_active, coalesce(w.mail, true), r.key, r.cipher,
       coalesce(r.wanted AND r.confirmed IS NOT NULL, false), n.matters, n.late, n.first
FROM jsonb_to_recordset(%(asked)s) AS x(place int, account bigint, notices bigint[])
JOIN people_account AS account ON account.id = x.account
LEFT JOIN notices_wish AS w ON w.account_id = account.id
LEFT JOIN notices_reach AS r ON r.account_id = account.id AND r.channel = %(channel)s
CROSS JOIN LATERAL (
    SELECT count(DISTINCT number), count(DISTINCT number) FILTER (WHERE due <= %(at)s),
           min(due) FILTER (WHERE due > %(at)s)
    FROM notices_notice WHERE id = ANY(x.notices) AND account_id = x.account AND read IS NULL
) AS n(matters, late, first)
"""


def digests(channel: str, asked: Sequence[Mapping[str, object]], at: datetime) -> dict[int, Digest]:
    """For messages to accounts about notices (`place`, `account`, `notices`), as far as these are still unread; by
    place. For the worker."""
    if not asked:
        return {}
    rows = sql.rows(_DIGESTS, channel=channel, asked=msgspec.json.encode(asked).decode(), at=at)
    return {place: Digest(*rest) for place, *rest in rows}


@dataclass(frozen=True, slots=True)
class Asker:
    """A reporter who asked to be told by short message."""

    key: bytes
    cipher: bytes
    language: str

    def phone(self) -> str:
        return sealed.opened(self.key, self.cipher, "phone")


_ASKERS = "SELECT id, key, phone, language FROM notices_asker WHERE id = ANY(%(askers)s)"


def askers(askers: Sequence[int]) -> dict[int, Asker]:
    """For the worker."""
    rows = sql.rows(_ASKERS, askers=list(askers)) if askers else []
    return {number: Asker(*rest) for number, *rest in rows}


_IS_TOLD = "SELECT EXISTS (SELECT FROM notices_asker WHERE number = %(number)s)"


def is_told_by_sms(number: str) -> bool:
    """For the reporter's own page."""
    found = sql.row(_IS_TOLD, number=number)
    return bool(found and found[0])


@dataclass(frozen=True, slots=True)
class Sender:
    """How a sender does: `delay` in milliseconds, of late."""

    channel: str
    name: str
    out: bool
    changed: datetime | None
    delay: int | None
    trouble: str
    seen: datetime


_SENDERS = "SELECT channel, name, out, changed, delay, trouble, seen FROM notices_sender WHERE channel = %(channel)s"


def senders(channel: str) -> dict[str, Sender]:
    return {row[1]: Sender(*row) for row in sql.rows(_SENDERS, channel=channel)}


@dataclass(frozen=True, slots=True)
class Delivered:
    """A day's messages by one sender."""

    day: date
    channel: str
    sender: str
    sent: int
    prompt: int
    failed: int
    given_up: int
    millis: int
    delivered: int
    lost: int
    underway: int

    @property
    def share(self) -> float | None:
        """Of those that went out, how many did within ten seconds."""
        return self.prompt / self.sent if self.sent else None

    @property
    def mean(self) -> float | None:
        """Seconds that the sender took for one."""
        return self.millis / self.sent / 1000 if self.sent else None

    @property
    def reached(self) -> float | None:
        """Of those that went out, how many reached a telephone as far as the vendor has reported; None without any
        report."""
        return self.delivered / self.sent if self.sent and self.delivered + self.lost else None

    @property
    def under_way(self) -> float | None:
        """Seconds from the sender's yes to the telephone, in the mean."""
        return self.underway / self.delivered / 1000 if self.delivered else None


_DELIVERED = """
SELECT day, channel, sender, sent, prompt, failed, given_up, millis, delivered, lost, underway
FROM notices_delivery
WHERE day > %(day)s ORDER BY day DESC, channel, sender
"""


def delivered(days: int, at: datetime) -> list[Delivered]:
    return [Delivered(*row) for row in sql.rows(_DELIVERED, day=localdate(at) - timedelta(days=days))]


_WAITING = """
SELECT subscriber, count(*), min(since), count(*) FILTER (WHERE trouble <> '') FROM notices_outbox
WHERE subscriber = ANY(%(channels)s) AND not_before <= %(soon)s GROUP BY subscriber ORDER BY subscriber
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a channel lies in the outbox and is due: how many, since when, how many of them failed before."""

    channel: str
    count: int
    since: datetime
    failed: int


def waiting(channels: Sequence[str], at: datetime) -> list[Waiting]:
    return [Waiting(*row) for row in sql.rows(_WAITING, channels=list(channels), soon=at + timedelta(hours=1))]


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
