"""Photos: what the log has must be there unchanged; what nobody has may go."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from yizhi import sql
from yizhi.cases import photos as kept
from yizhi.site.doctor.said import Said, Visit, bad, good, warn

#: A photo lies in the store before its report is written; and a refused form keeps it for a while.
_LEFT_OVER_HOURS = 25
_MOST_NAMED = 20


def photos(visit: Visit) -> Iterator[Said]:
    wanted = {name for (name,) in sql.rows("SELECT DISTINCT sha256 FROM cases_attachment")}
    there = dict(kept.stored())
    yield from _named("not in the store", sorted(wanted - there.keys()))
    if not visit.fast:
        changed = (name for name in sorted(wanted & there.keys()) if _hash(there[name]) != name)
        yield from _named("changed on the disk", list(changed))
    left = [name for name in sorted(there.keys() - wanted) if _hours(there[name], visit.at) > _LEFT_OVER_HOURS]
    if left and visit.tidy:
        for name in left:
            kept.drop(name)
        yield good(f"{len(left)} that no case has were removed")
    elif left:
        yield warn(f"{len(left)} that no case has (reports that were refused, or erased): `yizhi doctor --tidy`")
    yield good(f"{len(wanted)} in the log, {len(there)} in the store")


def _named(what: str, names: list[str]) -> Iterator[Said]:
    for name in names[:_MOST_NAMED]:
        yield bad(f"{what}: {name}")
    if len(names) > _MOST_NAMED:
        yield bad(f"{what}: {len(names) - _MOST_NAMED} more")


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _hours(path: Path, at: datetime) -> float:
    return (at.timestamp() - path.stat().st_mtime) / 3600
