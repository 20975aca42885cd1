"""Signing where every chain stands, into a file that is copied to a second place."""

import time
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yizhi.cases.queries import trail
from yizhi.core import disk, manifests
from yizhi.core.manifests import BadManifest, Header, Manifest

#: Writing a case takes milliseconds, an import seconds.
_PATIENCE = 60.0
_PAUSE = 0.05
#: A manifest's name begins with its number.
_SERIAL_DIGITS = 6


class Busy(Exception):
    """A transaction has been writing for a minute: what it writes could not be told from what was signed."""


def sign(*, at: datetime) -> Manifest | None:
    """The next manifest: every case touched since the one before. None when nothing happened since, or while another
    process signs. Raises `Busy`, or `BadManifest` when the newest one was changed."""
    folder = trail.manifest_folder()
    with transaction.atomic():
        if not trail.alone():
            return None
        newest = trail.newest()
        _settle(trail.horizon())
        before = trail.last_manifest(folder)
        if before and newest == _covered(before):
            return None
        made = _next(before, newest, at)
        disk.write(folder / made[0], made[1], mode=0o644)
    return manifests.read(made[1])


def _settle(mark: str) -> None:
    """Until everything with an id that counts is there or never will be."""
    for _ in range(int(_PATIENCE / _PAUSE)):
        if not trail.under_way(mark):
            return
        time.sleep(_PAUSE)
    raise Busy


def _covered(before: Manifest) -> dict[str, int]:
    return {"cases_event": before.header.upto} | {table: tail.upto for table, tail in before.header.tails.items()}


def _next(before: Manifest | None, newest: dict[str, int], at: datetime) -> tuple[str, bytes]:
    """The manifest's name and content."""
    key = manifests.private_key(settings.SIGNING_KEY)
    last = before.header if before else None
    heads = trail.touched(last.upto if last else 0, newest["cases_event"])
    tails = last.tails if last else {}
    header = Header(
        serial=last.serial + 1 if last else 1,
        made=at.astimezone(UTC),
        previous=before.hash if before else manifests.FIRST,
        key=manifests.public_hex(key),
        upto=newest["cases_event"],
        cases=len(heads),
        tails={table: trail.tail(table, tails.get(table, manifests.Tail()), newest[table]) for table in trail.TAILS},
    )
    return manifests.file_name(header), manifests.signed(header, heads, key)


def copy_out(second: Path) -> int:
    """Bring every manifest that is not there yet to the second place; how many.

    Raises `OSError` when the place cannot be reached (its folder must exist: a disk that is not mounted is not
    filled up from below), `BadManifest` when another manifest of the same number lies there: after an old backup was
    brought back, the second place has to be a new folder.
    """
    if not second.is_dir():
        raise FileNotFoundError(second)
    there = {copy.name[:_SERIAL_DIGITS]: copy for copy in trail.manifest_files(second)}
    copied = 0
    for path in trail.manifest_files(trail.manifest_folder()):
        copy = there.get(path.name[:_SERIAL_DIGITS])
        if copy is None:
            disk.write(second / path.name, path.read_bytes(), mode=0o644)
            copied += 1
        elif copy.name != path.name or copy.stat().st_size != path.stat().st_size:
            raise BadManifest(f"{copy} is not the manifest that was copied there")
    return copied
