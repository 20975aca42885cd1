"""From two taps at a kerb to a report; from the office's form to a code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.http import HttpRequest

from yizhi.cases.actions import Report
from yizhi.cases.photo_forms import WithPhotos, photos_of, taken_at
from yizhi.cases.queries import spots
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact, MissingFact, NotFound, Refusal
from yizhi.core.profile.reporters import Sight
from yizhi.couriers import rules
from yizhi.doors import words
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import carried, fresh_key
from yizhi.places.queries import Scan

_SIGHT_FIELDS = ("key", "stopped", "matter", "text", "place", "sticker", "lon", "lat", "seen")
_BODY_FIELDS = ("key", "name", "sort", "area", "until", "most")


@dataclass(slots=True)
class SightForm(WithPhotos):
    """What was tapped, and after a refusal why it was refused. `stopped` stands only on the page that is reached by
    saying so."""

    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        given = carried(request) or request.POST
        values = {name: given.get(name, "")[:1000] for name in _SIGHT_FIELDS}
        values["stopped"] = values["stopped"] or request.GET.get("stopped", "")
        form = cls(values=values | {"key": values["key"][:100] or fresh_key()})
        form.brought(request)
        return form

    def report(self, request: HttpRequest, city: City) -> Report:
        """Raises `NotStopped`, `MissingFact`, `BadFact`, and what a photo is refused for."""
        if not self.values["stopped"]:
            raise rules.NotStopped
        self.photos = photos_of(request)
        if not self.values["lon"] and (taken := taken_at(request)):
            self.values["lon"], self.values["lat"] = map(str, taken)
        text = self.values["text"].strip()
        if len(text) > rules.LONGEST_TEXT:
            raise BadFact(fact="text", label=N_("One sentence"), why=N_("it is too long"))
        sight, (area, lon, lat, label) = self.sight(city), self.where(city)
        said = words.in_language(sight.title)
        return Report(
            text=f"{said}：{text}" if text else said,
            area=area,
            category=sight.category,
            lon=lon,
            lat=lat,
            place=label,
            photos=self.photos,
        )

    def sight(self, city: City) -> Sight:
        found = next((one for one in city.profile.reporters if one.code == self.values["matter"]), None)
        if found is None:
            raise MissingFact(fact="matter", label=N_("What is wrong"))
        return found

    def where(self, city: City) -> tuple[str, float | None, float | None, str]:
        """Area, point, and what the sticker says. What was chosen by hand counts more than what the phone told."""
        point = spots.point(self.values["lon"], self.values["lat"])
        scan = self._chosen()
        if scan is None and point is None:
            raise rules.NoPlace(fact="place")
        area, lon, lat = spots.placed(scan or spots.everywhere(city), point)
        if scan is None and lon is None:
            raise BadFact(fact="place", label=N_("Place"), why=N_("it lies outside this city"))
        return area, lon, lat, scan.label if scan else ""

    def _chosen(self) -> Scan | None:
        for name in ("sticker", "place"):
            if self.values[name].strip():
                try:
                    return spots.spot(self.values[name].strip()).scan
                except NotFound as error:
                    why = N_("there is no such sticker")
                    raise BadFact(fact=name, label=N_("Number on a sticker"), why=why) from error
        return None

    def first_look(self) -> bool:
        """Whether what was reported here already has not been shown yet; from now on it has."""
        seen, self.values["seen"] = self.values["seen"], "1"
        return not seen

    def refuse(self, refusal: Refusal) -> int:
        """The form again, with a key of its own: what comes next is another report."""
        self.answer = answer_for(refusal)
        self.values["key"] = fresh_key()
        return self.answer.status


@dataclass(slots=True)
class BodyForm:
    """What the office typed, and after a refusal why it was refused."""

    values: Mapping[str, str]
    answer: Answer | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        given = carried(request) or request.POST
        values = {name: given.get(name, "")[:200] for name in _BODY_FIELDS}
        return cls(values | {"key": values["key"] or fresh_key()})

    @property
    def until(self) -> date | None:
        try:
            return date.fromisoformat(self.values["until"])
        except ValueError:
            return None

    @property
    def most(self) -> int | None:
        typed = self.values["most"].strip()
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None

    def refuse(self, refusal: Refusal) -> int:
        self.answer = answer_for(refusal)
        self.values = {**self.values, "key": fresh_key()}
        return self.answer.status
