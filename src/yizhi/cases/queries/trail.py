"""The trail as it lies in the store: for the verifier and for the manifests. It asks for the platform itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from yizhi import sql
from yizhi.core import manifests
from yizhi.core.audit import Finding, Head, Stored, findings
from yizhi.core.manifests import BadManifest, Manifest, Tail

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
    'in_hand', coalesce((
        SELECT json_agg(json_build_array(h.unit, h.stage, {_MICROS.format("h.due")}, {_MICROS.format("h.reported")}))
        FROM cases_hand AS h WHERE h.case_id = c.id), '[]'),
    'events', coalesce((
        SELECT json_agg(json_build_array(e.seq, e.move, {_MICROS.format("e.recorded")}, {_MICROS.format("e.happened")},
                   e.account, e.unit, e.door, e.facts, e.sets, e.puts, e.stops, e.proofs, encode(e.hash, 'hex'))
               ORDER BY e.seq) FROM cases_event AS e WHERE e.case_id = c.id), '[]'),
    'words', coalesce((
        SELECT json_agg(json_build_array(t.seq, t.field, t.body, translate(encode(t.cipher, 'base64'), E'\\n', ''),
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


def stored(after: int = 0) -> Iterator[Stored]:
    """Every case by id, with everything that hangs on it."""
    while batch := sql.rows(_STORED, after=after, limit=BATCH):
        for (text,) in batch:
            case = _decoder.decode(text)
            yield case
        after = case.id


@dataclass(slots=True)
class Tally:
    """How much a check has read."""

    cases: int = 0
    events: int = 0


def check(signed: dict[int, Head], tally: Tally) -> Iterator[Finding]:
    """Recompute every chain from the rows and hold it against what was signed. `tally` grows on the way."""
    unseen = set(signed)
    for case in stored():
        yield from findings(case, signed.get(case.id))
        tally.cases += 1
        tally.events += len(case.events)
        unseen.discard(case.id)
    for case_id in sorted(unseen):
        yield Finding(signed[case_id].number, 0, "the whole case is gone")
    for (case_id,) in sql.rows(_STRAY):
        if case_id not in signed:
            yield Finding(f"id {case_id}", 0, "its case is gone, events of it are left")


def check_tails(chain: list[Manifest]) -> Iterator[Finding]:
    """The other tables that only grow, up to where the newest manifest signed them; the first stretch that differs."""
    for table in TAILS if chain else ():
        before = Tail()
        for manifest in chain:
            signed = manifest.header.tails.get(table, before)
            if tail(table, before, signed.upto) != signed:
                span = f"rows {before.upto + 1} to {signed.upto}"
                yield Finding(table, 0, f"{span} are not those that manifest {manifest.header.serial} signed")
                break
            before = signed


# ----- what a manifest signs

_NEWEST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}_id_seq"
_TOUCHED = """
SELECT c.id, c.number, e.seq, encode(e.hash, 'hex')
FROM (SELECT DISTINCT ON (case_id) case_id, seq, hash FROM cases_event
      WHERE id > %(after)s AND id <= %(upto)s ORDER BY case_id, seq DESC) AS e
JOIN cases_case AS c ON c.id = e.case_id ORDER BY c.id
"""
#: The newest number of a transaction is this one's own: whoever wrote before it was asked has a smaller one. A
#: snapshot's end would not do, it leaves out those who run behind the last that ended.
_MARK = "SELECT pg_current_xact_id()::text"
_UNDER_WAY = "SELECT pg_snapshot_xmin(pg_current_snapshot()) < %(before)s::xid8"

#: Tables beside the log that only grow, with what of a row is signed. No chain of a case vouches for them.
TAILS = {
    "cases_look": "id, case_id, field, account, unit, purpose, at",
    "people_trail": "id, at, by_id, act, account_id, facts",
}
_TAIL = """
SELECT jsonb_build_array({columns})::text FROM {table} WHERE id > %(after)s AND id <= %(upto)s ORDER BY id
"""


def newest() -> dict[str, int]:
    """The highest id drawn so far in the log and in each tail, by table."""
    return {table: int(_only(_NEWEST.format(table))) for table in ("cases_event", *TAILS)}


def horizon() -> str:
    """A mark in the order of transactions, for `under_way`; both are asked in one transaction."""
    return str(_only(_MARK))


def under_way(before: str) -> bool:
    """Whether a transaction that began to write before the mark has not ended: rows with ids below the newest may
    still appear until there are none."""
    return bool(_only(_UNDER_WAY, before=before))


def touched(after: int, upto: int) -> list[Head]:
    """The cases with events between two ids, each as it stood after the last of them."""
    return [Head(*row) for row in sql.rows(_TOUCHED, after=after, upto=upto)]


def tail(table: str, before: Tail, upto: int) -> Tail:
    """A tail as far as `upto`, going on from where it was signed before."""
    digest = sha256(bytes.fromhex(before.digest))
    statement = _TAIL.format(columns=TAILS[table], table=table)
    for (text,) in sql.rows(statement, after=before.upto, upto=upto):
        digest.update(text.encode() + b"\n")
    return Tail(upto, digest.hexdigest())


_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('yizhi.manifest'))"


def alone() -> bool:
    """Whether nobody else signs now; until the transaction ends nobody will."""
    return bool(_only(_ALONE))


# ----- manifests as files


def manifest_folder() -> Path:
    return Path(settings.DATA_DIR) / "manifests"


def manifest_files(folder: Path) -> list[Path]:
    """Oldest first: a name begins with its number."""
    return sorted(folder.glob("*.manifest"))


def last_manifest(folder: Path) -> Manifest | None:
    """Raises `BadManifest`."""
    files = manifest_files(folder)
    return manifests.read(files[-1].read_bytes()) if files else None


def all_manifests(folder: Path, key: str) -> tuple[list[Manifest], list[str]]:
    """Every manifest that can be believed, oldest first, and what is wrong with the others. `key`: the public key
    (hex) that this installation signs with."""
    good, said = [], []
    for path in manifest_files(folder):
        try:
            good.append(manifests.read(path.read_bytes()))
        except BadManifest as error:
            said.append(f"{path.name}: {error}")
    return good, said + manifests.broken(good, key)


def _only(statement: str, **values: Any) -> Any:
    row = sql.row(statement, **values)
    assert row is not None
    return row[0]
