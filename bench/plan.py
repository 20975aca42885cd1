"""What every figure is given: the ground, and how long to measure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.figure import Figure
from bench.ground import Ground


@dataclass(frozen=True)
class Plan:
    """`seconds`: of one round; some figures need the times that issue 2 names and shorten them in proportion."""

    ground: Ground
    seconds: float = 5.0
    rounds: int = 3

    @property
    def port(self) -> int:
        return self.ground.port

    def share(self, of: float) -> float:
        """`of` seconds in a full run."""
        return of * min(self.seconds / 5.0, 1.0)


Measure = Callable[[Plan], Iterator[Figure]]
