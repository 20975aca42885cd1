"""The trail as it lies in the store: for the verifier and for the manifests. It asks for the platform itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from yizhi import sql
from yizhi.core.audit import Finding, Head, Stored, findings
from yizhi.core.manifests import Tail

#: Cases read at once: a few megabytes.
BATCH = 500

_MICROS = "(extract(epoch FROM {}) * 1000000)::bigint"
#: A batch in one statement: every case is seen at one moment, without a transaction that lasts.
_STORED = f"""
SELECT json_build_object(
    'id', c.id, 'number', c.number, 'state', c.state, 'first', encode(c.tracking, 'base64'),
    'head', encode(c.head, 'base64'), 'has_key', EXISTS (SELECT FROM cases_key AS k WHERE k.case_id = c.id),
    'columns', json_build_object('hands', c.hands, 'about', c.about, 'secret', c.secret,
                                 'due', {_MICROS.format("c.due")}, 'reported', {_MICROS.format("c.reported")}),
    'events', coalesce((
        SELECT json_agg(json_build_array(e.seq, e.move, {_MICROS.format("e.recorded")}, {_MICROS.format("e.happened")},
                   e.account, e.unit, e.door, e.facts, e.sets, e.puts, e.stops, e.proofs, encode(e.hash, 'hex'))
               ORDER BY e.seq) FROM cases_event AS e WHERE e.case_id = c.id), '[]'),
    'words', coalesce((
        SELECT json_agg(json_build_array(t.seq, t.field, t.body, replace(encode(t.cipher, 'base64'), E'\\n', ''),
                   encode(t.salt, 'base64'))) FROM cases_text AS t WHERE t.case_id = c.id), '[]'),
    'photos', coalesce((
        SELECT json_agg(json_build_array(p.seq, p.place, p.sha256))
        FROM cases_attachment AS p WHERE p.case_id = c.id), '[]'))::text
FROM cases_case AS c WHERE c.id > %(after)s ORDER BY c.id LIMIT %(limit)s
"""
_decoder = msgspec.json.Decoder(Stored)

_STRAY = """
SELECT DISTINCT e.case_id FROM cases_event AS e
WHERE NOT EXISTS (SELECT FROM cases_case AS c WHERE c.id = e.case_id) ORDER BY e.case_id LIMIT 1000
"""


def stored(after: int = 0, limit: int = BATCH) -> list[Stored]:
    """The next cases by id, with everything that hangs on them."""
    return [_decoder.decode(text) for (text,) in sql.rows(_STORED, after=after, limit=limit)]


@dataclass(slots=True)
class Tally:
    """How much a check has read."""

    cases: int = 0
    events: int = 0


def check(signed: dict[int, Head], tally: Tally) -> Iterator[Finding]:
    """Recompute every chain from the rows and hold it against what was signed. `tally` grows on the way."""
    after, unseen = 0, set(signed)
    while batch := stored(after):
        for case in batch:
            yield from findings(case, signed.get(case.id))
            tally.events += len(case.events)
            unseen.discard(case.id)
        tally.cases += len(batch)
        after = batch[-1].id
    for case_id in sorted(unseen):
        yield Finding(signed[case_id].number, 0, "the whole case is gone")
    for (case_id,) in sql.rows(_STRAY):
        if case_id not in signed:
            yield Finding(f"id {case_id}", 0, "its case is gone, events of it are left")


# ----- what a manifest signs

_NEWEST = "SELECT last_value FROM {}_id_seq"
_TOUCHED = """
SELECT c.id, c.number, e.seq, encode(e.hash, 'hex')
FROM (SELECT DISTINCT ON (case_id) case_id, seq, hash FROM cases_event
      WHERE id > %(after)s AND id <= %(upto)s ORDER BY case_id, seq DESC) AS e
JOIN cases_case AS c ON c.id = e.case_id ORDER BY c.id
"""
_XMAX = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
_UNDER_WAY = """
SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS running WHERE running < %(before)s::xid8
"""

#: Tables beside the log that only grow. No chain of a case vouches for their rows.
TAILS = ("cases_look", "people_trail")
_TAIL = "SELECT to_jsonb(t)::text FROM {} AS t WHERE id > %(after)s AND id <= %(upto)s ORDER BY id"


def newest() -> dict[str, int]:
    """The highest id drawn so far in the log and in each tail, by table."""
    return {table: int(_only(_NEWEST.format(table))) for table in ("cases_event", *TAILS)}


def horizon() -> str:
    """A mark in the order of transactions, for `under_way`."""
    return str(_only(_XMAX))


def under_way(before: str) -> int:
    """How many transactions that had begun to write before the mark have not ended: rows with ids below the newest
    may still appear until there are none."""
    return int(_only(_UNDER_WAY, before=before))


def touched(after: int, upto: int) -> list[Head]:
    """The cases with events between two ids, each as it stood after the last of them."""
    return [Head(*row) for row in sql.rows(_TOUCHED, after=after, upto=upto)]


def tail(table: str, before: Tail, upto: int) -> Tail:
    """A tail as far as `upto`, going on from where it was signed before."""
    digest = sha256(bytes.fromhex(before.digest))
    for (text,) in sql.rows(_TAIL.format(table), after=before.upto, upto=upto):
        digest.update(text.encode() + b"\n")
    return Tail(upto, digest.hexdigest())


def _only(statement: str, **values: Any) -> Any:
    row = sql.row(statement, **values)
    assert row is not None
    return row[0]
