"""What the hotline's page asks: calls that are not finished, the caller's open matters, what was answered before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from yizhi import sql
from yizhi.cases import queries as cases
from yizhi.cases.keys import sealer
from yizhi.cases.queries import Filter, Row
from yizhi.cases.words import dialled, grams
from yizhi.core.actor import Actor, Post
from yizhi.core.case import ENDS
from yizhi.core.errors import N_, NotAllowed, NotFound
from yizhi.hotline.rules import Typed

LABEL = "call"
_GIST = 40
#: Of somebody's matters so many are shown, of former answers so many.
_MATTERS, _ANSWERS = 12, 3
#: Shorter words find everything.
_SHORTEST = 4


def post_of(who: Actor) -> Post:
    """The post in which somebody answers the hotline. Raises `NotAllowed`."""
    found = next((post for post in who.posts if "hotline" in post.acts), None)
    if found is None:
        raise NotAllowed(move=N_("Hotline"), who="desk")
    return found


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A call that has become nothing yet. `by` is who wrote last, "" for oneself."""

    id: UUID
    gist: str
    changed: datetime
    by: str


_UNFINISHED = """
SELECT c.id, c.sealed, c.cipher, c.changed, c.account, a.title FROM hotline_call AS c
JOIN people_account AS a ON a.id = c.account
WHERE c.unit = %(unit)s AND c.finished IS NULL ORDER BY c.changed DESC LIMIT 20
"""


def unfinished(who: Actor) -> list[Unfinished]:
    """One's own and those of whoever answers calls in the same unit: nobody's call is lost with them."""
    rows = sql.rows(_UNFINISHED, unit=post_of(who).unit)
    return [
        Unfinished(number, _opened(sealed, cipher).text[:_GIST], changed, "" if account == who.account else title)
        for number, sealed, cipher, changed, account, title in rows
    ]


_CALL = "SELECT sealed, cipher, finished FROM hotline_call WHERE id = %(id)s AND unit = %(unit)s"


def call(who: Actor, number: UUID) -> Typed | None:
    """What stands in a call; None when it has become something. `NotFound` for one of another unit, or none."""
    row = sql.row(_CALL, id=number, unit=post_of(who).unit)
    if row is None:
        raise NotFound
    return None if row[2] else _opened(row[0], row[1])


def _opened(sealed: bytes, cipher: bytes) -> Typed:
    key = sealer().open_key(bytes(sealed))
    return msgspec.json.decode(sealer().open(key, bytes(cipher), LABEL), type=Typed)


def open_matters(who: Actor, phone: str, *, at: datetime) -> list[Row]:
    """What is open of the matters with this telephone, as far as `who` may see them: matters, nothing of a person."""
    number = dialled(phone)
    if not number.isdecimal() or len(number) < 5:
        return []
    found = cases.inbox(who, Filter(text=number), at=at).rows
    return [row for row in found if row.stage not in ENDS and row.number != number][:_MATTERS]


@dataclass(frozen=True, slots=True)
class Answered:
    question: str
    answer: str
    sent_to: str
    office: str
    at: datetime


_LIKE = """
SELECT question, answer, sent_to, office, at FROM (
    SELECT s.*, cardinality(ARRAY(SELECT unnest(grams) INTERSECT SELECT unnest(%(grams)s::text[]))) AS same
    FROM hotline_settled AS s WHERE grams && %(grams)s::text[]
) AS f WHERE same * 2 >= cardinality(%(grams)s::text[]) ORDER BY same DESC, at DESC LIMIT %(most)s
"""


def answered_like(text: str) -> list[Answered]:
    """What was answered to questions that share at least half of their pairs of characters with this one."""
    pairs = grams(text)
    if len(pairs) < _SHORTEST:
        return []
    return [Answered(*row) for row in sql.rows(_LIKE, grams=pairs, most=_ANSWERS)]
