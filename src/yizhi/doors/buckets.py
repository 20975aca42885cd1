"""How fast is too fast, kept in this process's memory: for what comes so often that a statement each would cost
more than the thing itself. What must be counted exactly, sign-in above all, is counted in the database (`throttle`).
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from django.conf import settings


class Buckets:
    """A bucket for each key: it holds `burst` tokens and `a_minute` come back each minute. Each process has its
    own, so several let through as many times as much.
    """

    def __init__(self, a_minute: float, burst: int, *, most_keys: int = 10_000) -> None:
        """`a_minute` 0: no limit. When there are too many keys, the one that was quiet longest is forgotten."""
        self.rate = a_minute / 60
        self.burst = burst
        self.most_keys = most_keys
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, now: float) -> float:
        """Takes a token: 0.0, or the seconds until there is one again. `now` in seconds of a clock that only rises."""
        if not self.rate:
            return 0.0
        with self._lock:
            tokens, then = self._known.pop(key, (float(self.burst), now))
            tokens = min(self.burst, tokens + (now - then) * self.rate)
            passed = tokens >= 1
            self._known[key] = (tokens - passed, now)
            if len(self._known) > self.most_keys:
                self._known.popitem(last=False)
        return 0.0 if passed else (1 - tokens) / self.rate


class Reports:
    """Reports from one address. Many people may share one, a village behind a carrier's gateway: what floods in through
    one code fills that code's bucket, and whoever stands before another sticker is served. All codes together have a
    wider one, which takes nothing for what was refused before.
    """

    def __init__(self, a_minute: float, burst: int, *, in_all: int = 10) -> None:
        """`in_all`: so many times as much through all codes together."""
        self.each = Buckets(a_minute, burst)
        self.together = Buckets(a_minute * in_all, burst * in_all)

    def take(self, address: str, through: str, now: float) -> float:
        """As in `Buckets`; `through` which code or door."""
        return self.each.take(f"{address} {through}", now) or self.together.take(address, now)


REPORTS: Final = Reports(settings.REPORTS_A_MINUTE, settings.REPORTS_BURST)
