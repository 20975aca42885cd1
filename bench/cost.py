"""What a request costs in processor time, by who spends it: that is what limits it, and it tells the same story on a
machine that is busy with other things."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.environment import DATA
from yizhi.site import postgres

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds of processor time. `web` is the server with its two workers, `database` all of PostgreSQL."""

    web: float = 0.0
    worker: float = 0.0
    database: float = 0.0
    requests: int = 0

    def __str__(self) -> str:
        """Milliseconds a request."""
        if not self.requests:
            return ""
        parts = {"web": self.web, "worker": self.worker, "database": self.database}
        return (
            " + ".join(f"{name} {1000 * spent / self.requests:.2f}" for name, spent in parts.items() if spent) + " ms"
        )


@dataclass(frozen=True)
class Parts:
    """Process numbers of the parts that `ground.serving` started."""

    web: int
    worker: int
    database: int = field(default_factory=lambda: _postmaster())

    @contextmanager
    def spending(self) -> Iterator[Cost]:
        """What is spent inside the block; whoever sends the requests fills in how many."""
        cost, before = Cost(), self._now()
        yield cost
        after = self._now()
        cost.web, cost.worker, cost.database = (after[name] - before[name] for name in ("web", "worker", "database"))

    def _now(self) -> dict[str, float]:
        return {name: _spent(number) for name, number in vars(self).items()}


def _postmaster() -> int:
    found = postgres.running(postgres.locate(DATA))
    return found.pid if found else 0


def _spent(root: int) -> float:
    """Seconds that a process and all below it have used; those that ended count through their parent."""
    known = {number: stat for folder in Path("/proc").iterdir() if (number := folder.name).isdigit()
             for stat in [_stat(folder)] if stat}  # fmt: skip
    family, ticks = {str(root)}, 0
    for number in sorted(known, key=int):
        parent, used, reaped = known[number]
        if number in family or parent in family:
            family.add(number)
            ticks += used + reaped
    return ticks / _TICKS


def _stat(folder: Path) -> tuple[str, int, int] | None:
    """Parent, ticks used by itself, ticks of children that ended."""
    try:
        fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return fields[1], int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
