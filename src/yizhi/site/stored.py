"""Settings that `yizhi setup` asked for and keeps: lines NAME=value in YIZHI_DATA/settings.env. What stands in the
environment comes before them, so that a service manager's file still has the last word.
"""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from yizhi.core import disk

FILE = "settings.env"
_LINE = re.compile(r"^(YIZHI_[A-Z_]+)=(.*)$")


def read(data: Path) -> dict[str, str]:
    try:
        return _lines((data / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _lines(text: str) -> dict[str, str]:
    return {found[1]: found[2].strip() for line in text.splitlines() if (found := _LINE.match(line.strip()))}


def environment(data: Path) -> Mapping[str, str]:
    """What the settings are read from."""
    return {**read(data), **os.environ}


def write(data: Path, values: Mapping[str, str]) -> None:
    """Change some settings and keep the others; an empty value removes its line. The file is readable by its owner
    alone: a mail server's password stands in it. `ValueError` for a value that would not be read back as it is."""
    kept = {name: value for name, value in {**read(data), **values}.items() if value}
    for name, value in kept.items():
        if _lines(f"{name}={value}") != {name: value}:
            raise ValueError(name)
    lines = ["# Written by yizhi setup; the environment comes before it. Restart after a change by hand."]
    draft = data / f".{FILE}.{secrets.token_hex(4)}"
    disk.write(draft, "\n".join([*lines, *(f"{name}={value}" for name, value in sorted(kept.items())), ""]).encode())
    os.replace(draft, data / FILE)
    disk.sync_folder(data)


def stamp(data: Path) -> int:
    """Another number after every change."""
    try:
        return (data / FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return 0
