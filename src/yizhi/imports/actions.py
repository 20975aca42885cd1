"""A sheet is looked at, taken in whole or not at all, and taken back by two persons."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from yizhi import sql
from yizhi.cases import actions as cases
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.core.actor import Actor
from yizhi.core.case import OPEN
from yizhi.core.errors import N_, MissingFact, NeedsSecondPerson, Refusal
from yizhi.doors.answers import answer_for
from yizhi.imports import queries
from yizhi.imports.rows import Look, Reader
from yizhi.imports.rules import SORTS
from yizhi.people.queries import actor_of

_LABEL = "rows"
#: Longer than any sheet takes: a worker that died does not block for good.
_LEASE = timedelta(minutes=10)
_EVERY = 20

_KEEP = """
INSERT INTO imports_batch (sort, name, status, unit, account, at, rows, sealed, cipher)
VALUES (%(sort)s, %(name)s, 'checked', %(unit)s, %(account)s, %(at)s, %(rows)s, %(sealed)s, %(cipher)s) RETURNING id
"""


def look(content: bytes, sort: str, name: str, *, by: Actor, at: datetime) -> tuple[Look, int | None]:
    """What a sheet holds; without a fault it is kept to be taken in, and its number comes along."""
    wanted = SORTS[sort]
    post = queries.post_for(by, wanted.act)
    found = Reader(wanted, by, current(), at).check(content)
    if found.faults:
        return found, None
    key, sealed = sealer().new_key()
    cipher = sealer().seal(key, msgspec.json.encode(found.lines).decode(), _LABEL)
    row = sql.row(
        _KEEP,
        sort=sort,
        name=name[:100],
        unit=post.unit,
        account=by.account,
        at=at,
        rows=len(found.lines),
        sealed=sealed,
        cipher=cipher,
    )
    assert row is not None  # an insert returns its row
    return found, int(row[0])


_STEP = "UPDATE imports_batch SET status = %(to)s, progress = 0 WHERE id = %(id)s AND status = %(since)s"
_DROP = """
UPDATE imports_batch SET status = 'dropped', sealed = NULL, cipher = NULL WHERE id = %(id)s AND status = 'checked'
"""


def start(number: int, *, by: Actor) -> None:
    """Let the worker take it in. Done twice is done once."""
    queries.batch(by, number)
    sql.run(_STEP, id=number, since="checked", to="waiting")


def drop(number: int, *, by: Actor) -> None:
    """It is not wanted after all: its rows are gone."""
    queries.batch(by, number)
    sql.run(_DROP, id=number)


_ASK = """
UPDATE imports_batch SET status = 'asked', asked_by = %(account)s, reason = %(reason)s
WHERE id = %(id)s AND status = 'done'
"""
_CONFIRM = """
UPDATE imports_batch SET status = 'undoing', confirmed_by = %(account)s, progress = 0, trouble = ''
WHERE id = %(id)s AND status = 'asked'
"""


@transaction.atomic
def undo(number: int, reason: str, *, by: Actor) -> None:
    """The first person asks for it with a reason, a second one confirms; later than that it changes nothing.
    Raises `MissingFact`, `NeedsSecondPerson`, `NotAllowed`."""
    batch = queries.batch(by, number)
    queries.post_for(by, "void")
    if batch.status == "done":
        if not reason.strip():
            raise MissingFact(fact="reason", label=N_("Reason"))
        sql.run(_ASK, id=number, account=by.account, reason=reason.strip()[:500])
    elif batch.status == "asked":
        if batch.asked_by == by.account:
            raise NeedsSecondPerson(move=N_("Undo an import"))
        sql.run(_CONFIRM, id=number, account=by.account)


_TAKE = """
UPDATE imports_batch SET lease = %(until)s, status = CASE status WHEN 'waiting' THEN 'running' ELSE status END
WHERE id = (
    SELECT id FROM imports_batch WHERE status IN ('waiting', 'running', 'undoing')
    AND (lease IS NULL OR lease < %(at)s) ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1
) RETURNING id, sort, status, account, asked_by, confirmed_by, reason, sealed, cipher
"""
_DONE = """
UPDATE imports_batch SET status = %(to)s, lease = NULL, progress = rows, stayed = %(stayed)s,
    sealed = NULL, cipher = NULL
