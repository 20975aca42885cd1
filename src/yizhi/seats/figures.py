"""The supervisor's pages: from an address to what is counted, and from numbers to columns, rows and links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from yizhi.cases.city import current
from yizhi.core.actor import Actor, roots
from yizhi.core.errors import NotFound
from yizhi.core.town import ancestors
from yizhi.doors.words import place_name
from yizhi.insight import queries as insight
from yizhi.insight.queries import Numbers, Wanted
from yizhi.insight.rules import CIRCLES, KNOWN, period, sees_area

By = Literal["area", "unit"]

PERIODS: Final = {"week": N_("This week"), "month": N_("This month"), "quarter": N_("This quarter")}

#: What each number is called, also above the list that it opens.
LABELS: Final = {
    "open": N_("Open matters"),
    "overdue": N_("Overdue"),
    "near": N_("Due within 24 hours"),
    "in:suspended": N_("Deferred, on the list"),
    "in:reported": N_("To be accepted"),
    "new": N_("Newly reported"),
    "given": N_("Assigned"),
    "returned": N_("Returned"),
    "objected": N_("Objections"),
    "upheld": N_("Objection upheld"),
    "overruled": N_("Objection overruled"),
    "reworked": N_("Sent back for rework"),
    "reopened": N_("Handled again"),
    "escalated": N_("Sent upward"),
    "deferred": N_("Newly deferred"),
    "late": N_("A limit passed"),
    "closed": N_("Closed"),
    "confirmed": N_("Solved, says the reporter"),
    "called": N_("Closed by a desk's call-back"),
    "unsolved": N_("Not solved, says the reporter"),
    "unanswered": N_("No answer"),
    "declined": N_("Not accepted"),
    "transferred": N_("Handed to another channel"),
    "pending": N_("Waiting for check or call-back"),
    "wait:rule": N_("Objections to decide"),
    "wait:extend": N_("Extensions to decide"),
    "wait:confirm": N_("To be confirmed by a second person"),
    "wait:answer": N_("Instructions to be answered"),
    "wait:answer:late": N_("Instructions answered too late"),
    "watched": N_("Under supervision"),
    "watched:late": N_("Under supervision and overdue"),
    "circle:grid": N_("Solved in the grid"),
    "circle:community": N_("Solved in the community"),
    "circle:street": N_("Solved in the street"),
    "circle:district": N_("Solved in the district"),
}
#: The columns of the table, in groups. A rate never stands without what it leaves out.
GROUPS: Final = (
    (N_("Now"), ("open", "overdue", "near", "in:suspended", "watched")),
    (N_("In the period"), ("new", "returned", "objected", "upheld", "reworked", "reopened", "escalated", "late")),
    (
        N_("Ended in the period"),
        ("closed", "confirmed", "RATE", "unsolved", "unanswered", "pending", "declined", "transferred"),
    ),
)
#: Short heads for narrow columns.
HEADS: Final = {
    "near": N_("About to be"),
    "in:suspended": N_("Deferred"),
    "watched": N_("Supervised"),
    "upheld": N_("upheld"),
    "reworked": N_("Rework"),
    "late": N_("Was late"),
    "confirmed": N_("Solved, they say"),
    "RATE": N_("of the closed"),
    "unsolved": N_("Unsolved"),
    "pending": N_("Check, call-back"),
    "transferred": N_("Handed on"),
}
#: What waits for a decision, and how much of it is late.
DECISIONS: Final = (
    ("wait:rule", ""),
    ("wait:extend", ""),
    ("wait:confirm", ""),
    ("wait:answer", "wait:answer:late"),
    ("watched", "watched:late"),
)
#: Moves by which somebody above steps in, from a list.
STEPS_IN: Final = ("urge", "supervise", "instruct")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. `what` names a number, when its list is asked for."""

    wanted: Wanted
    by: By
    what: str = ""
    page: int = 1

    def address(self, name: str, **changes: str) -> str:
        """The address of this page or another with the same filters, some changed."""
        wanted = self.wanted
        period = {"period": wanted.period.name}
        if wanted.period.name == "custom":
            period |= {"since": wanted.period.since.isoformat(), "until": wanted.period.until.isoformat()}
        asked = {"area": wanted.area, "by": self.by, **period, "unit": wanted.unit, "what": self.what}
        asked |= {"own": "1" if wanted.own else ""}
        return f"{reverse(name)}?{urlencode({key: value for key, value in (asked | changes).items() if value})}"

    def cases(self, what: str, **narrowed: str) -> str:
        """Where a number leads: the list of exactly these."""
        return self.address("figures_cases", what=what, **narrowed)


def asked(request: HttpRequest, who: Actor, at: datetime) -> Asked:
    """`NotFound` for an area that nobody is asked to look after, and for who looks after none."""
    given, mine = request.GET, roots(who)
    area = given.get("area", "") or next(iter(mine), "")
    if not mine or not sees_area(who, area) or area not in current().town.area_names:
        raise NotFound
    today = localtime(at).date()
    days = period(given.get("period", ""), today, _day(given.get("since", "")), _day(given.get("until", "")))
    return Asked(Wanted(area, days), "unit" if given.get("by") == "unit" else "area")


