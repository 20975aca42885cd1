"""What a phone that joined may know: its own. What an office may know: bodies, and two figures of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.conf import settings
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases import queries as cases
from yizhi.cases.keys import sealer
from yizhi.cases.queries import Whole
from yizhi.cases.words import tracking_code, tracking_hash
from yizhi.core.actor import Actor, Post
from yizhi.core.errors import N_, NotAllowed, NotFound
from yizhi.core.town import rank
from yizhi.couriers import rules

LABEL = "sent"
#: Of its own reports a phone is shown so many, the newest.
_MOST_SENT = 50
#: What a body can be given a code for.
_RANKS = ("district", "street", "community")


@dataclass(frozen=True, slots=True)
class Joining:
    """What a joining code leads to, and the office that handed it out."""

    id: int
    name: str
    area: str
    unit: str
    until: date


_CODE = """
SELECT id, name, area, unit, until FROM couriers_body
WHERE code = %(code)s AND closed IS NULL AND until >= %(today)s
"""


def joining(code: str, at: datetime) -> Joining:
    """Raises `CodeOver`."""
    row = sql.row(_CODE, code=tracking_hash(code), today=localdate(at))
    if row is None:
        raise rules.CodeOver
    return Joining(*row)


_PASS = """
SELECT b.id, b.name, b.area, b.unit, b.until FROM couriers_pass AS p JOIN couriers_body AS b ON b.id = p.body_id
WHERE p.token = %(token)s AND b.closed IS NULL AND b.until >= %(today)s
"""


def reporter(token: str, at: datetime) -> Joining | None:
    """The body through which a phone joined; None when it has not, or the code was closed or has run out."""
    row = sql.row(_PASS, token=rules.pass_hash(token), today=localdate(at)) if token else None
    return Joining(*row) if row else None


class Kept(msgspec.Struct, frozen=True):
    """What a phone may look up again: number, and the code of the matter's page."""

    number: str
    code: str
    at: datetime


_SENT = "SELECT cipher FROM couriers_sent WHERE holder = %(holder)s ORDER BY id DESC LIMIT %(most)s"
_ANY_SENT = "SELECT count(*) FROM couriers_sent WHERE holder = %(holder)s"


def sent(token: str) -> list[tuple[Kept, Whole]]:
    """What a phone sent, the newest first, with how each stands: nobody else's, also after the code was closed."""
    found = []
    for (cipher,) in sql.rows(_SENT, holder=rules.holder_hash(token), most=_MOST_SENT) if token else ():
        text = sealer().open(rules.seal_key(token), bytes(cipher), LABEL)
        kept = msgspec.json.decode(text, type=Kept)
        found.append((kept, cases.tracked(kept.code)))
    return found


def how_many_sent(token: str) -> int:
    row = sql.row(_ANY_SENT, holder=rules.holder_hash(token)) if token else None
    return int(row[0]) if row else 0


# -- the office ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Body:
    """`matters` is None while so few have joined that it would be one person's figure."""

    id: int
    name: str
    sort: str
    area: str
    unit: str
    until: date
    most: int
    joined: int
    matters: int | None
    closed: datetime | None
    code: str
    over: bool


_BODIES = """
SELECT id, name, sort, area, unit, until, most, joined, matters, closed, seed FROM couriers_body
"""


def posts(who: Actor) -> list[Post]:
    """The posts in which somebody hands out codes. Raises `NotAllowed` for whoever has none."""
    found = [post for post in who.posts if rules.POWER in post.acts]
    if not found:
        raise NotAllowed(move=N_("Special reporters"), who="desk")
    return found


def bodies(who: Actor, at: datetime) -> list[Body]:
    """Those of one's areas: the open ones first, each by name, never by how many matters came in."""
    mine, today = posts(who), localdate(at)
    rows = sql.rows(f"{_BODIES} ORDER BY closed IS NOT NULL OR until < %(today)s, name, id", today=today)
    return [_body(row, today) for row in rows if _theirs(mine, row[3])]


def body(who: Actor, number: int, at: datetime) -> Body:
    """`NotFound` for one that is not of one's areas."""
    mine, row = posts(who), sql.row(f"{_BODIES} WHERE id = %(id)s", id=number)
    if row is None or not _theirs(mine, row[3]):
        raise NotFound
    return _body(row, localdate(at))


def _theirs(mine: list[Post], area: str) -> bool:
    return any(post.scope.holds(area) for post in mine)


def _body(row: tuple[Any, ...], today: date) -> Body:
    number, name, sort, area, unit, until, most, joined, matters, closed, seed = row
    return Body(
        id=number,
        name=name,
        sort=sort,
        area=area,
        unit=unit,
        until=until,
        most=most,
        joined=joined,
        matters=rules.shown_matters(joined, matters),
        closed=closed,
        code=code_of(seed),
        over=closed is not None or until < today,
    )


def code_of(seed: str) -> str:
    """The joining code: only its hash is kept, and it is made anew whenever the sheet is printed."""
    return tracking_code(settings.SECRET_KEY, "body", seed)


def areas(who: Actor, names: Mapping[str, str]) -> list[str]:
    """What somebody may hand out a code for: the city's, streets and communities of their scope."""
    mine = posts(who)
    return [code for code in sorted(names) if rank(code) in _RANKS and _theirs(mine, code)]
