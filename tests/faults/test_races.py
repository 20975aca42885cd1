"""Two people at once, two workers on one clock, one key sent twice in the same moment: real threads, real rows."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from yizhi import sql
from yizhi.cases import actions, city
from yizhi.cases.actions import Report, deciding, locking
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.decide import decide
from yizhi.core.errors import OldVersion, Refusal
from yizhi.core.testing import KINDS
from yizhi.people.testing import GRID, HOUSING, URBAN, make_town

AT_ONCE = 8


@pytest.fixture
def town(transactional_db: None) -> Town:
    city.install(XINGHE, KINDS.values())
    return Town(make_town())


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Every call in a thread of its own, started together; what each returned or refused."""
    gate = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(10)
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def dispatch_to(town: Town, unit: str, expected: int | None = None) -> Callable[[], actions.Done]:
    return lambda: town.move(town.cast.chen, "dispatch", unit=unit, expected=expected)


def test_of_two_who_assign_at_once_one_wins_and_the_other_is_told(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    answers = at_once(dispatch_to(town, URBAN, 2), dispatch_to(town, HOUSING, 2))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "OldVersion"]
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'dispatch'") == [(1,)]


def test_the_same_key_at_once_moves_once(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    answers = at_once(*[lambda: town.move(town.cast.chen, "dispatch", unit=URBAN, key="k")] * AT_ONCE)
    assert {answer.seq for answer in answers} == {3}
    assert sum(not answer.replayed for answer in answers) == 1
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'dispatch'") == [(1,)]


def test_a_report_sent_eight_times_at_once_is_one_case(town: Town) -> None:
    report = Report(text="楼下堆了垃圾", area=GRID)
    receipts = at_once(*[lambda: actions.report(report, by=town.cast.lin, at=town.at, key="k")] * AT_ONCE)
    assert len({(receipt.number, receipt.code) for receipt in receipts}) == 1
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_two_workers_fire_each_clock_once(town: Town) -> None:
    for number in range(20):
        town.report(f"第{number}件")
    town.pass_(hours=1)
    fired = at_once(*[lambda: actions.fire_due(town.at)] * 4)
    assert sum(fired) == 20
    assert rows("SELECT count(*), count(DISTINCT case_id) FROM cases_event WHERE move = 'breach'") == [(20, 20)]


def test_words_from_many_at_once_all_get_their_own_place(town: Town) -> None:
    town.report()
    at_once(*[lambda: town.move(town.cast.chen, "progress", note="在看")] * AT_ONCE)
    assert rows("SELECT array_agg(seq ORDER BY seq) FROM cases_event") == [(list(range(1, AT_ONCE + 2)),)]


def test_without_the_lock_they_would_collide(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with the lock taken out the same race fails, so the tests above do race."""
    unlocked = locking._LOCK_BY_NUMBER.replace("FOR UPDATE OF c", "")
    monkeypatch.setattr(locking, "_LOCK_BY_NUMBER", unlocked)
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    gate = threading.Barrier(2)

    def slow(*args: Any) -> Any:
        gate.wait(10)
        return decide(*args)

    monkeypatch.setattr(deciding, "decide", slow)
    with pytest.raises(Exception, match="event_once"):
        at_once(dispatch_to(town, URBAN, 2), dispatch_to(town, HOUSING, 2))


def test_what_was_refused_wrote_nothing(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    before = rows("SELECT (SELECT count(*) FROM cases_event), (SELECT count(*) FROM cases_text)")
    with pytest.raises(OldVersion):
        town.move(town.cast.chen, "dispatch", unit=URBAN, note="请尽快", expected=1, key="k")
    assert rows("SELECT (SELECT count(*) FROM cases_event), (SELECT count(*) FROM cases_text)") == before
    assert sql.row("SELECT FROM cases_idempotency WHERE key = %(key)s", key="k") is None
