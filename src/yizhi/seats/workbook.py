"""A list as an Excel file, in the columns that officials file: real dates, numbers as text, ready for A4 landscape.

What people wrote stays words. No cell is a formula, and none becomes one when the file is saved as CSV and opened
again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from yizhi.cases.queries.sheet import Filed
from yizhi.core.city import City
from yizhi.doors import times, words
from yizhi.sheets import harmless

_A4: Final = 9


_Value = str | datetime | None


@dataclass(frozen=True, slots=True)
class _Column:
    """`value` gives a text, a date or None. `by`: the one field that it depends on, where looking it up costs more than
    remembering it for the rows that follow."""

    title: str
    width: int
    value: Callable[[Filed, City, datetime], _Value]
    by: str = ""


def _place(width: int) -> Callable[[Filed, City, datetime], str]:
    """The name at one width of the area's code."""

    def named(row: Filed, city: City, at: datetime) -> str:
        code = row.area[:width]
        if len(code) < width:
            return ""
        above = words.place_name(city.town.area_names, row.area[:12], since=12) if width == 15 else ""
        return words.place_name(city.town.area_names, code, since=width).removeprefix(above)

    return named


def _unit(code: str, city: City) -> str:
    unit = city.town.units.get(code)
    return unit.name if unit else code


def _group(row: Filed, city: City, at: datetime) -> str:
    known = city.profile.categories.get(row.category)
    return words.category_name(city.profile, known.parent) if known and known.parent else ""


def _left(row: Filed, city: City, at: datetime) -> str:
    return times.left(row.due, at).text if row.due else ""


def _answer(row: Filed, city: City, at: datetime) -> str:
    if row.answer == "close_unanswered":
        return words.move_name(row.answer, row.kind)
    return words.choice_name(row.answer) if row.answer else ""


_COLUMNS: Final = (
    _Column(N_("Number"), 18, lambda row, city, at: row.number),
    _Column(N_("Source"), 10, lambda row, city, at: words.source_name(row.source) if row.source else "", "source"),
    _Column(N_("Time of report"), 16, lambda row, city, at: row.reported),
    _Column(N_("District"), 10, _place(6), "area"),
    _Column(N_("Street"), 12, _place(9), "area"),
    _Column(N_("Community"), 12, _place(12), "area"),
    _Column(N_("Grid"), 12, _place(15), "area"),
    _Column(N_("Place"), 18, lambda row, city, at: row.place),
    _Column(N_("Kind"), 12, lambda row, city, at: words.kind_name(city.kinds[row.kind]), "kind"),
    _Column(N_("Main category"), 12, _group, "category"),
    _Column(N_("Subcategory"), 14, lambda row, city, at: words.category_name(city.profile, row.category), "category"),
    _Column(N_("What it is"), 40, lambda row, city, at: row.text),
    _Column(N_("Present stage"), 12, lambda row, city, at: words.stage_name(row.stage, row.kind)),
    _Column(N_("Unit in charge"), 18, lambda row, city, at: _unit(row.lead or row.holder, city)),
    _Column(N_("Assisting units"), 18, lambda row, city, at: "、".join(_unit(code, city) for code in row.assists)),
    _Column(N_("Time limit of the work"), 16, lambda row, city, at: row.due),
    _Column(N_("Left or late"), 12, _left),
    _Column(
        N_("Supervision"), 10, lambda row, city, at: words.supervision_name(row.supervision) if row.supervision else ""
    ),
    _Column(N_("Way it ended"), 12, lambda row, city, at: words.choice_name(row.result) if row.result else ""),
    _Column(N_("What was fed back"), 36, lambda row, city, at: row.told),
    _Column(N_("What the reporter said"), 12, _answer),
    _Column(N_("Time of the end"), 16, lambda row, city, at: row.ended),
)


def write(file: IO[bytes], rows: Iterable[Filed], city: City, *, at: datetime, most: int, narrowed: str) -> int:
    """Writes the file, row after row; how many rows it holds. `narrowed` says in words which list this is."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Matters"))
    date = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    text = book.add_format({"valign": "top", "text_wrap": True, "num_format": "@"})
    _set_up(sheet, book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True}))
    count, cut = 0, False
    known: dict[tuple[str, str], _Value] = {}
    for row in rows:
        cut = count == most
        if cut:
            break
        count += 1
        for place, column in enumerate(_COLUMNS):
            _put(sheet, count, place, _value(column, row, city, at, known), text, date)
    sheet.autofilter(0, 0, count, len(_COLUMNS) - 1)
    for place, said in enumerate(_last_lines(count, cut, narrowed, at)):
        sheet.write_string(count + 2 + place, 0, said)
    book.close()
    return count


def _value(column: _Column, row: Filed, city: City, at: datetime, known: dict[tuple[str, str], _Value]) -> _Value:
    if not column.by:
        return column.value(row, city, at)
    key = (column.title, getattr(row, column.by))
    if key not in known:
        known[key] = column.value(row, city, at)
    return known[key]


def _set_up(sheet: Any, head: Any) -> None:
    """The frozen header, widths, and the paper."""
    for place, column in enumerate(_COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, _(column.title), head)
    sheet.freeze_panes(1, 1)
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")


def _put(sheet: Any, line: int, place: int, value: _Value, text: Any, date: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(line, place, localtime(value).replace(tzinfo=None, microsecond=0), date)
    elif value:
        sheet.write_string(line, place, harmless(value), text)


def _last_lines(count: int, cut: bool, narrowed: str, at: datetime) -> Iterator[str]:
    yield _("{n} matters, as of {time}").format(n=count, time=times.full(at))
    yield narrowed
    if cut:
        yield _("Only the first {n} are here; there are more. Narrow the list, for example by day.").format(n=count)
