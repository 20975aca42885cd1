"""From a resident's form to what the actions take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yizhi.cases.actions import Contact, Photo, Report
from yizhi.cases.photo_forms import WithPhotos, photos_left, photos_of, signed, taken_at, voice_of, words_or_voice
from yizhi.cases.queries import spots
from yizhi.cases.queries.spots import Spot
from yizhi.cases.words import check_phone
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import fresh_key
from yizhi.matters.pointing import Picture, outside, picture, pointed, under
from yizhi.notices.actions.askers import mobile

#: Longer names and numbers are not names and numbers.
_LONGEST = {"name": 40, "phone": 30, "place": 200}
_FIELDS = (
    *("text", "name", "phone", "about", "key", "category", "behalf", "sms", "seen", "kept_voice"),
    *("place", "lon", "lat", "pinned"),
)


@dataclass(slots=True)
class ReportForm(WithPhotos):
    """What was typed, and after a refusal why it was refused."""

    values: dict[str, str] = field(default_factory=dict)
    voice: Photo | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "ReportForm":
        """Empty for a page that is opened; with what was typed for one that is sent."""
        values = {name: request.POST.get(name, "") for name in _FIELDS}
        form = cls(values=values | {"key": values["key"] or fresh_key()})
        form.brought(request)
        return form

    def report(self, request: HttpRequest, spot: Spot) -> Report:
        """Raises `BadFact` for what cannot be used."""
        self._take_position(request)
        self.photos = photos_of(request)
        self.voice = self._voice(request)
        known = {unit.code for unit in spot.units}
        contact = Contact(name=_short("name", self.values), phone=_short("phone", self.values))
        check_phone(contact.phone)
        if self.values["sms"]:
            mobile(self.values["phone"])
        about, (area, lon, lat) = self.values["about"], self.where(spot)
        return Report(
            text=words_or_voice(self.values["text"], self.voice),
            area=area,
            source=spot.source,
            category=self.values["category"],
            about=(about,) if about in known else (),
            contact=contact,
            lon=lon,
            lat=lat,
            place=" ".join(filter(None, (spot.scan.label, _short("place", self.values)))),
            photos=(*self.photos, self.voice) if self.voice else self.photos,
            facts={"behalf": self.values["behalf"]},
        )

    def _voice(self, request: HttpRequest) -> Photo | None:
        """Kept when the form comes back. Raises what `cases.sounds` refuses."""
        found = voice_of(request)
        self.values["kept_voice"] = signed(found) if found else ""
        return found

    def first_look(self) -> bool:
        """Whether what was reported here already has not been shown yet; from now on it has."""
        seen, self.values["seen"] = self.values["seen"], "1"
        return not seen

    def where(self, spot: Spot) -> tuple[str, float | None, float | None]:
        """Area and point."""
        point = spots.point(self.values["lon"], self.values["lat"])
        return pointed(spot, point) if point and self.values["pinned"] else spots.placed(spot.scan, point)

    def map(self, spot: Spot) -> Picture | None:
        """The picture to point at, with what was pointed at."""
        point = spots.point(self.values["lon"], self.values["lat"])
        return picture(spot, point, touched=bool(self.values["pinned"]))

    def astray(self, spot: Spot) -> bool:
        """Whether a position was given that lies outside the place, so that it is not used."""
        point = spots.point(self.values["lon"], self.values["lat"])
        return point is not None and outside(spot, point)

    def point(self, request: HttpRequest, spot: Spot) -> None:
        """The form is shown again, with everything that it brought. Raises what a photo or a voice note is refused
        for."""
        self.photos, self.voice = photos_of(request), self._voice(request)
        x, y = _touch(request)
        found = under(spot, x, y) if x or y else None
        if "unpin" in request.POST:
            self.values |= {"lon": "", "lat": "", "pinned": ""}
        elif found:
            self.values |= {"lon": f"{found[0]:.6f}", "lat": f"{found[1]:.6f}", "pinned": "1"}

    def _take_position(self, request: HttpRequest) -> None:
        """Where a photo was taken, if it says so and nothing better is known; the photo that is kept says nothing."""
        if self.values["lon"]:
            return
        if taken := taken_at(request):
            self.values["lon"], self.values["lat"] = map(str, taken)

    def refuse(self, refusal: Refusal) -> Answer:
        """The form again, with a key of its own: what comes next is another report."""
        self.answer = answer_for(refusal)
        self.photos = photos_left(refusal, self.photos)
        self.values["key"] = fresh_key()
        return self.answer


def points(request: HttpRequest) -> bool:
    """Whether nothing is sent yet: without scripts the picture of the place is a button, and so is what takes the point
    away again."""
    return "pin.x" in request.POST or "unpin" in request.POST


def _touch(request: HttpRequest) -> tuple[int, int]:
    """Where on the picture; 0, 0 for whoever pressed it by a key."""
    x, y = (request.POST.get(f"pin.{axis}", "") for axis in "xy")
    fine = all(one.isascii() and one.isdecimal() and len(one) < 5 for one in (x, y))
    return (int(x), int(y)) if fine else (0, 0)


_LABELS = {"name": N_("Name"), "phone": N_("Phone"), "place": N_("The exact place")}


def _short(name: str, values: Mapping[str, str]) -> str:
    text = values[name].strip()
    if len(text) > _LONGEST[name]:
        raise BadFact(fact=name, label=_LABELS[name], why=N_("it is too long"))
    return text


@dataclass(slots=True)
class AnswerForm(WithPhotos):
    """What a reporter answers on the page of a matter."""

    move: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, move: str) -> "AnswerForm":
        form = cls(
            move=move, values={name: request.POST.get(name, "") for name in ("note", "answer", "key", "expected")}
        )
        form.brought(request)
        return form

    def facts(self, request: HttpRequest) -> dict[str, Any]:
        """One tap is enough to have it taken up again: the button's own words are the reason, if there is no other."""
        self.photos = photos_of(request)
        note = self.values["note"]
        if self.move == "reopen" and not note.strip():
            note = _("Not solved; please deal with it again.")
        return {"note": note, "answer": self.values["answer"]}

    def expected(self) -> int | None:
        text = self.values["expected"]
        return int(text) if text.isascii() and text.isdecimal() else None

    def refuse(self, refusal: Refusal) -> Answer:
        self.answer = answer_for(refusal)
        return self.answer
