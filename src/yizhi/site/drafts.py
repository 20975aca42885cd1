"""Files that somebody handed in and has not confirmed yet: kept for a day between the look at what would happen and the
button that does it. Each belongs to whoever handed it in.
"""

import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from yizhi.core import disk

_KEPT = timedelta(days=1)
_NAME = re.compile(r"^[A-Za-z0-9_-]{22}$")


def keep(data: Path, owner: str, content: bytes, *, at: datetime) -> str:
    """The name under which it is taken out again. What is older than a day goes."""
    folder = data / "drafts"
    disk.make_folder(folder)
    for old in folder.iterdir():
        if old.stat().st_mtime < (at - _KEPT).timestamp():
            old.unlink(missing_ok=True)
    name = secrets.token_urlsafe(16)
    disk.write(folder / f"{owner}.{name}", content)
    return name


def kept(data: Path, owner: str, name: str) -> bytes | None:
    """None when it is gone, or somebody else's."""
    path = data / "drafts" / f"{owner}.{name}"
    return path.read_bytes() if _NAME.match(name) and path.is_file() else None


def drop(data: Path, owner: str, name: str) -> None:
    if _NAME.match(name):
        (data / "drafts" / f"{owner}.{name}").unlink(missing_ok=True)
