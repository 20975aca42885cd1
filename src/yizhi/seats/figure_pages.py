"""What the supervisor's and the leader's pages show."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from yizhi.cases.city import current
from yizhi.cases.queries import Row
from yizhi.core.actor import Actor, roots
from yizhi.doors.times import day, full
from yizhi.doors.words import place_name
from yizhi.insight import queries as insight
from yizhi.insight.queries import Reading
from yizhi.insight.rules import FLOWS
from yizhi.seats.figures import DECISIONS, PERIODS, Asked, circles, columns, head, label, rate, steps_in, table, trail
from yizhi.sheets import harmless

#: Data older than this are said to be old.
_STALE = timedelta(minutes=1)
#: The leader's six numbers, and what stands in small type beside each, so that none of them flatters.
SIX: Final = (
    ("new", ("in:reported",)),
    ("open", ("in:suspended",)),
    ("overdue", ()),
    ("near", ()),
    ("closed", ("unanswered", "declined", "transferred")),
    ("confirmed", ("unsolved", "unanswered", "pending")),
)


def shared(found: Asked, who: Actor, at: datetime) -> dict[str, Any]:
    """What all these pages say: of where, of when, from when the data are."""
    city = current()
    reading = insight.reading(at)
    return {
        "who": who,
        "asked": found,
        "city": city,
        "place": place_name(city.town.area_names, found.wanted.area, since=6),
        "unit": city.town.units.get(found.wanted.unit),
        "period": found.wanted.period,
        "days": f"{day(found.wanted.period.since)} – {day(found.wanted.period.until)}",
        "period_name": _(PERIODS.get(found.wanted.period.name, "")),
        "periods": [(name, _(text), found) for name, text in PERIODS.items()],
        "as_of": _as_of(reading, at),
        "doubtful": reading is None or not reading.whole or _stale(reading, at),
        "label": label,
    }


def _stale(reading: Reading, at: datetime) -> bool:
    return at - reading.upto > _STALE


def _as_of(reading: Reading | None, at: datetime) -> str:
    """From when the numbers are, and what they lack."""
    if reading is None:
        return _("Nothing is counted yet. The first count begins within a minute.")
    if not reading.whole:
        share = f"{int(reading.share * 100)}%"
        return _("The past is being counted, %(share)s so far: these numbers are too low.") % {"share": share}
    if _stale(reading, at):
        told = _("Data only of %(time)s: the count stands still. Tell your administrator.")
    else:
        told = _("Data of %(time)s")
    return told % {"time": full(reading.upto)}


def overview(found: Asked, who: Actor, at: datetime) -> dict[str, Any]:
    told = table(found, who, at)
    return shared(found, who, at) | {
        "table": told,
        "columns": columns(found.by),
        "head": head,
        "circles": circles(found, told.whole),
        "trail": trail(found, who),
        "roots": _others(found, who),
    }


def _others(found: Asked, who: Actor) -> list[tuple[str, str]]:
    """For who looks after several places apart: each of them."""
    names, mine = current().town.area_names, roots(who)
    return [(place_name(names, code), found.address("figures", area=code)) for code in mine] if len(mine) > 1 else []


def behind(found: Asked, who: Actor, rows: Sequence[Row], more: bool, at: datetime) -> dict[str, Any]:
    total = insight.numbers(who, found.wanted, at=at)[found.what]
    return shared(found, who, at) | {
        "dated": found.what in FLOWS,
        "rows": rows,
        "total": total,
        "before": found.cases(found.what, page=str(found.page - 1)) if found.page > 1 else "",
        "after": found.cases(found.what, page=str(found.page + 1)) if more else "",
        "steps_in": steps_in(who),
    }


def brief(found: Asked, who: Actor, at: datetime) -> dict[str, Any]:
    numbers = insight.numbers(who, found.wanted, at=at)
    return shared(found, who, at) | {
        "numbers": numbers,
        "six": SIX,
        "rate": rate(numbers),
        "circles": circles(found, numbers),
        "decisions": DECISIONS,
        "knots": insight.oldest(who, found.wanted.area),
    }


def sheet(found: Asked, who: Actor, at: datetime) -> HttpResponse:
    """The table as a workbook: the heads as on the page, a line for each area or unit, the sum last."""
    told, groups = table(found, who, at), columns(found.by)
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page, bold = book.add_worksheet(_("Figures")), book.add_format({"bold": True, "text_wrap": True})
    said, days = shared(found, who, at), found.wanted.period
    page.write_string(0, 0, harmless(f"{said['place']}  {days.since} – {days.until}"), bold)
    page.write_string(1, 0, said["as_of"])
    page.write_string(2, 0, _("Unit") if found.by == "unit" else _("Region"), bold)
    for place_in_row, what in enumerate((what for _group, whats in groups for what in whats), start=1):
        page.write_string(2, place_in_row, label_of_column(what), bold)
    for number, line in enumerate([*told.lines, told.total], start=3):
        page.write_string(number, 0, harmless(line.name))
        for place_in_row, cell in enumerate(line.cells, start=1):
            if cell.text.isdecimal():
                page.write_number(number, place_in_row, int(cell.text))
            else:
                page.write_string(number, place_in_row, cell.text)
    page.set_column(0, 0, 28)
    page.freeze_panes(3, 1)
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    book.close()
    answer = HttpResponse(made.getvalue(), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="figures-{found.wanted.area}-{days.until}.xlsx"'
    return answer


#: As Excel numbers paper.
_A4: Final = 9
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def label_of_column(what: str) -> str:
    return _("Solved, says the reporter: share of the closed") if what == "RATE" else label(what)
