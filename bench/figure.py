"""One measured figure, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Limit:
    """What issue 2 asks for. `least`: the value must reach it; else it must not pass it."""

    value: float
    least: bool = True

    def kept(self, value: float) -> bool:
        return value >= self.value if self.least else value <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {short(self.value)}"


@dataclass(frozen=True)
class Figure:
    """`value` is the median of `rounds`, in `unit`. `beside`: what pgbench reaches with the same SQL in the same run,
    each second. `p50` and `p95` in milliseconds. `cost`: processor time of a request, by who spends it."""

    name: str
    rounds: Sequence[float]
    unit: str
    limit: Limit | None = None
    beside: Sequence[float] = ()
    p50: float | None = None
    p95: float | None = None
    cost: str = ""
    note: str = ""

    @property
    def value(self) -> float:
        return median(self.rounds)

    @property
    def kept(self) -> bool:
        return self.limit is None or self.limit.kept(self.value)

    @property
    def spread(self) -> str:
        return f"{short(min(self.rounds))}–{short(max(self.rounds))}" if len(self.rounds) > 1 else ""

    @property
    def pgbench(self) -> str:
        return f"{short(median(self.beside))}/s" if self.beside else "–"

    @property
    def ratio(self) -> str:
        return f"{100 * self.value / median(self.beside):.1f} %" if self.beside else "–"

    @property
    def times(self) -> str:
        return f"{self.p50:.1f} / {self.p95:.1f}" if self.p50 is not None and self.p95 is not None else "–"

    def __str__(self) -> str:
        """`name: value (limit, pgbench, ratio)` and what else is known."""
        verdict = "" if self.kept else " MISSED"
        told = [f"limit {self.limit}{verdict}" if self.limit else "no limit", f"pgbench {self.pgbench}"]
        told.append(f"ratio {self.ratio}")
        more = [f"rounds {self.spread}" if self.spread else "", f"p50 / p95 {self.times} ms" if self.p95 else ""]
        more.append(f"cost {self.cost}" if self.cost else "")
        rest = "; ".join(part for part in (*more, self.note) if part)
        return f"{self.name}: {short(self.value)}{self.unit} ({', '.join(told)}){f'; {rest}' if rest else ''}"


def short(value: float) -> str:
    """As people read it: whole from a hundred on, else four digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` (0 to 1) of all do not pass; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0
