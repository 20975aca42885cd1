"""A sheet of records is looked at, taken in whole or not at all, and taken back by two persons; all of it by the
worker, who says how far it is."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, MissingFact, NeedsSecondPerson, NotFound, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.keys import sealer
from yizhi.people.queries import actor_of
from yizhi.places.addresses import actions as places
from yizhi.places.addresses.actions import InTwoGrids
from yizhi.registry import incoming, queries, rules
from yizhi.registry.actions.writing import Why, end_all, write
from yizhi.registry.incoming import CHUNK, Fault, Reader

_LABEL = "rows"
#: Longer than any piece of a sheet takes: a worker that died does not block for good.
_LEASE = timedelta(minutes=10)

_KEEP = """
INSERT INTO registry_sheet (register, name, status, skip, unit, account, at, sealed, cipher, key)
VALUES (%(register)s, %(name)s, 'looking', %(skip)s, %(unit)s, %(account)s, %(at)s, %(sealed)s, %(cipher)s, %(key)s)
ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id
"""


def hand_in(
    content: bytes, register: str, name: str, *, skip: bool, by: Actor, at: datetime, form: str | None = None
) -> int:
    """Keep a sheet, sealed, for the worker to look at; its number. Sent twice by one form it is one. Raises
    `NotFound`."""
    post = next((post for post in by.posts if rules.POWER in post.acts), None)
    if post is None or register not in queries.sorts():
        raise NotFound
    key, sealed = sealer().new_key()
    row = sql.row(
        _KEEP,
        register=register,
        name=name[:100],
        skip=skip,
        unit=post.unit,
        account=by.account,
        at=at,
        sealed=sealed,
        cipher=sealer().seal(key, b64encode(content).decode(), _LABEL),
        key=f"{by.account}:{form}" if form else None,
    )
    assert row is not None  # an insert returns its row
    return int(row[0])


_STEP = "UPDATE registry_sheet SET status = %(to)s, progress = 0 WHERE id = %(id)s AND status = %(since)s"
_DROP = """
UPDATE registry_sheet SET status = 'dropped', sealed = NULL, cipher = NULL WHERE id = %(id)s AND status = 'checked'
"""
_ASK = """
UPDATE registry_sheet SET status = 'asked', asked_by = %(account)s, reason = %(reason)s
WHERE id = %(id)s AND status = 'done'
"""
_CONFIRM = """
UPDATE registry_sheet SET status = 'undoing', confirmed_by = %(account)s, progress = 0
WHERE id = %(id)s AND status = 'asked'
"""


def start(number: int, *, by: Actor) -> None:
    """Let the worker take it in. Done twice is done once."""
    queries.sheet(by, number)
    sql.run(_STEP, id=number, since="checked", to="waiting")


def drop(number: int, *, by: Actor) -> None:
    """It is not wanted after all: its rows are gone."""
    queries.sheet(by, number)
    sql.run(_DROP, id=number)


@transaction.atomic
def undo(number: int, reason: str, *, by: Actor) -> None:
    """The first person asks for it with a reason, a second one confirms. Raises `MissingFact`, `NeedsSecondPerson`."""
    found = queries.sheet(by, number)
    if found.status == "done":
        if not reason.strip():
            raise MissingFact(fact="reason", label=N_("Reason"))
        sql.run(_ASK, id=number, account=by.account, reason=reason.strip()[:500])
    elif found.status == "asked":
        if found.asked_by == by.account:
            raise NeedsSecondPerson(move=N_("Undo an import"))
        sql.run(_CONFIRM, id=number, account=by.account)


_TAKE = """
UPDATE registry_sheet SET lease = %(until)s, status = CASE status WHEN 'waiting' THEN 'running' ELSE status END
WHERE id = (
    SELECT id FROM registry_sheet WHERE status IN ('looking', 'waiting', 'running', 'undoing')
    AND (lease IS NULL OR lease < %(at)s) ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1
) RETURNING id, register, status, skip, unit, account, asked_by, confirmed_by, reason, sealed, cipher
"""
_LOOKED = """
UPDATE registry_sheet SET status = %(status)s, lease = NULL, rows = %(rows)s, progress = 0, skipped = %(skipped)s,
    told = %(told)s, sealed = CASE WHEN %(status)s = 'checked' THEN sealed END,
    cipher = CASE WHEN %(status)s = 'checked' THEN cipher END WHERE id = %(id)s AND status = %(since)s
