"""Whether the trail is signed, and lies in a second place."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from yizhi.cases.queries import trail
from yizhi.core.manifests import private_key, public_hex
from yizhi.site.doctor.said import Said, Visit, bad, good, warn

_SIGNED_WITHIN = timedelta(days=2)


def manifests(visit: Visit) -> Iterator[Said]:
    folder = trail.manifest_folder()
    chain, said = trail.all_manifests(folder, public_hex(private_key(settings.SIGNING_KEY)))
    yield from (bad(line) for line in said)
    if not chain:
        yield warn("nothing is signed yet; the worker does it daily")
    elif visit.at - chain[-1].header.made > _SIGNED_WITHIN and trail.newest()["cases_event"] > chain[-1].header.upto:
        yield bad(f"the newest is of {chain[-1].header.made:%Y-%m-%d}: does the worker run?")
    else:
        yield good(f"{len(chain)}, the newest of {chain[-1].header.made:%Y-%m-%d %H:%M} UTC")
    yield from _copies(folder)


def _copies(folder: Path) -> Iterator[Said]:
    if not settings.MANIFESTS_COPY:
        yield warn("no second place (YIZHI_MANIFESTS_COPY): who can change the database could sign anew")
        return
    second = Path(settings.MANIFESTS_COPY)
    if not second.is_dir():
        yield bad(f"the second place cannot be reached: {second}")
        return
    for path in trail.manifest_files(folder):
        copy = second / path.name
        if not copy.exists():
            yield bad(f"not in the second place: {path.name}")
        elif copy.read_bytes() != path.read_bytes():
            yield bad(f"another one in the second place: {path.name}")
