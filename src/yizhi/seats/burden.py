"""What the product costs whoever works with it, in words and rows: for leaders, and for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yizhi.cases.city import current
from yizhi.core.actor import Actor, roots
from yizhi.core.errors import NotFound
from yizhi.core.profile import Burden
from yizhi.doors import words
from yizhi.insight import effort
from yizhi.insight.effort import Sum
from yizhi.insight.queries.effort import cost, this_week

_STREET = 9


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `width` is how long its bar is, in hundredths."""

    name: str
    sum: Sum
    width: int


def asked_area(request: HttpRequest, who: Actor) -> str:
    """A district or a street; nobody sees less than what a street costs together. `NotFound` for one that is not one's
    own."""
    mine = [area[:_STREET] for area in roots(who)]
    area = request.GET.get("area", "") or next(iter(mine), "")
    if area not in current().town.area_names or not any(area.startswith(one) for one in mine) or len(area) > _STREET:
        raise NotFound
    return area


def page(area: str, at: datetime) -> dict[str, Any]:
    city, today, found = current(), localdate(at), cost(area, at)
    weeks = effort.weeks(found.lines, today)
    seats = [(_(effort.SEATS.get(seat, seat)), one) for seat, one in effort.by_seat(found.lines, weeks[0][0])]
    forms = [(_form(seat, form), one) for (seat, form), one in effort.by_form(found.lines)]
    return {
        "place": words.place_name(city.town.area_names, area),
        "area": area,
        "below": _below(area),
        "week": weeks[0][1],
        "weeks": _rows([(f"{day:%m-%d}", one) for day, one in weeks]),
        "seats": _rows(seats),
        "forms": _rows(forms),
        "followed": found.followed,
        "merged": found.merged,
        "exceptions": [one for one in city.profile.burdens if today <= one.until],
        "feature": feature_name,
        "least": effort.LEAST,
        "of_a_move": [_(name) for name in effort.OF_A_MOVE],
    }


def mine(who: Actor, at: datetime) -> Sum | None:
    """What forms took this week, of all who work in one's street together; None while there are too few to tell."""
    area = next((area[:_STREET] for post in who.posts for area in post.scope.include), "")
    found = this_week(area, at) if area else Sum()
    return found if found.shown else None


def feature_name(one: Burden) -> str:
    names = {
        "tracks": _("Tracks"),
        "photos": _("Compulsory photos"),
        "check_ins": _("Check-ins"),
        "rankings": _("Rankings of people"),
    }
    return names[one.feature]


def _form(seat: str, form: str) -> str:
    move = form.removeprefix("move:")
    name = words.move_name(move) if move != form else _(effort.FORMS.get(form, "")) if form in effort.FORMS else ""
    place = _(effort.SEATS.get(seat, seat))
    return f"{place} · {name}" if name else place


def _rows(found: Sequence[tuple[str, Sum]]) -> list[Row]:
    most = max((one.minutes for _name, one in found), default=0) or 1
    return [Row(name, one, round(100 * one.minutes / most)) for name, one in found]


def _below(area: str) -> list[tuple[str, str]]:
    """The streets of a district."""
    if len(area) >= _STREET:
        return []
    names = current().town.area_names
    return [(code, names[code]) for code in sorted(names) if len(code) == _STREET and code.startswith(area)]
