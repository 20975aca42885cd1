"""What a department's system is told: a CloudEvent, made anew whenever it is sent, so that words that were erased and
what the unit may not see any more are not in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from yizhi.cases import queries as cases
from yizhi.cases.queries import Step, Whole
from yizhi.connect import rules
from yizhi.core.errors import NotFound
from yizhi.core.verbs import dispatch_verb
from yizhi.doors import words
from yizhi.doors.photo_links import photo_url

#: In what language names are told.
_LANGUAGE = "zh-hans"


@dataclass(frozen=True, slots=True)
class Event:
    """`gone`: the case has left the unit's hands."""

    number: str
    seq: int
    move: str
    recorded: datetime
    gone: bool


def message_id(event: Event) -> str:
    """The same for every try, so that a receiver knows what it has already."""
    return f"{event.number}-{event.seq}"


def body_of(event: Event, unit: str, fields: frozenset[str]) -> bytes:
    """A structured CloudEvent, 1.0. `sequence` orders the events of one case."""
    with translation.override(_LANGUAGE):
        said = {
            "specversion": "1.0",
            "id": message_id(event),
            "source": f"{_site()}/api/v1/cases",
            "type": "yizhi.case.gone" if event.gone else f"yizhi.case.{event.move}",
            "subject": event.number,
            "time": event.recorded,
            "datacontenttype": "application/json",
            "sequence": f"{event.seq:010d}",
            "data": _data(event, unit, fields),
        }
    return msgspec.json.encode(said)


def _site() -> str:
    return str(settings.YIZHI_PUBLIC_URL).rstrip("/")


def _data(event: Event, unit: str, fields: frozenset[str]) -> dict[str, Any]:
    """What happened, and the case as it stands while this is sent."""
    said: dict[str, Any] = {"number": event.number, "seq": event.seq, "ours": False}
    whole = None if event.gone else _seen(event.number, unit)
    if whole is None:
        return said
    case, city = whole.state, whole.city
    said |= {
        "ours": True,
        "move": event.move,
        "move_name": _move_name(whole, event),
        "stage": case.stage,
        "stage_name": words.stage_name(case.stage, case.kind),
        "version": case.version,
        "part": "lead" if case.lead == unit else "holder" if case.holder == unit else "other",
        "page": f"{_site()}{reverse('desk_case', kwargs={'number': event.number})}",
    }
    if not (case.secret or city.kinds[case.kind].secret):
        said |= {name: value for name, value in _opened(whole, event, unit) if name in fields}
    return said


def _seen(number: str, unit: str) -> Whole | None:
    """None when the unit has no hand in it now: the same check as for everybody."""
    try:
        return cases.case(rules.receiver(unit), number)
    except NotFound:
        return None


def _step(whole: Whole, event: Event) -> Step | None:
    return next((step for step in whole.steps if step.seq == event.seq), None)


def _move_name(whole: Whole, event: Event) -> str:
    """Handing on is called by the rank of both sides: nobody assigns upward or sideways."""
    step, town = _step(whole, event), whole.city.town
    if step and event.move == "dispatch":
        desk, unit = town.units.get(step.unit), town.units.get(str(step.facts.get("unit")))
        if desk and unit:
            return words.dispatch_name(dispatch_verb(desk, unit, town))
    return words.move_name(event.move, whole.state.kind)


def _opened(whole: Whole, event: Event, unit: str) -> Iterator[tuple[str, Any]]:
    """By the names of `rules.FIELDS`."""
    case, city = whole.state, whole.city
    step = _step(whole, event)
    yield "category", {"code": case.category, "name": words.category_name(city.profile, case.category)}
    yield "area", {"code": case.area, "name": words.place_name(city.town.area_names, case.area)}
    yield "place", {"said": whole.place, "lon": whole.lon, "lat": whole.lat}
    yield "text", whole.text
    by = city.town.units.get(step.unit) if step else None
    yield "notes", {"unit": by.name if by else "", "note": step.note if step else None}
    yield "limits", [{"clock": clock.key, "due": clock.due} for clock in case.clocks if clock.owner == unit]
    yield "photos", [f"{_site()}{photo_url(photo, 'api')}" for photo in step.photos] if step else []
