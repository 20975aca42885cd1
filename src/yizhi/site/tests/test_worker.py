"""A task repeats, survives its own failures and stops when told."""

import threading
from datetime import datetime

from django.db import OperationalError

from yizhi.site import worker
from yizhi.site.wiring import Task


def _repeat(outcomes: list[int | Exception]) -> list[datetime]:
    """Runs a task that does as `outcomes` say, one after the other, then stops it. The times it was given."""
    stop = threading.Event()
    times: list[datetime] = []

    def run(at: datetime) -> int:
        outcome = outcomes[len(times)]
        times.append(at)
        if len(times) == len(outcomes):
            stop.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    thread = threading.Thread(target=worker.repeat, args=(Task("test", 0.001, run), stop))
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    return times


def test_it_repeats_with_the_time_passed_in() -> None:
    times = _repeat([3, 0, 0])
    assert len(times) == 3
    assert times == sorted(times)
    assert all(at.tzinfo for at in times)


def test_a_failure_does_not_end_it() -> None:
    assert len(_repeat([ValueError("x"), 0])) == 2


def test_a_database_that_is_away_does_not_end_it() -> None:
    assert len(_repeat([OperationalError("refused"), 1, 0])) == 3
