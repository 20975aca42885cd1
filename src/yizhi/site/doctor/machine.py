"""The machine: disk, clock, secrets, settings, the last backup."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from yizhi import sql
from yizhi.site.backup import LAST
from yizhi.site.doctor.said import Said, Visit, bad, good, warn

_GB = 1 << 30
_SECRET_LENGTH = 32


def disk(visit: Visit) -> Iterator[Said]:
    folders = {Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)}
    for folder in sorted(path for path in folders if path.is_dir()):
        used = shutil.disk_usage(folder)
        said = f"{used.free / _GB:.1f} GB free of {used.total / _GB:.0f} in {folder}"
        if used.free < _GB or used.free < used.total * 0.03:
            yield bad(said)
        elif used.free < 5 * _GB or used.free < used.total * 0.1:
            yield warn(said)
        else:
            yield good(said)


_NOW = """
SELECT clock_timestamp(), max(recorded) FROM cases_event WHERE id > (SELECT max(id) - 1000 FROM cases_event)
"""


def clock(visit: Visit) -> Iterator[Said]:
    before = datetime.now(UTC)
    ((theirs, newest),) = sql.rows(_NOW)
    ours = before + (datetime.now(UTC) - before) / 2
    apart = abs((theirs - ours).total_seconds())
    if apart > 1:
        yield (bad if apart > 30 else warn)(f"this machine and the database are {apart:.0f} s apart: time limits drift")
    if newest and newest > ours + timedelta(minutes=1):
        yield bad(f"the log has events of {newest:%Y-%m-%d %H:%M}: this machine's clock is behind")
    if apart <= 1:
        yield good(f"{ours:%Y-%m-%d %H:%M:%S} UTC, as in the database")


def secrets(visit: Visit) -> Iterator[Said]:
    for name in ("secret-key", "keys/sealing-key", "keys/signing-key"):
        path = Path(settings.DATA_DIR) / name
        if not path.exists():
            continue
        found = path.stat()
        if stat.S_IMODE(found.st_mode) & 0o077:
            yield bad(f"others can read {path}: chmod 600")
        if found.st_uid not in (os.geteuid(), 0):
            yield warn(f"{path} belongs to another user")
    for name, secret in (("YIZHI_SECRET_KEY", settings.SECRET_KEY), ("the sealing key", settings.SEALING_KEY)):
        if len(secret) < _SECRET_LENGTH or len(set(secret)) < 8:
            yield bad(f"{name} can be guessed: it needs {_SECRET_LENGTH} random characters")
    yield good("the installation's own, for nobody else to read")


def hosts(visit: Visit) -> Iterator[Said]:
    if settings.DEBUG:
        yield bad("YIZHI_DEBUG is on: pages of faults tell secrets")
    if "*" in settings.ALLOWED_HOSTS:
        yield bad("YIZHI_HOSTS allows every name")
    served = [name for name in settings.ALLOWED_HOSTS if name not in ("localhost", "127.0.0.1", "[::1]", settings.HOST)]
    if served and not settings.HTTPS:
        yield bad(f"{', '.join(served)} is served without YIZHI_HTTPS=1: cookies can be read on the way")
    yield good(f"serves {', '.join(served) or 'this machine only'}")


def backup(visit: Visit) -> Iterator[Said]:
    try:
        made, _, place = (Path(settings.DATA_DIR) / LAST).read_text(encoding="utf-8").strip().partition(" ")
    except FileNotFoundError:
        yield warn("there has never been one: `yizhi backup`")
        return
    age = visit.at - datetime.fromisoformat(made)
    said = f"the last one is {age.days} days and {age.seconds // 3600} hours old: {place}"
    yield warn(said) if age > timedelta(days=2) else good(said)
