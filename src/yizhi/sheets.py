"""Sheets that people hand in (xlsx, xls, ods, csv), and empty ones to fill in. Whatever is wrong is one sentence with
the line; a cell that a spreadsheet would take for a formula is refused, and so is a file that unpacks into far more
than it is."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from python_calamine import CalamineError, CalamineWorkbook

from yizhi.core.errors import N_, BadFact

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
_PACKED = 20
_COLUMNS = 60

#: What a spreadsheet takes for the beginning of a formula; a sign before digits is a number, or a telephone.
_FORMULA: Final = re.compile(r"[=@＝＠\t\r]|[-+－＋](?![\d\s])")
#: The same in what we write, where it is not refused.
_ARMED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: A cell of Excel holds no more.
_LONGEST: Final = 32_000
_MOMENTS: Final = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
_SIGNS: Final = str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": " ", "T": " "})
Columns = Mapping[str, Any]


class NoSheet(BadFact):
    message = N_("The file cannot be read as a sheet (xlsx, xls, ods or csv).")


class SheetTooLarge(BadFact):
    """Facts: most."""

    message = N_("The sheet is too large: at most {most} rows. Hand it in in parts.")


class TooWide(BadFact):
    """Facts: columns, most."""

    message = N_("The sheet has {columns} columns; at most {most} are read. Delete the empty and unneeded ones.")


class Merged(BadFact):
    """Facts: where."""

    message = N_("The sheet has merged cells ({where}). Unmerge them and fill in every row, then hand it in again.")


class ColumnMissing(BadFact):
    """Facts: column."""

    message = N_("The sheet has no column “{column}”.")


class CellMissing(BadFact):
    """Facts: column."""

    message = N_("“{column}” is empty.")


class NoDate(BadFact):
    """Facts: column, value."""

    message = N_("“{column}”: {value} is no date. Write 2026-03-01.")


class Formula(BadFact):
    """Facts: column, value."""

    message = N_("“{column}”: “{value}” begins like a formula. Please write it as plain words.")


class SaidTwice(BadFact):
    """Facts: line."""

    message = N_("Line {line} says the same.")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row, in the reader's language. Line 0: with the sheet as a whole."""

    line: int
    sentence: str


def sentence(refusal: BadFact) -> str:
    """A refusal in the reader's language."""
    return gettext(refusal.message).format_map(dict(refusal.facts))


