"""Taking records out in a sheet: masked, or whole for a purpose; many at once only with a second person."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from yizhi import sql
from yizhi.cases.city import current, profile
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, NeedsSecondPerson, NotFound
from yizhi.registry import queries, rules
from yizhi.registry.actions.looking import expect_purpose, trace
from yizhi.registry.queries import Record, Taking

_PIECE = 1_000
#: So long an agreement holds, and so long what one person took counts together.
_DAY = timedelta(days=1)

_ASK = """
INSERT INTO registry_taking (key, register, area, purpose, account, unit, at, rows, granted)
VALUES (%(key)s, %(register)s, %(area)s, %(purpose)s, %(account)s, %(unit)s, %(at)s, %(rows)s, %(granted)s)
ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id
"""


class NothingThere(BadFact):
    message = N_("Nothing is recorded there.")


def take_out(register: str, area: str, purpose: str, *, by: Actor, at: datetime, key: str) -> int:
    """Ask for a sheet; few records may be fetched at once. Sent twice it is one. Raises `NotFound`, `MissingFact`,
    `NothingThere`."""
    post = rules.post_for(by, area)
    if register not in profile().records.registers or post is None or area not in current().town.area_names:
        raise NotFound
    if purpose:
        expect_purpose(purpose)
    rows = queries.count(register, area)
    if not rows:
        raise NothingThere(fact="area")
    few = rows <= _left(by, at)
    row = sql.row(
        _ASK,
        key=f"{by.account}:{key}",
        register=register,
        area=area,
        purpose=purpose,
        account=by.account,
        unit=post.unit,
        at=at,
        rows=rows,
        granted=at if few else None,
    )
    assert row is not None  # an insert returns its row
    return int(row[0])


_BEFORE = "SELECT coalesce(sum(rows), 0) FROM registry_taking WHERE account = %(account)s AND taken > %(since)s"


def _left(by: Actor, at: datetime) -> int:
    """How many somebody may still take alone: the small sheets of a day count as the large one that they are."""
    row = sql.row(_BEFORE, account=by.account, since=at - _DAY)
    return profile().records.mass_export - int(row[0] if row else 0)


_GRANT = "UPDATE registry_taking SET granted = %(at)s, granted_by = %(by)s WHERE id = %(id)s AND granted IS NULL"


def grant(number: int, *, by: Actor, at: datetime) -> None:
    """A second person agrees. Raises `NotFound`, `NeedsSecondPerson`."""
    asked = queries.taking(by, number)
    if asked.account == by.account:
        raise NeedsSecondPerson(move=N_("Take records out"))
    sql.run(_GRANT, id=number, by=by.account, at=at)


class NotAnyMore(BadFact):
    message = N_("This sheet was fetched already, or agreed to more than a day ago. Please ask for it anew.")


_LOCK = "SELECT id FROM people_account WHERE id = %(account)s FOR NO KEY UPDATE"
_TAKEN = "UPDATE registry_taking SET taken = %(at)s, rows = %(rows)s WHERE id = %(id)s"
_MORE = "UPDATE registry_taking SET granted = NULL, granted_by = NULL, rows = %(rows)s WHERE id = %(id)s"


def fetch(number: int, *, by: Actor, at: datetime) -> tuple[Taking, Iterator[Record]]:
    """The records, once, for who asked; of a whole sheet each leaves its trace before it is given out. Raises
    `NotFound`, `NotAnyMore`, `NeedsSecondPerson`."""
    with transaction.atomic():
        sql.run(_LOCK, account=by.account)  # one sheet of theirs after another: each counts towards the next
        asked = queries.taking(by, number)
        if asked.account != by.account:
            raise NotFound
        if asked.taken or (asked.granted and asked.granted <= at - _DAY):
            raise NotAnyMore
        rows = queries.count(asked.register, asked.area)
        ready = asked.granted is not None and rows <= _agreed(asked, by, at)
        sql.run(_TAKEN if ready else _MORE, id=number, rows=rows, at=at)
    if not ready:
        raise NeedsSecondPerson(move=N_("Take records out"))
    return asked, _traced(asked, by=by, at=at)


def _agreed(asked: Taking, by: Actor, at: datetime) -> int:
    """So many may leave: as many as somebody may take alone, and those that a second person has agreed to."""
    return asked.rows + profile().records.mass_export if asked.granted_by else _left(by, at)


def _traced(asked: Taking, *, by: Actor, at: datetime) -> Iterator[Record]:
    found = queries.under(by, asked.register, asked.area)
    while piece := list(islice(found, _PIECE)):
        if asked.purpose:
            trace(piece, None, "sheet", asked.purpose, by=by, at=at)
        yield from piece
