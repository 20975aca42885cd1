"""The sheet in which an office hands in its staff: what a row says, and an empty one to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhi import sheets
from yizhi.core.errors import N_, BadFact
from yizhi.sheets import MAX_BYTES, MAX_ROWS, RowFault, SaidTwice, sentence

__all__ = [
    "COLUMNS", "MAX_BYTES", "MAX_ROWS", "EndBeforeStart", "RowFault", "SaidTwice", "StaffRow", "read", "sentence",
    "template",
]  # fmt: skip

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


def read(content: bytes) -> tuple[list[StaffRow], list[RowFault]]:
    """The rows of the first sheet that can be understood, and the faults of the others. Empty rows are skipped."""
    found: list[StaffRow] = []
    faults: list[RowFault] = []
    try:
        for line, row in sheets.lines(content, COLUMNS, REQUIRED):
            try:
                found.append(_row(line, row))
            except BadFact as refusal:
                faults.append(RowFault(line, sentence(refusal)))
    except BadFact as refusal:
        return [], [RowFault(0, sentence(refusal))]
    return found, faults


def _row(line: int, values: Mapping[str, str]) -> StaffRow:
    sheets.expect(values, COLUMNS, REQUIRED)
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
    found = sheets.moment(values, COLUMNS, column)
    return found.date() if found else None


def template(units: Sequence[tuple[str, str]], roles: Sequence[tuple[str, str]]) -> bytes:
    """An empty sheet with the columns, and the codes of units and roles to choose from on sheets beside it."""
    return sheets.template(gettext("Staff"), COLUMNS, {gettext("Units"): units, gettext("Roles"): roles})