def lines(
    content: bytes, columns: Columns, required: Iterable[str], *, most: int = MAX_ROWS, size: int = MAX_BYTES
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of the first sheet by column, with their line as the sheet counts; empty ones are skipped.

    Raises `NoSheet`, `SheetTooLarge`, `TooWide`, `Merged`, `ColumnMissing`.
    """
    rows = _cells(content, most, size)
    head = _head(rows[0] if rows else [], columns, required)
    for line, values in enumerate(rows[1:], start=2):
        row = {column: _text(values[place]) for column, place in head.items() if place < len(values)}
        if any(row.values()):
            yield line, row


def expect(row: Mapping[str, str], columns: Columns, required: Iterable[str]) -> None:
    """Raises `CellMissing` or `Formula` for the first cell that cannot be."""
    for column in required:
        if not row.get(column):
            raise CellMissing(column=str(columns[column]))
    for column, value in row.items():
        if _FORMULA.match(value):
            raise Formula(column=str(columns[column]), value=value[:20])


def moment(row: Mapping[str, str], columns: Columns, column: str) -> datetime | None:
    """A day, or a moment of it, as people write it in sheets; None for an empty cell."""
    value = row.get(column, "")
    if not value:
        return None
    plain = value.translate(_SIGNS).strip()
    for form in _MOMENTS:
        try:
            return datetime.strptime(plain, form)
        except ValueError:
            continue
    raise NoDate(column=str(columns[column]), value=value[:20])


def _cells(content: bytes, most: int, size: int) -> list[list[Any]]:
    if len(content) > size:
        raise SheetTooLarge(most=most)
    rows = _table(content, most, size) if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") else _comma(content)
    if len(rows) > most + 1:
        raise SheetTooLarge(most=most)
    if rows and len(rows[0]) > _COLUMNS:
        raise TooWide(columns=len(rows[0]), most=_COLUMNS)
    return rows


def _table(content: bytes, most: int, size: int) -> list[list[Any]]:
    try:
        if content.startswith(b"PK"):
            _unpack(content, most, size * _PACKED)
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        _expect_whole(sheet.merged_cell_ranges or ())
        return sheet.to_python(nrows=most + 2)
    except (CalamineError, BadZipFile, ValueError, IndexError, OSError, NotImplementedError):
        raise NoSheet from None


def _expect_whole(merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Of merged cells only the first has a value: the rows below would come without it."""
    for (line, column), (last, _) in merged:
        if last > line:
            letter = chr(ord("A") + column) if column < 26 else f"{column + 1}"
            raise Merged(where=f"{letter}{line + 1}:{letter}{last + 1}")


def _unpack(content: bytes, most: int, left: int) -> None:
    """A packed file says how large it is, and may lie: it is unpacked, and thrown away, before anybody reads it."""
    with ZipFile(BytesIO(content)) as packed:
        for part in packed.infolist():
            with packed.open(part) as stream:
                while piece := stream.read(1 << 16):
                    left -= len(piece)
                    if left < 0:
                        raise SheetTooLarge(most=most)


def _comma(content: bytes) -> list[list[Any]]:
    """Comma-separated values, in UTF-8 or as Chinese offices save them."""
    if b"\0" in content:
        raise NoSheet
    for coding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(coding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NoSheet
    try:
        return [list(row) for row in csv.reader(StringIO(text, newline=""), strict=True)]
    except csv.Error:
        raise NoSheet from None


def _head(first: Sequence[Any], columns: Columns, required: Iterable[str]) -> dict[str, int]:
    """Column → its place."""
    names = _names(columns)
    head = {names[name]: place for place, cell in enumerate(first) if (name := _text(cell).lower()) in names}
    for column in required:
        if column not in head:
            raise ColumnMissing(column=str(columns[column]))
    return head


def _names(columns: Columns) -> dict[str, str]:
    """How columns are headed, in every language of the product."""
    names = {column: column for column in columns}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {str(label).lower(): column for column, label in columns.items()}
    return names


def _text(cell: Any) -> str:
    """Sheets keep logins and telephones made of digits as numbers: 13800000000.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if (cell.hour, cell.minute) == (0, 0) else f"{cell:%Y-%m-%d %H:%M}"
    return str(cell).strip()


def harmless(said: str) -> str:
    """Words that a spreadsheet cannot take for a formula, also when it saves them as CSV and opens that; without what
    a cell cannot hold."""
    clean = "".join(char for char in said if char >= " " or char in "\n\t")[:_LONGEST]
    return f"'{clean}" if clean.startswith(_ARMED) else clean


def template(
    title: str,
    columns: Columns,
    beside: Mapping[str, Sequence[tuple[str, str]]],
    filled: Iterable[Sequence[str]] = (),
) -> bytes:
    """An empty sheet with the columns as text, or `filled` with what is known already, to be put right and handed in
    again; what there is to choose from on sheets beside it."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(title)
    for place, label in enumerate(columns.values()):
        sheet.write_string(0, place, str(label), bold)
        sheet.set_column(place, place, 20, plain)
    sheet.freeze_panes(1, 0)
    for line, values in enumerate(filled, start=1):
        for place, value in enumerate(values):
            sheet.write_string(line, place, harmless(value), plain)
    for name, choices in beside.items():
        other = book.add_worksheet(name)
        for line, (code, label) in enumerate(choices):
            other.write_string(line, 0, code)
            other.write_string(line, 1, harmless(label))
        other.set_column(0, 1, 28)
    book.close()
    return file.getvalue()
