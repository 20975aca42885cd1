"""Small numbers are left out, and so is what would tell them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yizhi.opendata.rules import LEAST, Counted, covered, following, month_of, months, told

NUMBERS = st.integers(min_value=0, max_value=30)
LINES = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=8)


def table_of(lines: list[tuple[int, int, int, int]]) -> list[list[int]]:
    rows = [[sum(line), *line] for line in lines]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


@given(LINES)
def test_no_small_number_is_told_and_none_is_alone_in_its_line(lines: list[tuple[int, int, int, int]]) -> None:
    table = table_of(lines)
    hidden = covered(table)
    assert all(gone for row, marks in zip(table, hidden, strict=True) for n, gone in zip(row, marks, strict=True)
               if 0 < n < LEAST)  # fmt: skip
    assert all(sum(marks) != 1 for marks in hidden)
    assert all(sum(column) != 1 for column in zip(*hidden, strict=True))


@given(LINES, LINES)
def test_of_the_sum_the_same_is_told_in_either_table(
    lines: list[tuple[int, int, int, int]], other: list[tuple[int, int, int, int]]
) -> None:
    """Else one of them would tell what the other leaves out."""
    total = table_of(lines)[-1]
    rest = [a - b for a, b in zip(total[1:], map(sum, zip(*other, strict=True)), strict=True)]
    if any(n < 0 for n in rest):
        return
    second = table_of([*other, (rest[0], rest[1], rest[2], rest[3])])
    assert second[-1] == total
    assert covered(table_of(lines))[-1] == covered(second)[-1]


def row(code: str, *parts: int, confirmed: int = 0, hours: float | None = None) -> Counted:
    return Counted(code, sum(parts), *parts, confirmed=confirmed, hours=hours)  # type: ignore[misc]


def test_what_only_a_few_said_or_waited_for_is_not_told() -> None:
    few, many = row("1", 3, 0, 9, 0, hours=2.0), row("2", 20, 0, 9, 0, confirmed=18, hours=30.04)
    one, other, total = told([few, many], row("", 23, 0, 18, 0, confirmed=18, hours=20.0))
    assert (one.closed, one.pending, one.hours, one.confirmed) == (None, None, None, None)
    assert (other.closed, other.pending) == (None, None)  # else the sum would tell it
    assert (total.reported, total.closed, total.confirmed, total.hours) == (41, 23, 18, 20.0)
    both = [row("1", 20, 0, 9, 0, confirmed=18, hours=30.04), row("2", 20, 0, 9, 0, confirmed=2, hours=1.0)]
    one, other, total = told([*both, row("3", 20, 0, 9, 0, confirmed=17)], row("", 60, 0, 27, 0, confirmed=37))[:3]
    assert (one.confirmed, one.hours, other.confirmed, total.confirmed) == (18, 30.0, None, None)


def test_thirteen_months_back() -> None:
    known = months(date(2026, 1, 31))
    assert (known[0], known[1], known[-1]) == (date(2026, 1, 1), date(2025, 12, 1), date(2025, 1, 1))
    assert month_of("2025-12", date(2026, 1, 31)) == date(2025, 12, 1)
    assert month_of("1999-12", date(2026, 1, 31)) == date(2026, 1, 1)
    assert following(date(2025, 12, 1)) == date(2026, 1, 1)
