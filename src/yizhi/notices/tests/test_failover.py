"""Which sender takes the next message, and when it changes: by given times, without waiting."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yizhi.notices.failover import APART, PROBE, Board, Lane

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def board(**weights: int) -> Board:
    return Board([Lane(name, weight, slow=2.0) for name, weight in weights.items()])


def feed(found: Board, name: str, seconds: float, at: datetime, times: int = 5) -> None:
    for _ in range(times):
        found.took(name, seconds, at)


def test_by_weight_evenly_mixed() -> None:
    found = board(big=3, small=1, spare=0)
    first = [found.order(AT)[0] for _ in range(400)]
    assert Counter(first) == {"big": 300, "small": 100}
    assert "small" in first[:4], "not a hundred of the one and then of the other"
    assert found.order(AT)[-1] == "spare", "tried when the others fail"


def test_a_slow_one_is_set_aside_when_another_is_better() -> None:
    found = board(one=1, two=1)
    feed(found, "one", 9.0, AT)
    feed(found, "two", 0.1, AT)
    change = found.review(AT)
    assert change
    assert (change.name, change.out, change.delay) == ("one", True, 9.0)
    assert {found.order(AT + SECOND)[0] for _ in range(9)} == {"two"}


def test_when_all_are_slow_nothing_changes() -> None:
    found = board(one=1, two=1)
    feed(found, "one", 9.0, AT)
    feed(found, "two", 3.0, AT)
    assert found.review(AT) is None


def test_one_alone_is_never_set_aside() -> None:
    found = board(one=1)
    feed(found, "one", 99.0, AT)
    assert found.review(AT) is None
    assert found.order(AT) == ["one"]


def test_two_measurements_say_nothing() -> None:
    found = board(one=1, two=1)
    feed(found, "one", 9.0, AT, times=2)
    assert found.review(AT) is None


def test_not_oftener_than_every_five_minutes() -> None:
    found = board(one=1, two=1)
    feed(found, "one", 9.0, AT)
    assert found.review(AT)
    feed(found, "two", 9.0, AT)
    feed(found, "one", 0.1, AT, times=20)
    assert found.review(AT + APART - SECOND) is None
    change = found.review(AT + APART)
    assert change
    assert (change.name, change.out) == ("one", False)


def test_who_is_set_aside_gets_one_now_and_then_and_comes_back_when_it_is_quick() -> None:
    found = board(one=1, two=1)
    feed(found, "one", 9.0, AT)
    assert found.review(AT)
    at, probes = AT, 0
    while at < AT + APART:
        at += SECOND
        if found.order(at)[0] == "one":
            found.took("one", 0.1, at)
            probes += 1
    assert probes == APART // PROBE
    feed(found, "one", 0.1, at, times=15)
    change = found.review(at)
    assert change
    assert not change.out


def test_a_spare_serves_while_the_others_are_set_aside() -> None:
    found = board(one=1, spare=0)
    feed(found, "one", 9.0, AT)
    assert found.review(AT), "a spare that nobody has measured is not slow"
    assert {found.order(AT + SECOND)[0] for _ in range(5)} == {"spare"}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 20), st.integers(0, 90)), max_size=300))
def test_whatever_is_measured_changes_lie_apart_and_somebody_serves(steps: list[tuple[str, float, int]]) -> None:
    found, at, changes = board(a=2, b=1, c=0), AT, []
    for name, seconds, gone in steps:
        at += gone * SECOND
        found.took(name, seconds, at)
        slow_all = all(lane.is_slow(at) for lane in found.lanes if not lane.out)
        change = found.review(at)
        if change:
            changes.append(change)
            assert not (change.out and slow_all), "changing over helps nobody when all are slow"
        assert any(not lane.out for lane in found.lanes)
        assert sorted(found.order(at)) == ["a", "b", "c"]
    assert all(later.at - earlier.at >= APART for earlier, later in zip(changes, changes[1:], strict=False))
