"""Reading and wishing: everybody for oneself."""

from datetime import datetime, timedelta

import pytest

from yizhi.cases.testing import Town, rows
from yizhi.core.errors import NotFound
from yizhi.core.profile import Notices
from yizhi.notices import actions, queries
from yizhi.notices.actions import Told


def tell(town: Town, login: str, cause: str, number: str = "XH0000001") -> None:
    actions.tell([Told(town.cast.ids[login], number, cause, "", None, 0)], town.at)


def read_all(town: Town, seen: datetime) -> int:
    shown = [one.id for one in queries.notices(town.cast.chen).unread]
    return actions.read_all(shown, seen, by=town.cast.chen, at=town.at)


def test_unread_first_then_what_was_read(town: Town) -> None:
    tell(town, "chen", "new")
    tell(town, "chen", "urged")
    tell(town, "gao", "new")
    assert queries.unread(town.cast.chen) == 2
    one, two = queries.notices(town.cast.chen).unread
    assert {one.cause, two.cause} == {"new", "urged"}
    assert actions.read(one.id, by=town.cast.chen, at=town.at) == "XH0000001"
    found = queries.notices(town.cast.chen)
    assert ([one.id for one in found.unread], [one.id for one in found.read]) == ([two.id], [one.id])
    assert queries.unread(town.cast.gao) == 1


def test_somebody_elses_notice_does_not_exist(town: Town) -> None:
    tell(town, "chen", "new")
    (one,) = queries.notices(town.cast.chen).unread
    with pytest.raises(NotFound):
        actions.read(one.id, by=town.cast.gao, at=town.at)
    assert queries.notices(town.cast.gao).unread == []


def test_all_read_means_all_that_was_shown(town: Town) -> None:
    tell(town, "chen", "new")
    seen = town.at
    town.pass_(seconds=1)
    tell(town, "chen", "urged")
    assert read_all(town, seen) == 1
    (left,) = queries.notices(town.cast.chen).unread
    assert left.cause == "urged"


def test_all_read_leaves_what_had_no_room_or_was_said_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_UNREAD", 2)
    for number in ("XH0000001", "XH0000002", "XH0000003"):
        tell(town, "chen", "new", number)
    shown, seen = queries.notices(town.cast.chen).unread, town.at
    assert [one.number for one in shown] == ["XH0000003", "XH0000002"]
    town.pass_(seconds=1)
    tell(town, "chen", "new", "XH0000003")
    tell(town, "gao", "new")
    (gaos,) = queries.notices(town.cast.gao).unread
    assert actions.read_all([one.id for one in (*shown, gaos)], seen, by=town.cast.chen, at=town.at) == 1
    assert {one.number for one in queries.notices(town.cast.chen).unread} == {"XH0000001", "XH0000003"}
    assert queries.unread(town.cast.gao) == 1


def test_after_it_was_read_the_same_may_be_told_again(town: Town) -> None:
    tell(town, "chen", "urged")
    read_all(town, town.at)
    tell(town, "chen", "urged")
    found = queries.notices(town.cast.chen)
    assert (len(found.unread), len(found.read)) == (1, 1)


def test_read_ones_come_a_hundred_at_a_time(town: Town) -> None:
    for number in range(103):
        tell(town, "chen", "new", f"XH{number:07}")
    read_all(town, town.at)
    first = queries.notices(town.cast.chen)
    assert (len(first.read), first.older) == (100, 100)
    rest = queries.notices(town.cast.chen, skip=100)
    assert (len(rest.read), rest.older) == (3, None)
    assert not {one.id for one in first.read} & {one.id for one in rest.read}


def test_nobody_counts_beyond_a_hundred(town: Town) -> None:
    for number in range(queries.MOST + 5):
        tell(town, "chen", "new", f"XH{number:07}")
    assert queries.unread(town.cast.chen) == queries.MOST + 1


def test_what_was_told_is_forgotten_in_time(town: Town) -> None:
    tell(town, "chen", "new")
    plan = Notices(kept_days=90)
    assert actions.forget(plan, town.at + timedelta(days=90)) == 0
    assert actions.forget(plan, town.at + timedelta(days=90, seconds=1)) == 1
    assert rows("SELECT count(*) FROM notices_notice") == [(0,)]
