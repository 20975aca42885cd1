"""The register as a sheet: out as it stands, and in again, every row checked, taken in whole or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yizhi import sheets
from yizhi.cases.city import current
from yizhi.core.actor import Actor, Scope
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.doors import words
from yizhi.doors.answers import answer_for
from yizhi.patrols import rules
from yizhi.patrols.forms import kind_of, position
from yizhi.patrols.page import Choices
from yizhi.places.points import actions as points
from yizhi.places.points.actions import PointRow
from yizhi.places.points.queries import Point
from yizhi.sheets import RowFault, SaidTwice

COLUMNS: Mapping[str, Any] = {
    "kind": gettext_lazy("Kind of place"),
    "area": gettext_lazy("Grid"),
    "name": gettext_lazy("Name of the place"),
    "label": gettext_lazy("Where exactly"),
    "position": gettext_lazy("Longitude, latitude"),
}
_REQUIRED = ("kind", "area", "name")
_GRID = N_("Grid")


@dataclass(slots=True)
class Look:
    """What a sheet says: the places that can stand in the register, and what is wrong with its other rows."""

    rows: list[PointRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def read(content: bytes, *, by: Actor) -> Look:
    """Nothing is written."""
    look, ground, city = Look(), rules.ground(by, "points"), current()
    grids, lines = _grids(ground, city), dict[tuple[str, str, str], int]()
    try:
        for line, row in sheets.lines(content, COLUMNS, _REQUIRED):
            try:
                found = _row(row, grids, city)
                points.check(found)
                first = lines.setdefault((found.area, found.kind, found.name), line)
                if first != line:
                    raise SaidTwice(line=first)
                look.rows.append(found)
            except Refusal as refusal:
                look.faults.append(RowFault(line, answer_for(refusal).sentence))
    except BadFact as refusal:
        look.faults.append(RowFault(0, answer_for(refusal).sentence))
    return look


def _row(row: Mapping[str, str], grids: Mapping[str, str], city: City) -> PointRow:
    sheets.expect(row, COLUMNS, _REQUIRED)
    area = grids.get(_plain(row["area"]))
    if area is None:
        raise BadFact(fact="area", label=_GRID, why=N_("it is not one of yours"))
    lon, lat = position(row.get("position", ""))
    return PointRow(kind_of(row["kind"], city.profile.patrols), area, row["name"], row.get("label", ""), lon, lat)


def _grids(ground: Scope, city: City) -> dict[str, str]:
    """Grids of one's own by their code, and by their name with that of the community or the street before it."""
    names = city.town.area_names
    mine = [code for code in names if len(code) == 15 and ground.holds(code)]
    known = {_plain(words.place_name(names, code, since=since)): code for code in mine for since in (9, 12)}
    return known | {code: code for code in mine}


def _plain(said: str) -> str:
    return "".join(said.split())


def template(choices: Choices) -> bytes:
    return sheets.template(_("Points of care"), COLUMNS, _beside(choices))


def listed(found: Iterable[Point], choices: Choices) -> bytes:
    """The register as it stands; put right, it can be handed in again."""
    city = current()
    rows = [
        (
            _kind_name(one.kind, city),
            one.area,
            one.name,
            one.label,
            f"{one.lon}, {one.lat}" if one.lon is not None else "",
            words.place_name(city.town.area_names, one.area, since=9),
        )
        for one in found
    ]
    return sheets.template(_("Points of care"), {**COLUMNS, "place": _("Place")}, _beside(choices), rows)


def _kind_name(code: str, city: City) -> str:
    kind = city.profile.patrols.kinds.get(code)
    return str(words.in_language(kind.title)) if kind else code


def _beside(choices: Choices) -> dict[str, list[tuple[str, str]]]:
    grids = [(option.value, f"{group.label} {option.label}") for group in choices.grids for option in group.options]
    return {_("Kind of place"): [(kind.value, kind.label) for kind in choices.kinds], _("Grid"): grids}


def take_in(look: Look, *, by: Actor, at: datetime) -> tuple[int, int]:
    """How many places are new, and of how many something was put right."""
    return points.take_in(look.rows, by=by, at=at)
