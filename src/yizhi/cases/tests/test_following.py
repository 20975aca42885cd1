"""Readers of the log: every event once, also when transactions finish out of order or the reader dies."""

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from yizhi.cases.actions.following import Change, follow
from yizhi.cases.testing import Town, rows


@pytest.fixture
def town(transactional_db: None, town: Town) -> Town:
    follow("reader", lambda _: pytest.fail("begins at the present"))
    return town


class Reader:
    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def __call__(self, changes: Sequence[Change]) -> None:
        self.heard += [(change.number, change.event.move) for change in changes]

    def read(self, **how: Any) -> int:
        return follow("reader", self, **how)


_AGAIN = """
INSERT INTO cases_event (case_id, seq, move, recorded, happened, unit, door, facts, sets, puts, stops, proofs, hash)
SELECT case_id, %s, 'add', recorded, happened, unit, door, facts, sets, puts, stops, proofs, hash
FROM cases_event ORDER BY id DESC LIMIT 1
"""


def test_each_event_is_handed_over_once_and_in_order(town: Town) -> None:
    reader = Reader()
    number = town.report().number
    town.move(town.cast.chen, "accept", category="0401")
    assert reader.read() == 2
    assert reader.heard == [(number, "report"), (number, "accept")]
    assert reader.read() == 0


def test_a_batch_has_a_limit_and_the_rest_follows(town: Town) -> None:
    reader = Reader()
    for _ in range(5):
        town.report()
    assert [reader.read(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(set(reader.heard)) == 5


def test_what_is_committed_late_is_not_left_out(town: Town, other: psycopg.Connection[Any]) -> None:
    """The first writer has its number, and a second one overtakes it."""
    reader = Reader()
    town.report()
    reader.read()
    other.execute(_AGAIN, (98,))
    town.report()
    assert reader.read() == 0, "somebody who has a lower number is still writing"
    town.report()
    assert reader.read() == 0
    other.commit()
    assert reader.read() == 2, "as far as the log went when the writer was seen"
    assert reader.read() == 1
    assert [move for _, move in reader.heard] == ["report", "add", "report", "report"]


def test_a_number_that_never_comes_holds_nobody_up(town: Town, other: psycopg.Connection[Any]) -> None:
    reader = Reader()
    town.report()
    other.execute(_AGAIN, (98,))
    town.report()
    other.rollback()
    assert reader.read() == 2


def test_newcomers_do_not_hold_up_what_is_complete(town: Town, other: psycopg.Connection[Any]) -> None:
    """Under load somebody always writes: waited for are those who wrote when the goal was set, no others."""
    reader = Reader()
    town.report()
    other.execute(_AGAIN, (98,))
    assert reader.read() == 0
    other.commit()
    other.execute(_AGAIN, (99,))
    assert reader.read() == 2


def test_a_reader_that_fails_hears_it_again_and_wrote_nothing(town: Town) -> None:
    def fails(changes: Sequence[Change]) -> None:
        rows("INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble) "
             "VALUES ('x', 'x', '{}', now(), now(), 0, '')")  # fmt: skip
        raise RuntimeError("the machine goes off")

    town.report()
    with pytest.raises(RuntimeError):
        follow("reader", fails)
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'x'") == [(0,)]
    assert Reader().read() == 1


def test_two_workers_under_one_name_share_the_log(town: Town, other: psycopg.Connection[Any]) -> None:
    town.report()
    other.execute("SELECT FROM cases_follower WHERE name = 'reader' FOR UPDATE")
    assert Reader().read() == 0, "the other one has it"
    other.rollback()
    assert Reader().read() == 1


def test_a_new_reader_may_count_what_is_there_before_it_follows(town: Town, other: psycopg.Connection[Any]) -> None:
    town.report()
    counted: list[int] = []

    def count() -> None:
        counted.append(rows("SELECT count(*) FROM cases_event")[0][0])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("SET lock_timeout = '50ms'; UPDATE cases_case SET due = due")

    reader = Reader()
    assert follow("counts", reader, begin=count) == 0
    assert counted == [1]
    town.report()
    assert follow("counts", reader, begin=count) == 1
    assert counted == [1]


def test_the_case_comes_as_it_stands_now(town: Town) -> None:
    stages: list[str] = []
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    follow("reader", lambda changes: stages.extend(change.case.stage for change in changes))
    assert stages == ["accepted", "accepted"]
