"""What forms cost whoever works here, by street and never by person: what each saves, and what is too little to be
shown. Pure; measured in `doors.effort`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from yizhi.core.errors import N_

Key = TypeVar("Key")
#: Fewer forms than these in a cell are not shown: a name could be guessed.
LEAST: Final = 5
WEEKS: Final = 8
#: What a form of a move would have to ask once more on paper, and what a report would.
OF_A_MOVE: Final = (
    N_("number"), N_("place"), N_("category"), N_("what was reported"), N_("unit"), N_("name"), N_("time"),
)  # fmt: skip
OF_A_REPORT: Final = (N_("unit"), N_("name"), N_("time"), N_("street and community"))

SEATS: Final = {
    "field": N_("On the telephone, outside"),
    "desk": N_("At the desk"),
    "hotline": N_("At the hotline"),
    "imports": N_("Imports"),
    "wishes": N_("Wish mailbox"),
    "talks": N_("Online chat"),
    "enterprises": N_("Enterprises"),
    "records": N_("Base records"),
    "patrols": N_("Patrols"),
    "notices": N_("Notices"),
    "suggest": N_("Suggestions"),
    "services": N_("Visits and services"),
    "reporters": N_("Special reporters"),
    "admin": N_("Back office"),
}
FORMS: Final = {"new": N_("Report"), "bulk": N_("Several at once"), "call": N_("Call"), "letter": N_("Letter")}


@dataclass(frozen=True, slots=True)
class Sum:
    """Forms of one sort in some days: how many, those with a time, their seconds, the fields that were filled in."""

    forms: int = 0
    timed: int = 0
    seconds: int = 0
    asked: int = 0
    saved: int = 0

    @property
    def shown(self) -> bool:
        return self.forms >= LEAST

    @property
    def each(self) -> int:
        """Seconds of one form, of those that were not left lying."""
        return round(self.seconds / self.timed) if self.timed else 0

    @property
    def minutes(self) -> int:
        """About: forms that were left lying are taken for as long as the others."""
        return round(self.each * self.forms / 60)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.forms + other.forms,
            self.timed + other.timed,
            self.seconds + other.seconds,
            self.asked + other.asked,
            self.saved + other.saved,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured of one form in one week."""

    week: date
    seat: str
    form: str
    sum: Sum


def saved(form: str, forms: int) -> int:
    """Fields that nobody had to fill in again, for the product knew them."""
    if form.startswith("move:"):
        return forms * len(OF_A_MOVE)
    return forms * len(OF_A_REPORT) if form == "new" else 0


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(lines: Iterable[Line], today: date) -> list[tuple[date, Sum]]:
    """The last eight weeks, the newest first, also those without a form."""
    first = monday(today)
    found = {first - timedelta(weeks=number): Sum() for number in range(WEEKS)}
    for line in lines:
        if line.week in found:
            found[line.week] += line.sum
    return list(found.items())


def by_seat(lines: Sequence[Line], week: date) -> list[tuple[str, Sum]]:
    """Of one week, the costliest first."""
    return _costliest((line.seat, line.sum) for line in lines if line.week == week)


def by_form(lines: Sequence[Line], most: int = 8) -> list[tuple[tuple[str, str], Sum]]:
    """Of all weeks: which forms take the most time."""
    return _costliest(((line.seat, line.form), line.sum) for line in lines)[:most]


def _costliest(parts: Iterable[tuple[Key, Sum]]) -> list[tuple[Key, Sum]]:
    found: dict[Key, Sum] = {}
    for key, part in parts:
        found[key] = found.get(key, Sum()) + part
    return sorted(((key, one) for key, one in found.items() if one.shown), key=lambda one: -one[1].minutes)
