"""Records as an Excel file: the city's own fields in their order, masked unless a purpose was given; no cell is a
formula."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from yizhi import sheets
from yizhi.cases.city import profile
from yizhi.core.profile.records import said
from yizhi.doors import times
from yizhi.places.addresses import queries as places
from yizhi.registry import page as pages
from yizhi.registry.forms import lang
from yizhi.registry.queries import Record, Taking

_WIDTH = 20
#: So many addresses are asked for at once.
_PIECE = 1_000


def write(file: IO[bytes], asked: Taking, found: Iterable[Record], *, at: datetime) -> None:
    """Row after row."""
    register = profile().records.registers[asked.register]
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(said(register.name, lang())[:31])
    bold, plain = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    heads = [_("Community or grid"), _("Address"), *(said(one.label, lang()) for one in register.fields.values())]
    for column, head in enumerate(heads):
        sheet.set_column(column, column, _WIDTH)
        sheet.write_string(0, column, sheets.harmless(head), bold)
    sheet.freeze_panes(1, 0)
    line = 0
    for one, place in _placed(found):
        line += 1
        for column, text in enumerate(_cells(one, place, whole=bool(asked.purpose))):
            if text:
                sheet.write_string(line, column, sheets.harmless(text), plain)
    sheet.write_string(line + 2, 0, sheets.harmless(_last(asked, line, at)))
    book.close()


def _placed(found: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """Each with its address."""
    rest = iter(found)
    while piece := list(islice(rest, _PIECE)):
        known = places.addresses({one.address for one in piece if one.address})
        yield from ((one, known[one.address].full if one.address in known else "") for one in piece)


def _cells(one: Record, place: str, *, whole: bool) -> list[str]:
    values = one.values if whole else one.masked
    shown = (pages.shown(field, values.get(code, "")) for code, field in one.register.fields.items())
    return [pages.area_name(one.area), place, *shown]


def _last(asked: Taking, rows: int, at: datetime) -> str:
    told = _("{n} records, as of {time}").format(n=rows, time=times.full(at))
    if not asked.purpose:
        return told + _("; personal fields masked")
    purpose = profile().records.purposes.get(asked.purpose)
    return told + _("; purpose: {why}; taken out by {who}").format(
        why=said(purpose, lang()) if purpose else asked.purpose, who=asked.by
    )
