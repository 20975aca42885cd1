"""What a check says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Said:
    """`warn`: works, but is worth a look. `bad`: something promised does not hold."""

    level: Literal["good", "warn", "bad"]
    what: str


@dataclass(frozen=True, slots=True)
class Visit:
    """When the doctor comes; whether every photo is read, left-overs are removed, and nothing is running anyway."""

    at: datetime
    fast: bool = False
    tidy: bool = False
    stopped: bool = False


Check = Callable[[Visit], Iterator[Said]]


def good(what: str) -> Said:
    return Said("good", what)


def warn(what: str) -> Said:
    return Said("warn", what)


def bad(what: str) -> Said:
    return Said("bad", what)
