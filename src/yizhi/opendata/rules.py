"""Which numbers are told: small ones are left out, and as many beside them as would give them away. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

By = Literal["all", "area", "category"]
#: Fewer than this are told as nothing: who knows the place would know who is meant.
LEAST = 5
#: So many months back, the present one among them.
MONTHS = 13
#: What became of what was reported: together they are all of it.
PARTS: Final = ("closed", "declined", "pending", "other")


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one street or group of categories; `hours`: the median until it was closed."""

    code: str
    reported: int
    closed: int
    declined: int
    pending: int
    other: int
    confirmed: int
    hours: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """The same as it is told: None for what is left out."""

    code: str
    reported: int | None
    closed: int | None
    declined: int | None
    pending: int | None
    other: int | None
    confirmed: int | None
    hours: float | None


def told(rows: Sequence[Counted], total: Counted) -> list[Told]:
    """The rows of one table, and last what they come to."""
    every = (*rows, total)
    table = [[row.reported, *(getattr(row, part) for part in PARTS)] for row in every]
    hidden = covered(table)
    confirmed = _confirmed(every, [gone for _, gone, *_rest in hidden])
    return [_told(*one) for one in zip(every, table, hidden, confirmed, strict=True)]


def _told(row: Counted, numbers: Sequence[int], hidden: Sequence[bool], confirmed: int | None) -> Told:
    shown = [None if gone else n for n, gone in zip(numbers, hidden, strict=True)]
    reported, closed, declined, pending, other = shown
    enough = closed is not None and closed >= LEAST
    hours = round(row.hours, 1) if enough and row.hours is not None else None
    return Told(row.code, reported, closed, declined, pending, other, confirmed, hours)


def _confirmed(every: Sequence[Counted], hidden: Sequence[bool]) -> list[int | None]:
    """How many said that it is solved: a column by itself, in which no gap stands alone either."""
    gone = [hide or _small(row.confirmed) for row, hide in zip(every, hidden, strict=True)]
    if sum(gone) == 1:
        rest = [(i == len(every) - 1, row.confirmed, i) for i, row in enumerate(every) if not gone[i]]
        for _, _, second in sorted(rest)[:1]:
            gone[second] = True
    return [None if hide else row.confirmed for row, hide in zip(every, gone, strict=True)]


def _small(number: int) -> bool:
    return 0 < number < LEAST


def covered(table: Sequence[Sequence[int]]) -> list[list[bool]]:
    """Which cells are left out. The first column is the sum of the others, the last row the sum of those above: a line
    in which one cell alone is left out would tell it, so a second one goes, the smallest."""
    hidden = [[_small(number) for number in row] for row in table]
    while found := next(_betraying(table, hidden), None):
        hidden[found[0]][found[1]] = True
    return hidden


def _betraying(table: Sequence[Sequence[int]], hidden: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int]]:
    """For each line with one cell left out: the cell that is to go with it."""
    height, width = len(table), len(table[0])
    rows = [[(i, j) for j in range(width)] for i in range(height)]
    columns = [[(i, j) for i in range(height)] for j in range(width)]
    for line in rows + columns if height > 1 else rows:
        if sum(hidden[i][j] for i, j in line) == 1:
            rest = [(i, j) for i, j in line if not hidden[i][j]]
            # The sums last: they stand in other tables too. A nought leaves fewer ways to share the rest.
            yield min(rest, key=lambda cell: _worth(table, *cell))


def _worth(table: Sequence[Sequence[int]], row: int, column: int) -> tuple[object, ...]:
    """What goes first is the least."""
    number = table[row][column]
    return row == len(table) - 1, column == 0, number == 0, number, row, column


def months(day: date) -> list[date]:
    """The first days of the months that are told, the newest first."""
    last = day.year * 12 + day.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last, last - MONTHS, -1)]


def month_of(text: str, day: date) -> date:
    """ "2026-10", if it is told; else the newest."""
    known = months(day)
    return next((month for month in known if f"{month:%Y-%m}" == text), known[0])


def following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
