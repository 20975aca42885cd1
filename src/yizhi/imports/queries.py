"""What the page of imports asks."""

from dataclasses import dataclass
from datetime import datetime

from yizhi import sql
from yizhi.cases.city import current
from yizhi.core.actor import Actor, Post
from yizhi.core.errors import N_, NotAllowed, NotFound
from yizhi.imports.rules import SORTS, Sort

_MOST = 30
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Batch:
    id: int
    sort: str
    name: str
    status: str
    unit: str
    account: int
    by: str
    at: datetime
    rows: int
    progress: int
    trouble: str
    asked_by: int | None
    asker: str
    reason: str
    stayed: int


_BATCH = """
SELECT b.id, b.sort, b.name, b.status, b.unit, b.account, a.title, b.at, b.rows, b.progress, b.trouble, b.asked_by,
    coalesce(w.title, ''), b.reason, b.stayed
FROM imports_batch AS b JOIN people_account AS a ON a.id = b.account
LEFT JOIN people_account AS w ON w.id = b.asked_by WHERE
"""


def sorts(who: Actor) -> list[Sort]:
    """What somebody may take in. Raises `NotAllowed` for nothing."""
    found = [sort for sort in SORTS.values() if any(sort.act in post.acts for post in who.posts)]
    if not found:
        raise NotAllowed(move=N_("Import"), who="desk")
    return found


def post_for(who: Actor, act: str) -> Post:
    """Raises `NotAllowed` when no post has the power."""
    found = next((post for post in who.posts if act in post.acts), None)
    if found is None:
        raise NotAllowed(move=N_("Import"), who="desk")
    return found


def batches(who: Actor) -> list[Batch]:
    """The last ones of one's own units."""
    known = [sort.code for sort in sorts(who)]
    statement = f"{_BATCH} b.unit = ANY(%(units)s) AND b.sort = ANY(%(sorts)s) ORDER BY b.id DESC LIMIT %(most)s"
    rows = sql.rows(statement, units=_units(who), sorts=known, most=_MOST)
    return [Batch(*row) for row in rows]


def batch(who: Actor, number: int) -> Batch:
    """`NotFound` for one of another unit, or of a sort that is not one's own."""
    known = {sort.code for sort in sorts(who)}
    row = sql.row(f"{_BATCH} b.id = %(id)s AND b.unit = ANY(%(units)s)", id=number, units=_units(who))
    if row is None or row[1] not in known:
        raise NotFound
    return Batch(*row)


def _units(who: Actor) -> list[str]:
    """One's own, and those below: the desk above may confirm what a small desk cannot with two persons."""
    town = current().town
    return [code for code in town.units if code in who.units or any(town.is_above(mine, code) for mine in who.units)]


_TAKEN = """
SELECT c.number, r.number FROM imports_taken AS t JOIN cases_case AS c ON c.id = t.case_id
JOIN cases_reference AS r ON r.case_id = c.id WHERE t.batch_id = %(batch)s ORDER BY t.line LIMIT %(most)s
"""


def taken(batch: int) -> list[tuple[str, str]]:
    """The first matters of a batch: number here, number there."""
    return [(here, there) for here, there in sql.rows(_TAKEN, batch=batch, most=_SHOWN)]
