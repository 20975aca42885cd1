"""From a row of a sheet to a report, by the same facts as every door's."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yizhi import sheets
from yizhi.cases import actions as cases
from yizhi.cases.actions import Contact, Reference, Report
from yizhi.cases.words import reference_key
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.place_names import PlaceNames, plain
from yizhi.imports.rules import COLUMNS, MOST_ROWS, OVER, REQUIRED, Sort
from yizhi.sheets import RowFault, SaidTwice

HEADS = {column: gettext_lazy(label) for column, label in COLUMNS.items()}


class NotYours(BadFact):
    """Facts: value."""

    message = N_("“{value}” does not lie in your area.")


class NoCategory(BadFact):
    """Facts: value."""

    message = N_("There is no category “{value}”.")


class Over(BadFact):
    """Facts: value."""

    message = N_("It is over there (“{value}”): only open matters are taken in.")


@dataclass(slots=True)
class Reader:
    """Reads rows for one person and one city; looking places up by name is prepared once."""

    sort: Sort
    by: Actor
    city: City
    at: datetime
    places: PlaceNames = field(init=False)
    categories: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by = replace(self.by, door="import")
        self.places = PlaceNames(self.city)
        for code, known in self.city.profile.categories.items():
            self.categories |= {code: code, plain(known.name_zh): code, plain(known.name_en): code}

    def report(self, row: Mapping[str, str]) -> Report:
        """Raises `BadFact` for the first thing that is wrong."""
        sheets.expect(row, HEADS, REQUIRED)
        if row.get("stage", "").lower() in OVER:
            raise Over(value=row["stage"])
        wanted, happened = (sheets.moment(row, HEADS, column) for column in ("wanted", "happened"))
        text = row["text"]
        if wanted:
            text += "\n" + _("Answer wanted by: {time}").format(time=f"{wanted:%Y-%m-%d %H:%M}")
        phone = row.get("phone", "")[:30]
        return Report(
            text=text,
            area=self._area(row["area"]),
            source=self.sort.source,
            category=self._category(row.get("category", "")),
            contact=Contact(row.get("name", "")[:40], phone),
            place=row.get("place", "")[:200],
            answerable=bool(phone),
            happened=make_aware(happened) if happened else None,
            reference=Reference(self.sort.register, row["number"]),
        )

    def _area(self, value: str) -> str:
        code = self.places.code(value)
        if not any(post.scope.holds(code) for post in self.by.posts if self.sort.act in post.acts):
            raise NotYours(value=value[:40])
        return code

    def _category(self, value: str) -> str:
        code = self.categories.get(plain(value), "") if value else ""
        if value and not code:
            raise NoCategory(value=value[:40])
        return code

    def check(self, content: bytes) -> "Look":
        """Every row, as it would be taken in; nothing is written."""
        look = Look()
        try:
            for line, row in sheets.lines(content, HEADS, REQUIRED, most=MOST_ROWS):
                look.lines.append((line, row))
        except BadFact as refusal:
            look.faults.append(RowFault(0, sheets.sentence(refusal)))
            return look
        numbers: dict[str, int] = {}
        for line, row in look.lines:
            try:
                _expect_once(row, line, numbers)
                report = self.report(row)
                look.cases.append((line, report, cases.rehearse(report, by=self.by, at=self.at)))
            except Refusal as refusal:
                look.faults.append(RowFault(line, answer_for(refusal).sentence))
        if not look.lines:
            look.faults.append(RowFault(0, _("The sheet has no rows.")))
        return look


@dataclass(slots=True)
class Look:
    """What is in a sheet: its rows, what each would become, and every fault."""

    lines: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    cases: list[tuple[int, Report, Case]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def _expect_once(row: Mapping[str, str], line: int, numbers: dict[str, int]) -> None:
    key = reference_key(row.get("number", ""))
    if key and numbers.setdefault(key, line) != line:
        raise SaidTwice(line=numbers[key])
