"""How fast is too fast: bursts pass, a flood does not, and one address never slows another."""

from yizhi.doors.buckets import Buckets, Reports


def test_a_burst_passes_then_the_pace_counts() -> None:
    buckets = Buckets(60, 3)
    assert [buckets.take("a", 0.0) for _ in range(3)] == [0.0] * 3
    assert buckets.take("a", 0.0) == 1.0
    assert buckets.take("a", 0.5) == 0.5
    assert buckets.take("a", 1.0) == 0.0
    assert buckets.take("a", 1.0) > 0


def test_rest_fills_the_bucket_but_never_over_its_rim() -> None:
    buckets = Buckets(60, 2)
    assert [buckets.take("a", 1000.0) > 0 for _ in range(3)] == [False, False, True]
    assert [buckets.take("a", 9000.0) > 0 for _ in range(3)] == [False, False, True]


def test_each_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(60, 1)
    assert [buckets.take(key, 0.0) for key in ("a", "b")] == [0.0, 0.0]
    assert buckets.take("a", 0.0) > 0


def test_the_quietest_is_forgotten_first() -> None:
    buckets = Buckets(60, 1, most_keys=2)
    for key in ("a", "b", "a", "c"):
        buckets.take(key, 0.0)
    assert buckets.take("a", 0.0) > 0
    assert buckets.take("b", 0.0) == 0.0


def test_nought_is_no_limit() -> None:
    assert not any(Buckets(0, 0).take("a", 0.0) for _ in range(100))


def test_a_full_code_leaves_the_others_of_an_address_open_up_to_what_all_may_have() -> None:
    reports = Reports(60, 2, in_all=2)
    assert [reports.take("village", "one", 0.0) > 0 for _ in range(9)] == [False, False] + [True] * 7
    assert [reports.take("village", "two", 0.0) > 0 for _ in range(3)] == [False, False, True]
    assert reports.take("village", "three", 0.0) > 0, "four in all"
    assert reports.take("elsewhere", "one", 0.0) == 0.0