def asked_list(request: HttpRequest, who: Actor, at: datetime) -> Asked:
    """As `asked`, and which number; `NotFound` for one that there is not."""
    found, given = asked(request, who, at), request.GET
    if given.get("what", "") not in KNOWN:
        raise NotFound
    wanted = replace(found.wanted, own=given.get("own") == "1", unit=given.get("unit", "")[:60])
    return replace(found, wanted=wanted, what=given["what"], page=_page(given.get("page", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 4 else 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and where its cases are. A rate leads nowhere."""

    what: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: an area or unit. `href` leads into it."""

    name: str
    href: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Circle:
    what: str
    name: str
    n: int
    percent: int
    href: str


@dataclass(frozen=True, slots=True)
class Table:
    whole: Numbers
    lines: list[Line]
    total: Line


def columns(by: By) -> list[tuple[str, list[str]]]:
    """The groups with their columns; units are given matters where areas have new ones."""
    return [(_(label), [_for(what, by) for what in whats]) for label, whats in GROUPS]


def _for(what: str, by: By) -> str:
    return "given" if what == "new" and by == "unit" else what


def head(what: str) -> str:
    return _(HEADS.get(what) or LABELS[what])


def label(what: str) -> str:
    return _(LABELS.get(what, what))


def table(found: Asked, who: Actor, at: datetime) -> Table:
    whole = insight.numbers(who, found.wanted, at=at)
    lines = _units(found, who, at) if found.by == "unit" else _areas(found, who, at, whole)
    return Table(whole, lines, Line(_("Together"), "", cells(found, whole)))


def _areas(found: Asked, who: Actor, at: datetime, whole: Numbers) -> list[Line]:
    names = current().town.area_names
    told = insight.by_area(who, found.wanted, at=at)
    lines = [
        Line(
            local_name(names, code),
            found.address("figures", area=code),
            cells(replace(found, wanted=replace(found.wanted, area=code)), numbers),
        )
        for code, numbers in told
    ]
    rest = {what: whole[what] - sum(numbers[what] for _, numbers in told) for what in KNOWN}
    if told and any(rest.values()):
        own = replace(found, wanted=replace(found.wanted, own=True))
        lines.append(Line(_("In none of these"), "", cells(own, rest)))
    return lines


def _units(found: Asked, who: Actor, at: datetime) -> list[Line]:
    """Those with something to show. The many grids of a district are left to its streets."""
    units = current().town.units
    told = [
        (units[code].name if code in units else code, replace(found.wanted, unit=code), numbers)
        for code, numbers in insight.by_unit(who, found.wanted, at=at)
        if len(found.wanted.area) > _DISTRICT or code not in units or units[code].kind != "grid"
    ]
    lines = [Line(name, "", cells(replace(found, wanted=wanted), numbers)) for name, wanted, numbers in told]
    return [line for line in lines if any(cell.href for cell in line.cells)]


_DISTRICT = 6


def cells(found: Asked, numbers: Numbers) -> list[Cell]:
    whats = [what for _label, group in columns(found.by) for what in group]
    return [
        Cell(what, rate(numbers)) if what == "RATE" else Cell(what, str(numbers[what]), link(found, numbers, what))
        for what in whats
    ]


def link(found: Asked, numbers: Numbers, what: str) -> str:
    return found.cases(what) if numbers[what] else ""


def rate(numbers: Numbers) -> str:
    """Of what was closed, how much its reporter called solved; nothing of nothing is no rate."""
    return f"{numbers['confirmed'] / numbers['closed']:.0%}" if numbers["closed"] else "–"


def circles(found: Asked, numbers: Numbers) -> list[Circle]:
    """三圈: of what was closed in the period, who solved it."""
    closed = sum(numbers[what] for what in CIRCLES)
    return [
        Circle(what, label(what), n, round(100 * n / closed) if closed else 0, link(found, numbers, what))
        for what in CIRCLES
        for n in (numbers[what],)
    ]


def local_name(names: Mapping[str, str], area: str) -> str:
    """What a place is called among its neighbours: without what its name repeats of the one above."""
    return place_name(names, area).rpartition(" ")[2]


def trail(found: Asked, who: Actor) -> list[tuple[str, str]]:
    """The areas around the one shown, as far as they are one's own: name and address."""
    names = current().town.area_names
    above = [code for code in ancestors(found.wanted.area) if code in names and sees_area(who, code)]
    return [(local_name(names, code), found.address("figures", area=code)) for code in reversed(above)]


def steps_in(who: Actor) -> Sequence[str]:
    acts = {act for post in who.posts for act in post.acts}
    return [move for move in STEPS_IN if move in acts]
