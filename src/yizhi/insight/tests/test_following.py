"""Reading the log: nothing is missed, nothing counted twice, whatever happens between."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from yizhi.cases.actions.following import Touched
from yizhi.cases.testing import Town, rows
from yizhi.cases.testing import town as town  # the fixture
from yizhi.insight import actions, queries
from yizhi.insight.actions import following
from yizhi.insight.queries import Wanted
from yizhi.insight.rules import Period
from yizhi.insight.tests.life import Life
from yizhi.people.testing import DISTRICT

EVENT = "case_id, seq, move, recorded, happened, account, unit, door, facts, sets, puts, stops, proofs, hash"


def new(town: Town) -> int:
    today = town.at.date()
    wanted = Wanted(DISTRICT, Period("month", today - timedelta(days=30), today))
    return queries.numbers(town.cast.he, wanted, at=town.at)["new"]


def everything() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    marks = rows("""
        SELECT case_id, what, day, unit, kind, area, due, again, shy FROM insight_mark ORDER BY 1, 2, 3, 4, 5, 6, 7
    """)
    return marks, rows("""
        SELECT place, kind, day, what, again, n FROM insight_count WHERE n <> 0 ORDER BY 1, 2, 3, 4, 5
    """)


def test_what_was_there_before_is_filled_in(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "FILLED_AT_ONCE", 2)
    for _ in range(5):
        town.report()
    assert queries.reading(town.at) is None
    shares = []
    while actions.follow(town.at):
        reading = queries.reading(town.at)
        assert reading is not None
        shares.append((reading.whole, reading.share))
    assert [whole for whole, _ in shares] == [False, False]
    assert 0 < shares[0][1] < shares[1][1] < 1
    reading = queries.reading(town.at)
    assert reading == queries.Reading(town.at, True, 1.0)
    assert new(town) == 5


def test_reading_again_changes_nothing(town: Town) -> None:
    Life(town, 11).live(60)
    actions.follow(town.at)
    before = everything()
    rows("UPDATE insight_filling SET filled = 0, whole = false")
    rows("UPDATE cases_follower SET seen = 0")
    while actions.follow(town.at):
        pass
    assert everything() == before
    assert queries.differences() == (0, 0)


def test_rebuilt_is_what_was_followed(town: Town) -> None:
    life = Life(town, 12)
    actions.follow(town.at)
    for _ in range(6):
        life.live(15)
        actions.follow(town.at)
    before = everything()
    actions.rebuild()
    assert everything() == ([], [])
    while actions.follow(town.at):
        pass
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_begun_anew_while_it_fills_neither_waits_for_the_other(
    transactional_db: None, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.report()
    actions.follow(town.at)
    actions.rebuild()
    count = following._count

    with ThreadPoolExecutor(1) as other, monkeypatch.context() as slow:
        begun: list[Future[None]] = []

        def counts_late(cases: set[int]) -> None:
            begun.append(other.submit(_rebuild))
            while not begun[0].done() and not rows(WAITING):
                rows("SELECT pg_stat_clear_snapshot()")
            count(cases)

        slow.setattr(following, "_count", counts_late)
        actions.follow(town.at)
    begun[0].result()
    while actions.follow(town.at):
        pass
    assert new(town) == 1
    assert queries.differences() == (0, 0)


#: Somebody else waits for a lock.
WAITING = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def _rebuild() -> None:
    """In a thread, with a connection of its own."""
    try:
        actions.rebuild()
    finally:
        connection.close()


def test_a_crash_between_leaves_nothing_half_done(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.follow(town.at)
    town.report()
    count = following._take_in

    def crash(touched: Sequence[Touched]) -> None:
        count(touched)
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(following, "_take_in", crash)
        with pytest.raises(ConnectionError):
            actions.follow(town.at)
    assert new(town) == 0
    actions.follow(town.at)
    assert new(town) == 1


#: An event; a copy of the case's last one, as if it had been taken up again.
COMMIT = f"""
INSERT INTO cases_event (id, {EVENT})
SELECT nextval('cases_event_id_seq'), {EVENT.replace("seq, move", "90, 'reopen'")}
FROM cases_event WHERE case_id = %s ORDER BY seq DESC LIMIT 1
"""


@contextmanager
def another() -> Iterator[CursorWrapper]:
    """Another process, in a transaction that takes its time: it ends well with the block."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            yield cursor
            cursor.execute("COMMIT")
    finally:
        other.close()


def counted(what: str) -> int:
    ((number,),) = rows("SELECT count(*) FROM insight_mark WHERE what = %s", what)
    return int(number)


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_not_missed(transactional_db: None, town: Town) -> None:
    town.report()
    first = town.receipt.case_id
    actions.follow(town.at)
    with another() as cursor:
        cursor.execute(COMMIT, [first])
        town.report()
        actions.follow(town.at)
        assert counted("reopened") == 0
    for _ in range(3):
        actions.follow(town.at)
    assert (counted("reopened"), counted("new")) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_what_is_under_way_when_it_begins_is_not_missed(transactional_db: None, town: Town) -> None:
    """It begins when nobody writes: a number given out before is in the log before."""
    town.report()
    with another() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(COMMIT, [town.receipt.case_id])
    actions.follow(town.at)
    assert counted("reopened") == 1


def test_data_are_as_old_as_the_first_event_not_read(town: Town) -> None:
    actions.follow(town.at)
    told = queries.reading(town.at)
    assert told is not None
    assert told.upto == town.at
    since = town.at
    town.report()
    town.pass_(minutes=1)
    town.report()
    told = queries.reading(town.pass_(minutes=1))
    assert told is not None
    assert told.upto == since
    actions.follow(town.at)
    told = queries.reading(town.at)
    assert told is not None
    assert told.upto == town.at


def test_a_wrong_mark_and_a_wrong_count_are_found(town: Town) -> None:
    town.report()
    actions.follow(town.at)
    rows("UPDATE insight_count SET n = n + 1 WHERE what = 'new'")
    marks, counts = queries.differences()
    assert (marks, counts) == (0, 4)
    rows("DELETE FROM insight_mark WHERE what = 'new'")
    marks, _ = queries.differences()
    assert marks == 1
