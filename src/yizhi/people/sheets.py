"""The sheet in which an office hands in its staff: what a row says, and an empty one to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from yizhi.core.errors import N_, BadFact

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000

#: Columns by what they mean. A file may head them in any language of the product, in any order.
COLUMNS: Mapping[str, Any] = {
    "login": _("Login"),
    "title": _("Shown as"),
    "email": _("E-mail"),
    "unit": _("Unit code"),
    "role": _("Role"),
    "post": _("Title of the post"),
    "since": _("First day"),
    "until": _("Last day"),
    "deputy": _("Deputy"),
}
REQUIRED = ("login", "unit", "role")
_YES = ("1", "true", "yes", "y", "是", "√", "v")


class NoSheet(BadFact):
    message = N_("The file cannot be read as a sheet (xlsx, xls, ods).")


class SheetTooLarge(BadFact):
    """Facts: most."""

    message = N_("The sheet is too large: at most {most} rows. Hand it in in parts.")


class ColumnMissing(BadFact):
    """Facts: column."""

    message = N_("The sheet has no column “{column}”.")


class CellMissing(BadFact):
    """Facts: column."""

    message = N_("“{column}” is empty.")


class NoDate(BadFact):
    """Facts: column, value."""

    message = N_("“{column}”: {value} is no date. Write 2026-03-01.")


class EndBeforeStart(BadFact):
    message = N_("The last day is before the first.")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row; `until` is the first day without, as in the register. `line` counts as the sheet does."""

    line: int
    login: str
    title: str
    email: str
    unit: str
    role: str
    post: str
    since: date | None
    until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row, in the reader's language. Line 0: with the sheet as a whole."""

    line: int
    sentence: str


def sentence(refusal: BadFact) -> str:
    """A refusal in the reader's language."""
    return gettext(refusal.message).format_map(dict(refusal.facts))


def read(content: bytes) -> tuple[list[StaffRow], list[RowFault]]:
    """The rows of the first sheet that can be understood, and the faults of the others. Empty rows are skipped."""
    try:
        cells = _cells(content)
        head = _head(cells[0] if cells else [])
    except BadFact as refusal:
        return [], [RowFault(0, sentence(refusal))]
    found: list[StaffRow] = []
    faults: list[RowFault] = []
    for line, values in enumerate(cells[1:], start=2):
        row = {column: _text(values[place]) for column, place in head.items() if place < len(values)}
        if not any(row.values()):
            continue
        try:
            found.append(_row(line, row))
        except BadFact as refusal:
            faults.append(RowFault(line, sentence(refusal)))
    return found, faults


def _cells(content: bytes) -> list[list[Any]]:
    if len(content) > MAX_BYTES:
        raise SheetTooLarge(most=MAX_ROWS)
    try:
        cells = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, ValueError, IndexError, OSError):
        raise NoSheet from None
    if len(cells) > MAX_ROWS + 1:
        raise SheetTooLarge(most=MAX_ROWS)
    return cells


def _head(first: Sequence[Any]) -> dict[str, int]:
    """Column → its place. Raises `ColumnMissing`."""
    names = _names()
    head = {names[name]: place for place, cell in enumerate(first) if (name := _text(cell).lower()) in names}
    for column in REQUIRED:
        if column not in head:
            raise ColumnMissing(column=str(COLUMNS[column]))
    return head


def _names() -> dict[str, str]:
    """How columns are headed, in every language of the product."""
    names = {column: column for column in COLUMNS}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {str(label).lower(): column for column, label in COLUMNS.items()}
    return names


def _text(cell: Any) -> str:
    """Sheets keep logins made of digits as numbers: 13800000000.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _row(line: int, values: Mapping[str, str]) -> StaffRow:
    for column in REQUIRED:
        if not values.get(column):
            raise CellMissing(column=str(COLUMNS[column]))
    since, last = _day(values, "since"), _day(values, "until")
    if since and last and last < since:
        raise EndBeforeStart
    said = dict.fromkeys(COLUMNS, "") | dict(values)
    return StaffRow(
        line=line,
        login=said["login"].lower(),
        title=said["title"],
        email=said["email"],
        unit=said["unit"],
        role=said["role"],
        post=said["post"],
        since=since,
        until=last and last + timedelta(days=1),
        deputy=said["deputy"].lower() in _YES,
    )


def _day(values: Mapping[str, str], column: str) -> date | None:
    value = values.get(column, "")
    if not value:
        return None
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(value, form).date()
        except ValueError:
            continue
    raise NoDate(column=str(COLUMNS[column]), value=value)


def template(units: Sequence[tuple[str, str]], roles: Sequence[tuple[str, str]]) -> bytes:
    """An empty sheet with the columns, and the codes of units and roles to choose from on sheets beside it."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(gettext("Staff"))
    for place, label in enumerate(COLUMNS.values()):
        sheet.write(0, place, str(label), bold)
        sheet.set_column(place, place, 20)
    for name, choices in ((gettext("Units"), units), (gettext("Roles"), roles)):
        beside = book.add_worksheet(name)
        for line, (code, label) in enumerate(choices):
            beside.write_row(line, 0, [code, label])
    book.close()
    return file.getvalue()
