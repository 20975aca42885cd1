"""From what was typed to what the actions take: a finding, a point of care."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.http import HttpRequest

from yizhi.cases.photo_forms import WithPhotos, photos_of
from yizhi.core.errors import N_, BadFact, MissingFact, Refusal
from yizhi.core.profile.patrols import Patrols
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import carried, fresh_key
from yizhi.patrols.actions import Finding
from yizhi.patrols.rules import HOWS
from yizhi.places.points.actions import PointRow
from yizhi.places.points.queries import Point


@dataclass(slots=True)
class Typed(WithPhotos):
    """What was typed; after a refusal with why."""

    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, *names: str, **usual: str) -> Self:
        """With what was typed; for a page that is opened with what is `usual`."""
        given = carried(request) or (request.POST if request.method == "POST" else None)
        values = {name: (given.get(name, "") if given is not None else usual.get(name, "")) for name in names}
        form = cls(values=values | {"key": given.get("key", "")[:100] if given is not None else ""})
        form.values["key"] = form.values["key"] or fresh_key()
        form.brought(request)
        return form

    def refuse(self, refusal: Refusal) -> int:
        """The status to answer with. What is sent again is something new."""
        self.answer = answer_for(refusal)
        self.values["key"] = fresh_key()
        return self.answer.status

    @property
    def wrong(self) -> str:
        return self.answer.fact if self.answer else ""

    @property
    def why(self) -> str:
        return self.answer.sentence if self.answer else ""


class FindingForm(Typed):
    def finding(self, request: HttpRequest, happened: datetime | None) -> Finding:
        """Raises `MissingFact`, and what a photo is refused for."""
        self.photos, values = photos_of(request), self.values
        how = next((how for how in HOWS if how == values["how"]), None)
        if how is None:
            raise MissingFact(fact="how", label=N_("How it goes on"))
        return Finding(values["text"], values["category"], how, values["done"].strip(), self.photos, happened)


POINT = ("kind", "area", "name", "label", "position")


class PointForm(Typed):
    def row(self, plan: Patrols) -> PointRow:
        """Raises `MissingFact`, `BadFact`."""
        values = {name: value.strip() for name, value in self.values.items()}
        lon, lat = position(values["position"])
        return PointRow(kind_of(values["kind"], plan), values["area"], values["name"], values["label"], lon, lat)


def kind_of(said: str, plan: Patrols) -> str:
    """A kind by its code, or by what it is called in any language."""
    if not said:
        raise MissingFact(fact="kind", label=N_("Kind of place"))
    found = next((kind.code for kind in plan.kinds.values() if said in (kind.code, *kind.title.values())), "")
    if not found:
        raise BadFact(fact="kind", label=N_("Kind of place"), why=N_("there is no such kind"))
    return found


def position(said: str) -> tuple[float, float] | tuple[None, None]:
    """Longitude and latitude as maps and telephones give them: "116.83, 32.63"."""
    parts = said.replace("，", ",").replace(",", " ").split()
    if not parts:
        return None, None
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError as error:
        why = N_("write longitude and latitude, such as 116.83, 32.63")
        raise BadFact(fact="position", label=N_("Where on the map"), why=why) from error
    return lon, lat


def typed_of(point: Point) -> dict[str, Any]:
    """What stands in the form of a place that is known."""
    where = f"{point.lon}, {point.lat}" if point.lon is not None else ""
    return {"kind": point.kind, "area": point.area, "name": point.name, "label": point.label, "position": where}