"""
_DONE = """
UPDATE registry_sheet SET status = %(status)s, lease = NULL, progress = rows, stayed = %(stayed)s, sealed = NULL,
    cipher = NULL WHERE id = %(id)s AND status = %(since)s
"""
# own time: how long the worker still has counts from when it says so, not from when it began
_PROGRESS = """
UPDATE registry_sheet SET progress = %(progress)s, rows = greatest(rows, %(rows)s), lease = now() + %(lease)s
WHERE id = %(id)s AND status = %(since)s
"""


@dataclass(frozen=True, slots=True)
class _Job:
    id: int
    register: str
    status: str
    skip: bool
    unit: str
    account: int
    asked_by: int | None
    confirmed_by: int | None
    reason: str
    sealed: bytes | None
    cipher: bytes | None

    @property
    def content(self) -> bytes:
        key = sealer().open_key(bytes(self.sealed or b""))
        return b64decode(sealer().open(key, bytes(self.cipher or b""), _LABEL))


class _Overtaken(Exception):
    """Another worker had the sheet meanwhile, and is done with it."""


class ServesNowhere(Refusal):
    message = N_("Whoever handed it in uses no records any more.")


Tell = Callable[[int, int], None]


def work(at: datetime) -> int:
    """One sheet that waits; 0 when none does. Its lease is as new as what it has told of itself."""
    row = sql.row(_TAKE, at=at, until=at + _LEASE)
    if row is None:
        return 0
    job = _Job(*row)
    with sql.beside() as run:

        def tell(progress: int, rows: int) -> None:
            run(_PROGRESS, id=job.id, since=job.status, progress=progress, rows=rows, lease=_LEASE)

        with suppress(_Overtaken):
            _WORK[job.status](job, at, tell)
    return 1


def _reader(job: _Job, at: datetime) -> Reader:
    by = actor_of(job.account, at)
    if by is None or not rules.may(by):
        raise ServesNowhere
    return Reader(incoming.register_of(job.register), by, at, job.skip)


def _look(job: _Job, at: datetime, tell: Tell) -> None:
    """Every row, as it would be taken in; nothing is written."""
    rows, skipped, faults = 0, 0, []
    try:
        reader = _reader(job, at)
        faults = reader.faults
        for chunk in _chunks(reader, job.content):
            if reader.register is None:
                _expect_one_grid(reader, chunk)
            else:
                reader.records(chunk)
            rows += len(chunk)
            tell(rows, rows)
        skipped = reader.skipped
    except Refusal as refusal:
        faults = [Fault(0, answer_for(refusal).sentence)]
    if not rows and not faults:
        faults = [Fault(0, answer_for(Empty()).sentence)]
    status = "faulty" if any(not one.left_out for one in faults) else "checked"
    told = msgspec.json.encode(sorted(faults, key=lambda one: one.line)).decode()
    sql.run(_LOOKED, id=job.id, since=job.status, status=status, rows=rows, skipped=skipped, told=told)


class Empty(BadFact):
    message = N_("The sheet has no rows.")


def _expect_one_grid(reader: Reader, chunk: list[tuple[int, dict[str, str]]]) -> None:
    """Each address alone, so that the fault has its line."""
    for line, row in chunk:
        for wanted in reader.addresses([(line, row)]):
            pairs = {(wanted.area[:12], step.key): step for step in wanted.place.steps}
            reader.pending.append((line, wanted, pairs))
    there = places.known([pair for _, _, pairs in reader.pending for pair in pairs])
    for line, wanted, pairs in reader.pending:
        wrong = next((pair for pair in pairs if pair in there and there[pair][2] != wanted.area), None)
        if wrong:
            reader.note(line, InTwoGrids(address=pairs[wrong].full, here=wanted.area, there=there[wrong][2]))
    reader.pending.clear()


def _chunks(reader: Reader, content: bytes) -> Iterator[list[tuple[int, dict[str, str]]]]:
    lines = reader.lines(content)
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


class Changed(BadFact):
    """Facts: line, why."""

    message = N_("Line {line}: {why} Nothing was taken in; hand the sheet in again.")


def _take_in(job: _Job, at: datetime, tell: Tell) -> None:
    """All rows or none. What has changed since the look is found again."""
    try:
        with transaction.atomic():
            reader = _reader(job, at)
            for done, chunk in enumerate(_chunks(reader, job.content), start=1):
                take(reader, chunk, sheet=job.id, unit=job.unit, at=at)
                if reader.bad:
                    first = next(one for one in reader.faults if not one.left_out)
                    raise Changed(line=first.line, why=first.sentence)
                tell(min(done * CHUNK, incoming.MOST_ROWS), 0)
            _done(job, "done", 0)
    except (Refusal, IntegrityError) as failed:
        refusal = failed if isinstance(failed, Refusal) else Changed(line="?", why="")
        _fail(job, "failed", refusal)


def _fail(job: _Job, status: str, refusal: Refusal) -> None:
    told = msgspec.json.encode([Fault(0, answer_for(refusal).sentence)]).decode()
    sql.run(_LOOKED, id=job.id, since=job.status, status=status, rows=0, skipped=0, told=told)


def _done(job: _Job, status: str, stayed: int) -> None:
    """Raises `_Overtaken`: nothing is done twice."""
    if not sql.run(_DONE, id=job.id, since=job.status, status=status, stayed=stayed):
        raise _Overtaken


def take(reader: Reader, chunk: list[tuple[int, dict[str, str]]], *, sheet: int | None, unit: str, at: datetime) -> int:
    """Write what of these rows can be taken in; how many that were."""
    if reader.register is None:
        put = places.put(reader.addresses(chunk))
        numbers = [one.id for one in put if one.new]
    else:
        news = reader.records(chunk)
        numbers = write(news, unit=unit, source="sheet", by=reader.by, at=at, today=localdate(at))
    if sheet is not None:
        with connection.cursor() as cursor, cursor.copy("COPY registry_came (sheet_id, record) FROM STDIN") as copy:
            for number in numbers:
                copy.write_row((sheet, number))
    return len(numbers)


_RECORDS = """
SELECT c.record FROM registry_came AS c JOIN registry_record AS r ON r.id = c.record
WHERE c.sheet_id = %(sheet)s AND r.ended IS NULL ORDER BY c.record
"""
_CAME = "SELECT count(*) FROM registry_came WHERE sheet_id = %(sheet)s"
_ADDRESSES = """
DELETE FROM places_address AS a USING registry_came AS c
WHERE c.sheet_id = %(sheet)s AND a.id = c.record AND a.level = %(level)s
  AND NOT EXISTS (SELECT FROM registry_record AS r WHERE r.building = a.building AND r.address_id = a.id)
  AND NOT EXISTS (SELECT FROM places_address AS below WHERE below.building = a.building AND below.parent_id = a.id)
"""


def _take_back(job: _Job, at: datetime, tell: Tell) -> None:
    """Records end as whenever somebody asks for it; of addresses those go at which nothing stands."""
    with transaction.atomic():
        row = sql.row(_CAME, sheet=job.id)
        came = row[0] if row else 0
        if job.register == "address":
            gone = sum(sql.run(_ADDRESSES, sheet=job.id, level=level) for level in ("room", "entrance", "building"))
        else:
            numbers = [number for (number,) in sql.rows(_RECORDS, sheet=job.id)]
            gone = 0
            for first in range(0, len(numbers), CHUNK):
                why = Why("end", "sheet", job.unit, job.asked_by, job.confirmed_by)
                gone += end_all(numbers[first : first + CHUNK], why, at=at)
                tell(gone, 0)
        _done(job, "undone", came - gone)


_WORK: dict[str, Callable[[_Job, datetime, Tell], Any]] = {
    "looking": _look,
    "running": _take_in,
    "undoing": _take_back,
}
