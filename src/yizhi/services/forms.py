"""From what was typed to what the actions take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from django.http import HttpRequest

from yizhi.cases.actions import Contact, Report
from yizhi.cases.queries import spots
from yizhi.cases.queries.spots import Spot
from yizhi.cases.words import check_phone
from yizhi.core.actor import Door
from yizhi.core.errors import N_, BadFact, MissingFact, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.forms import Group
from yizhi.doors.pages import carried, fresh_key
from yizhi.services.actions import Offer
from yizhi.services.models import Place
from yizhi.services.queries import Person
from yizhi.services.rules import Wished

#: Inputs for papers on a fresh form; there is always one more than what was typed.
_PAPER_LINES = 3


@dataclass(slots=True)
class Form:
    """What was typed, and after a refusal why it was refused. `several` are fields that hold more than one value."""

    values: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    places: list[Group] = field(default_factory=list)
    answer: Answer | None = None

    @classmethod
    def of(cls, request: HttpRequest, *names: str, several: tuple[str, ...] = (), **usual: str) -> Self:
        """With what was typed; for a page that is opened with what is `usual`."""
        given = carried(request) or request.POST
        values = {name: given.get(name, "") or usual.get(name, "") for name in (*names, *usual)}
        lists = {name: [one.strip() for one in given.getlist(name) if one.strip()] for name in several}
        return cls(values | {"key": given.get("key", "")[:100] or fresh_key()}, lists)

    @property
    def wrong(self) -> str:
        return self.answer.fact if self.answer else ""

    @property
    def why(self) -> str:
        return self.answer.sentence if self.answer else ""

    @property
    def paper_lines(self) -> list[str]:
        typed = self.several["papers"]
        return [*typed, *[""] * max(1, _PAPER_LINES - len(typed))]

    def refuse(self, refusal: Refusal) -> int:
        """The status to answer with. What is sent again is something new."""
        self.answer = answer_for(refusal)
        self.values["key"] = fresh_key()
        return self.answer.status

    def at_one_of(self, groups: list[Group]) -> Self:
        """The places to choose from; where there is one alone, it is chosen."""
        self.places = groups
        only = [option.value for group in groups for option in group.options]
        if len(only) == 1:
            self.values["area"] = self.values["area"] or only[0]
        return self

    @property
    def area(self) -> str:
        """Raises `MissingFact`, `BadFact`."""
        area = self.values["area"]
        if not area:
            raise MissingFact(fact="area", label=N_("Place"))
        if area not in {option.value for group in self.places for option in group.options}:
            raise BadFact(fact="area", label=N_("Place"), why=N_("it is not one of yours"))
        return area

    def day(self, name: str, label: str) -> date | None:
        """Raises `BadFact`."""
        return day(self.values[name], name, label)


def day(typed: str, name: str, label: str) -> date | None:
    """A day of an input; None when it is empty. Raises `BadFact`."""
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise BadFact(fact=name, label=label, why=N_("it is not a day")) from error


ERRAND = ("text", "agreed", "wanted", "area", "place", "name", "phone")


def on_visit(form: Form, source: Door) -> Report:
    """An errand that was asked for on a visit: for whom and where is filled in later. Raises `MissingFact`."""
    return Report(**_errand(form.values), area="", source=source)


def written_down(form: Form, source: Door) -> Report:
    """An errand that was told to whoever works here: for somebody with a name. Raises `MissingFact`, `BadFact`."""
    if not form.values["name"].strip():
        raise MissingFact(fact="name", label=N_("For whom"))
    return Report(**_errand(form.values), area=form.area, source=source)


def asked_for(form: Form, spot: Spot) -> Report:
    """An errand that a resident asks for: somebody has to be able to ring. Raises `MissingFact`, `BadFact`."""
    if not form.values["phone"].strip():
        raise MissingFact(fact="phone", label=N_("Phone"))
    scan = spot.scan
    return Report(**_errand(form.values), area=scan.area, source=spot.source, lon=scan.lon, lat=scan.lat)


def _errand(values: Mapping[str, str]) -> dict[str, Any]:
    if not values["agreed"]:
        raise MissingFact(fact="agreed", label=N_("How they agreed"))
    check_phone(values["phone"])
    return {
        "text": values["text"],
        "contact": Contact(values["name"].strip()[:40], values["phone"].strip()[:30]),
        "place": values["place"][:200],
        "answerable": bool(values["phone"].strip()),
        "facts": {"agreed": values["agreed"], "wanted": values["wanted"]},
    }


VISIT = ("sort", "area", "place", "agreed", "day", "until", "every", "name", "phone", "door", "wish", "body")


def wished(form: Form) -> Wished:
    """Raises `BadFact`."""
    return Wished(
        agreed=form.values["agreed"],
        topics=tuple(form.several["topics"]),
        day=form.day("day", N_("Next visit")),
        until=form.day("until", N_("Agreed until")),
        every=form.values["every"],
    )


def person(form: Form) -> Person:
    return Person(**{name: form.values[name].strip() for name in ("name", "phone", "door", "wish", "body")})


OFFER = ("kind", "area", "name", "what", "who", "bring", "hours", "phone", "address", "position")


def offer(form: Form) -> Offer:
    """Raises `BadFact`, `MissingFact`."""
    said = {name: form.values[name].strip() for name in OFFER if name not in ("area", "position")}
    lon, lat = _position(form.values["position"])
    return Offer(**said, area=form.area, lon=lon, lat=lat)


def offered(found: Place) -> dict[str, str]:
    """What stands in the form of a known one."""
    said = {name: str(getattr(found, name)) for name in OFFER if name != "position"}
    return said | {"position": f"{found.lon}, {found.lat}" if found.lon is not None else ""}


def _position(typed: str) -> tuple[float | None, float | None]:
    """Longitude and latitude; nothing for nothing. Raises `BadFact`."""
    if not typed.strip():
        return None, None
    parts = typed.replace("，", ",").split(",")
    found = spots.point(parts[0], parts[1]) if len(parts) == 2 else None
    if found is None:
        why = N_("it is no longitude and latitude, such as 116.83, 32.63")
        raise BadFact(fact="position", label=N_("Where on the map"), why=why)
    return found
