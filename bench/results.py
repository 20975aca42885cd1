"""RESULTS.md: the figures, the machine, the versions, the day. Bad rows stay in."""

import os
import platform
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from bench import ground
from bench.environment import DATA, ROOT
from bench.figure import Figure, short
from bench.plan import Plan
from yizhi import sql

_PACKAGES = ("django", "django-ninja", "psycopg", "granian", "msgspec", "jinja2", "shapely")
_COLUMNS = (
    "figure", "measured", "limit", "", "rounds", "p50 / p95 ms", "processor time a request", "pgbench, same SQL",
    "ratio", "",
)  # fmt: skip


def write(figures: Sequence[Figure], plan: Plan, tool: str, notes: Iterable[str], *, whole: bool) -> None:
    """A whole run is kept beside this file, any other only in the data folder."""
    path = ROOT / "bench" / "RESULTS.md" if whole else DATA / "RESULTS.md"
    path.write_text("\n".join(_document(figures, plan, tool, notes)) + "\n", encoding="utf-8")
    print(f"written to {path}")


def _document(figures: Sequence[Figure], plan: Plan, tool: str, notes: Iterable[str]) -> Iterator[str]:
    yield "# What was measured\n"
    yield f"{ground.now():%Y-%m-%d %H:%M} UTC, commit {_commit()}, {plan.ground.cases:,} cases. How: README.md.\n"
    yield f"* Machine: {_machine()}"
    yield f"* One small write brought to the disk (8 kB, fdatasync): {_syncs():,.0f}/s"
    yield f"* Load of the machine just before: {os.getloadavg()[2]:.1f} (15 minutes)"
    yield f"* {_versions()}, {tool}"
    yield f"* {'; '.join(filter(None, notes))}\n"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|---" * len(_COLUMNS) + "|"
    for figure in figures:
        yield _row(figure)


def _row(figure: Figure) -> str:
    verdict = "" if figure.limit is None else "kept" if figure.kept else "**missed**"
    cells = [figure.name, f"{short(figure.value)}{figure.unit}", str(figure.limit or "–"), verdict, figure.spread]
    return f"| {' | '.join([*cells, figure.times, figure.cost, figure.pgbench, figure.ratio, figure.note])} |"


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def _machine() -> str:
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    cores = len(os.sched_getaffinity(0))
    name = names[0] if names else platform.machine()
    return f"{cores} × {name}, {memory / 2**20:.0f} GiB, {platform.system()} {platform.release()}"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _versions() -> str:
    row = sql.row("SHOW server_version")
    named = [f"{name} {version(name)}" for name in _PACKAGES]
    return ", ".join([f"Python {platform.python_version()}", f"PostgreSQL {row[0] if row else ''}", *named])


def _syncs(seconds: float = 1.0) -> float:
    path, count, block = DATA / "sync", 0, bytes(8192)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        os.pwrite(handle, block, 0)
        os.fdatasync(handle)
        count += 1
    os.close(handle)
    path.unlink()
    return count / seconds
