"""A receiver that is away: nothing lost, nothing out of order, and no more than one try in half a minute."""

import time
from collections import defaultdict
from datetime import timedelta

import pytest
from django.utils import timezone

from yizhi.cases.testing import Town, rows
from yizhi.connect.tests.agreed import Agreed, assigned
from yizhi.connect.tests.receiver import Receiver


class Busy:
    """A city at work while a receiver is away; the log tells what should have been heard."""

    def __init__(self, town: Town, receiver: Receiver) -> None:
        self.town, self.receiver, self.agreed = town, receiver, Agreed(town, receiver)

    def work(self) -> None:
        assigned(self.town)
        self.town.move(self.town.cast.ding, "sign")
        self.town.move(self.town.cast.ding, "progress", note="在办")
        self.agreed.settle()

    def expected(self) -> dict[str, list[int]]:
        found = defaultdict(list)
        for number, seq in rows(
            "SELECT c.number, e.seq FROM cases_event AS e JOIN cases_case AS c ON c.id = e.case_id"
            " WHERE e.seq >= 3 ORDER BY e.id"
        ):
            found[number].append(seq)
        return found

    def heard(self) -> dict[str, list[int]]:
        found = defaultdict(list)
        for event in self.receiver.events:
            found[event["subject"]].append(event["data"]["seq"])
        return found


@pytest.mark.parametrize("seconds", [60, 300, 600, 3600])
def test_down_for_a_while(town: Town, receiver: Receiver, seconds: int) -> None:
    """By a given clock: away, then hanging up, then saying that it is busy."""
    busy = Busy(town, receiver)
    busy.work()
    ends, failing = town.at + timedelta(seconds=seconds), [None, 503, 429]
    receiver.answers = lambda event: failing[receiver.calls % 3]
    calls, worked = receiver.calls, 0
    while town.at < ends:
        if worked < 6:
            busy.work()
            worked += 1
        busy.agreed.settle()
        town.pass_(seconds=max(10, seconds // 50))
    assert receiver.calls - calls <= seconds // 30 + 1
    receiver.answers = lambda event: 200
    town.pass_(seconds=30)
    busy.agreed.settle()
    assert busy.heard() == busy.expected()
    assert busy.agreed.waiting() == 0


@pytest.mark.soak
@pytest.mark.parametrize("seconds", [10, 60, 300, 600, 3600])
def test_really_down(town: Town, receiver: Receiver, seconds: int) -> None:
    """By the clock on the wall: the port is closed, and opened again later; meanwhile the city works on, some hundred
    matters in all. Nothing is lost, and each matter's events come in their order."""
    town.at = timezone.now()
    busy = Busy(town, receiver)
    busy.work()
    receiver.close()
    before = len(receiver.events)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        town.at = timezone.now()
        busy.work()
        time.sleep(max(0.2, seconds / 300))
    waiting = busy.agreed.waiting()
    assert len(receiver.events) == before, "the receiver was not away"
    receiver.open()
    ends = time.monotonic() + 35
    while busy.agreed.waiting() and time.monotonic() < ends:
        town.at = timezone.now()
        busy.agreed.settle()
        time.sleep(0.2)
    assert busy.heard() == busy.expected()
    print(f"away for {seconds} s: {waiting} events waited, {len(receiver.events)} heard, none lost, in order")