WHERE id = %(id)s
"""
_FAILED = """
UPDATE imports_batch SET status = %(to)s, lease = NULL, progress = 0, trouble = %(trouble)s,
    asked_by = CASE WHEN %(to)s = 'done' THEN NULL ELSE asked_by END,
    sealed = CASE WHEN %(to)s = 'failed' THEN NULL ELSE sealed END,
    cipher = CASE WHEN %(to)s = 'failed' THEN NULL ELSE cipher END
WHERE id = %(id)s
"""
_PROGRESS = "UPDATE imports_batch SET progress = %(progress)s WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class _Job:
    id: int
    sort: str
    status: str
    account: int
    asked_by: int | None
    confirmed_by: int | None
    reason: str
    sealed: bytes | None
    cipher: bytes | None


class NoPost(Refusal):
    """Whoever asked for it serves nowhere any more."""

    message = N_("Whoever asked for it serves nowhere any more.")


class _AtLine(Exception):
    """A row that was refused while it was taken in; all of it is undone."""

    def __init__(self, line: int, refusal: Refusal) -> None:
        self.line, self.refusal = line, refusal


def work(at: datetime) -> int:
    """Take in, or take back, one sheet that waits; how many rows it had."""
    row = sql.row(_TAKE, at=at, until=at + _LEASE)
    if row is None:
        return 0
    job = _Job(*row)
    undoing = job.status == "undoing"
    try:
        with transaction.atomic(), _told(job.id) as tell:
            done, stayed = (_take_back if undoing else _take_in)(job, at, tell)
            sql.run(_DONE, id=job.id, to="undone" if undoing else "done", stayed=stayed)
        return done
    except _AtLine as failed:
        trouble = f"{failed.line}: {answer_for(failed.refusal).sentence}"
    except Refusal as refusal:
        trouble = answer_for(refusal).sentence
    sql.run(_FAILED, id=job.id, to="done" if undoing else "failed", trouble=trouble)
    return 1


@contextmanager
def _told(batch: int) -> Iterator[Any]:
    """Tells how far it is, before anybody sees what the batch writes."""
    with sql.beside() as run:

        def tell(progress: int) -> None:
            if progress % _EVERY == 0:
                run(_PROGRESS, id=batch, progress=progress)

        yield tell


_TAKEN = "INSERT INTO imports_taken (case_id, batch_id, line) VALUES (%(case)s, %(batch)s, %(line)s)"


def _take_in(job: _Job, at: datetime, tell: Any) -> tuple[int, int]:
    """Every row by the same action as at every door."""
    key = sealer().open_key(bytes(job.sealed or b""))
    rows = msgspec.json.decode(
        sealer().open(key, bytes(job.cipher or b""), _LABEL), type=list[tuple[int, dict[str, str]]]
    )
    reader = Reader(SORTS[job.sort], _actor(job.account, at), current(), at)
    for done, (line, row) in enumerate(rows, start=1):
        try:
            receipt = cases.report(reader.report(row), by=reader.by, at=at)
        except Refusal as refusal:
            raise _AtLine(line, refusal) from refusal
        sql.run(_TAKEN, case=receipt.case_id, batch=job.id, line=line)
        tell(done)
    return len(rows), 0


_CASES = """
SELECT t.case_id, c.stage FROM imports_taken AS t JOIN cases_case AS c ON c.id = t.case_id
WHERE t.batch_id = %(batch)s ORDER BY t.case_id
"""


def _take_back(job: _Job, at: datetime, tell: Any) -> tuple[int, int]:
    """What is open yet is voided, asked for by the one and confirmed by the other."""
    first, second = (replace(_actor(account, at), door="desk") for account in (job.asked_by, job.confirmed_by))
    found, stayed = sql.rows(_CASES, batch=job.id), 0
    for done, (case_id, stage) in enumerate(found, start=1):
        if stage in OPEN:
            for person in (first, second):
                cases.move(case_id, "void", {"note": job.reason}, by=person, at=at)
        else:
            stayed += 1
        tell(done)
    return len(found), stayed


def _actor(account: int | None, at: datetime) -> Actor:
    found = actor_of(account or 0, at)
    if found is None:
        raise NoPost
    return found
