"""Which of several senders takes a message, by weight and by how long they take. Pure; times are given.

A sender that has become slow, or fails, is set aside when another one does better, and taken back when it has
recovered. That happens once in five minutes at most, and never when all are slow: changing over helps nobody then.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

#: From one change to the next.
APART: Final = timedelta(minutes=5)
#: A sender that was set aside gets a message so often, to see how it does.
PROBE: Final = timedelta(seconds=30)
#: What was measured longer ago says nothing of now.
_RECENT: Final = timedelta(minutes=10)
_LEAST, _MOST = 3, 20


@dataclass(slots=True)
class Lane:
    """A sender as it does now. `weight` is its share; 0: only when the others are set aside. `slow` in seconds."""

    name: str
    weight: int = 1
    slow: float = 5.0
    out: bool = False
    credit: int = 0
    measured: deque[tuple[datetime, float]] = field(default_factory=lambda: deque(maxlen=_MOST))
    probed: datetime | None = None

    def delay(self, at: datetime) -> float | None:
        """Seconds in the mean of late; None when there are too few to say."""
        recent = [seconds for moment, seconds in self.measured if at - moment <= _RECENT]
        return sum(recent) / len(recent) if len(recent) >= _LEAST else None

    def is_slow(self, at: datetime) -> bool:
        delay = self.delay(at)
        return delay is not None and delay > self.slow

    def is_quick(self, at: datetime) -> bool:
        delay = self.delay(at)
        return delay is not None and delay <= self.slow


@dataclass(frozen=True, slots=True)
class Change:
    """`name` was set aside, or taken back; `delay` why."""

    name: str
    out: bool
    at: datetime
    delay: float


class Board:
    """The senders of one channel. `changed` is when the last change was."""

    def __init__(self, lanes: Sequence[Lane], changed: datetime | None = None) -> None:
        self.lanes = list(lanes)
        self.changed = changed

    def lane(self, name: str) -> Lane:
        return next(lane for lane in self.lanes if lane.name == name)

    def order(self, at: datetime) -> list[str]:
        """Whom to try for the next message, best first."""
        serving = [lane for lane in self.lanes if not lane.out]
        weighted = [lane for lane in serving if lane.weight] or serving or self.lanes
        first = self._probe(at) or _turn(weighted)
        rest = sorted((lane for lane in self.lanes if lane is not first), key=lambda one: (one.out, -one.weight))
        return [first.name, *(lane.name for lane in rest)]

    def _probe(self, at: datetime) -> Lane | None:
        for lane in self.lanes:
            if lane.out and (lane.probed is None or at - lane.probed >= PROBE):
                lane.probed = at
                return lane
        return None

    def took(self, name: str, seconds: float, at: datetime) -> None:
        """A failure counts as long as it would have been waited for."""
        self.lane(name).measured.append((at, seconds))

    def review(self, at: datetime) -> Change | None:
        """Sets one aside, or takes one back, if that is due."""
        if len(self.lanes) < 2 or (self.changed is not None and at - self.changed < APART):
            return None
        found = self._recovered(at) or self._failing(at)
        if found is None:
            return None
        found.out, self.changed = not found.out, at
        found.probed = at
        return Change(found.name, found.out, at, found.delay(at) or 0.0)

    def _recovered(self, at: datetime) -> Lane | None:
        return next((lane for lane in self.lanes if lane.out and lane.is_quick(at)), None)

    def _failing(self, at: datetime) -> Lane | None:
        serving = [lane for lane in self.lanes if not lane.out]
        slow = [lane for lane in serving if lane.is_slow(at)]
        better = [lane for lane in serving if not lane.is_slow(at)]
        return max(slow, key=lambda lane: lane.delay(at) or 0.0) if slow and better else None


def _turn(lanes: Sequence[Lane]) -> Lane:
    """By weight, evenly mixed: of 3 and 1 every fourth goes to the second."""
    total = sum(max(lane.weight, 1) for lane in lanes)
    for lane in lanes:
        lane.credit += max(lane.weight, 1)
    chosen = max(lanes, key=lambda lane: lane.credit)
    chosen.credit -= total
    return chosen
