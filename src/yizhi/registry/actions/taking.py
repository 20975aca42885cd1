"""Taking records out in a sheet: masked, or whole for a purpose; many at once only with a second person."""

from collections.abc import Iterator
from datetime import datetime
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
    few = rows <= profile().records.mass_export
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


_GRANT = "UPDATE registry_taking SET granted = %(at)s, granted_by = %(by)s WHERE id = %(id)s AND granted IS NULL"


def grant(number: int, *, by: Actor, at: datetime) -> None:
    """A second person agrees. Raises `NotFound`, `NeedsSecondPerson`."""
    asked = queries.taking(by, number)
    if asked.account == by.account:
        raise NeedsSecondPerson(move=N_("Take records out"))
    sql.run(_GRANT, id=number, by=by.account, at=at)


_TAKEN = "UPDATE registry_taking SET taken = %(at)s WHERE id = %(id)s"


def fetch(number: int, *, by: Actor, at: datetime) -> tuple[Taking, Iterator[Record]]:
    """The records, for who asked; of a whole sheet each leaves its trace before anything is given out. Raises
    `NotFound`, `NeedsSecondPerson`."""
    asked = queries.taking(by, number)
    if asked.account != by.account:
        raise NotFound
    if asked.granted is None:
        raise NeedsSecondPerson(move=N_("Take records out"))
    if asked.purpose:
        with transaction.atomic():
            found = queries.under(by, asked.register, asked.area)
            while piece := list(islice(found, _PIECE)):
                trace(piece, None, "sheet", asked.purpose, by=by, at=at)
    sql.run(_TAKEN, id=number, at=at)
    return asked, queries.under(by, asked.register, asked.area)
