"""What is asked about departments' systems and about links."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from django.core import signing

from yizhi import sql
from yizhi.cases import queries as cases
from yizhi.cases.queries import Whole
from yizhi.connect.rules import Link, Terms, office
from yizhi.core.errors import NotFound

# -- connections --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connection:
    """`waiting` events, of which the oldest has waited since `oldest`; `refused` are those that were turned away."""

    id: int
    unit: str
    name: str
    terms: Terms
    since: datetime | None
    trouble: str
    failures: int
    last_sent: datetime | None
    waiting: int
    oldest: datetime | None
    refused: int

    def is_on(self, day: date) -> bool:
        return self.since is not None and self.terms.expires is not None and self.terms.expires >= day


_CONNECTIONS = """
SELECT n.id, n.unit, n.name, n.purpose, n.contract, n.expires, n.fields, n.url, n.words, n.since, n.trouble, n.failures,
    n.last_sent, w.waiting, w.oldest, w.refused
FROM connect_connection AS n CROSS JOIN LATERAL (
    SELECT count(*) AS waiting, min(d.made) AS oldest, count(*) FILTER (WHERE d.status BETWEEN 300 AND 499) AS refused
    FROM connect_delivery AS d WHERE d.connection_id = n.id AND d.sent IS NULL AND d.dropped IS NULL) AS w
WHERE %(connection)s::bigint IS NULL OR n.id = %(connection)s
ORDER BY n.unit, n.id
"""


def connections() -> list[Connection]:
    """All of them; the back office alone asks."""
    return [_connection(row) for row in sql.rows(_CONNECTIONS, connection=None)]


def connection(number: int) -> Connection:
    """Raises `NotFound`."""
    row = sql.row(_CONNECTIONS, connection=number)
    if row is None:
        raise NotFound
    return _connection(row)


def _connection(row: tuple[Any, ...]) -> Connection:
    number, unit, name, purpose, contract, expires, fields, url, words, *rest = row
    return Connection(number, unit, name, Terms(purpose, contract, expires, tuple(fields), url, _read(words)), *rest)


def _read(words: str | dict[str, str]) -> dict[str, str]:
    return msgspec.json.decode(words, type=dict[str, str]) if isinstance(words, str) else words


State = Literal["", "waiting", "refused", "sent", "dropped"]


@dataclass(frozen=True, slots=True)
class Delivery:
    id: int
    number: str
    seq: int
    move: str
    gone: bool
    made: datetime
    not_before: datetime
    tries: int
    status: int | None
    trouble: str
    sent: datetime | None
    dropped: datetime | None

    @property
    def state(self) -> State:
        if self.dropped:
            return "dropped"
        if self.sent:
            return "sent"
        return "refused" if self.status and 300 <= self.status < 500 else "waiting"


_STATES: dict[State, str] = {
    "": "true",
    "waiting": "d.sent IS NULL AND d.dropped IS NULL",
    "refused": "d.sent IS NULL AND d.dropped IS NULL AND d.status BETWEEN 300 AND 499",
    "sent": "d.sent IS NOT NULL AND d.dropped IS NULL",
    "dropped": "d.dropped IS NOT NULL",
}
_DELIVERIES = """
SELECT d.id, c.number, d.seq, e.move, d.gone, d.made, d.not_before, d.tries, d.status, d.trouble, d.sent, d.dropped
FROM connect_delivery AS d JOIN cases_case AS c ON c.id = d.case_id
JOIN cases_event AS e ON e.case_id = d.case_id AND e.seq = d.seq
WHERE d.connection_id = %(connection)s AND d.id < %(before)s AND {state} ORDER BY d.id DESC LIMIT %(limit)s
"""
PAGE = 50
#: Before this: all of them.
NEWEST = 2**62


def deliveries(connection: int, state: State = "", before: int = NEWEST) -> list[Delivery]:
    """The newest first: codes and numbers, nothing of what a case is about."""
    found = sql.rows(_DELIVERIES.format(state=_STATES[state]), connection=connection, before=before, limit=PAGE)
    return [Delivery(*row) for row in found]


_DUE = """
SELECT n.id FROM connect_connection AS n
WHERE n.since IS NOT NULL AND n.url <> '' AND n.expires >= %(day)s
  AND coalesce(n.not_before, %(at)s) <= %(at)s AND coalesce(n.lease, %(at)s) <= %(at)s
  AND EXISTS (SELECT FROM connect_delivery AS d WHERE d.connection_id = n.id AND d.sent IS NULL AND d.dropped IS NULL
              AND d.not_before <= %(at)s)
ORDER BY n.last_sent NULLS FIRST, n.id
"""


def due(at: datetime, day: date) -> list[int]:
    """The connections to which something may be sent now."""
    return [number for (number,) in sql.rows(_DUE, at=at, day=day)]


_WORDS = """
SELECT words FROM connect_connection
WHERE unit = ANY(%(units)s) AND since IS NOT NULL AND expires >= %(day)s AND words <> '{}' ORDER BY id
"""


def agreed_words(units: Collection[str], day: date) -> dict[str, str]:
    """The status words that systems of these units may use today."""
    found: dict[str, str] = {}
    for (words,) in sql.rows(_WORDS, units=sorted(units), day=day):
        found |= _read(words)
    return found


# -- links --------------------------------------------------------------------------------------------------------

_signer = signing.Signer(salt="yizhi.connect.office", sep=".")

_LINK = """
SELECT l.id, c.number, l.unit, l.made, l.expires, l.opened, l.ended
FROM connect_officelink AS l JOIN cases_case AS c ON c.id = l.case_id
"""
_ONE_LINK = _LINK + "WHERE l.id = %(link)s"
_LINKS = _LINK + "WHERE c.number = %(number)s ORDER BY l.id DESC"


def token(link: int) -> str:
    """What stands in the address: the link's number, signed."""
    return _signer.sign(str(link))


def link(token: str) -> Link:
    """The link that we signed, good or not. Raises `NotFound`."""
    try:
        number = int(_signer.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    row = sql.row(_ONE_LINK, link=number)
    if row is None:
        raise NotFound
    return Link(*row)


def links(number: str) -> list[Link]:
    """The links of a case, newest first, for who may see it."""
    return [Link(*row) for row in sql.rows(_LINKS, number=number)]


def work(link: Link, at: datetime) -> Whole | None:
    """What a link opens; None when it has ended or the work lies elsewhere by now."""
    if not link.is_good(at):
        return None
    try:
        whole = cases.case(office(link.unit), link.number)
    except NotFound:
        return None
    return whole if whole.state.lead == link.unit else None
