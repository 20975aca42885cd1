"""From the enterprises' forms to what the actions take."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yizhi.cases.actions import Report
from yizhi.cases.photo_forms import WithPhotos, photos_of
from yizhi.cases.words import check_phone
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact, MissingFact, Refusal
from yizhi.core.town import ancestors, rank
from yizhi.doors import words
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.forms import Group, Option
from yizhi.doors.pages import fresh_key
from yizhi.enterprise import rules
from yizhi.enterprise.actions import Joining
from yizhi.enterprise.queries import Person


@dataclass(slots=True)
class Form(WithPhotos):
    """What was typed, and after a refusal why it was refused."""

    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, *names: str) -> "Form":
        values = {name: request.POST.get(name, "").strip() for name in (*names, "key")}
        own = values["key"] if len(values["key"]) == len(fresh_key()) else fresh_key()
        form = cls(values=values | {"key": own})
        form.brought(request)
        return form

    def refuse(self, refusal: Refusal) -> int:
        self.answer = answer_for(refusal)
        self.values["key"] = fresh_key()
        return self.answer.status

    @property
    def wrong(self) -> str:
        return self.answer.fact if self.answer else ""

    @property
    def why(self) -> str:
        return self.answer.sentence if self.answer else ""


# -- joining ------------------------------------------------------------------------------------------------------

JOIN = ("uscc", "name", "area", "position", "person", "phone")


def joining(form: Form, city: City) -> Joining:
    """Raises `BadFact` for a place that is none of the city's."""
    values = form.values
    if values["area"] and values["area"] not in city.town.area_names:
        raise BadFact(fact="area", label=N_("Place"), why=N_("there is no such area"))
    return Joining(values["uscc"], values["name"], values["area"], values["position"], person(form))


def person(form: Form) -> Person:
    """Raises `NoPhone`."""
    check_phone(form.values["phone"])
    return Person(form.values["person"], form.values["phone"])


def places(city: City) -> list[Group]:
    """Every community and village of the city, under its street."""
    names, found = city.town.area_names, dict[str, list[Option]]()
    for code in sorted(names):
        if rank(code) == "community" and code.startswith(city.profile.root_area):
            _own, street, *_above = ancestors(code)
            found.setdefault(street, []).append(Option(code, words.place_name(names, code, since=12)))
    return [Group(names.get(street, street), tuple(options)) for street, options in found.items()]


# -- calling ------------------------------------------------------------------------------------------------------

CALL = ("text", "category", "about")


def report(form: Form, request: HttpRequest, city: City) -> Report:
    """Raises `MissingFact`, `BadFact`, and what a photo is refused for."""
    values = form.values
    form.photos = photos_of(request)
    known = {one.code for one in rules.categories(city)}
    if not values["category"]:
        raise MissingFact(fact="category", label=N_("What you call about"))
    if values["category"] not in known:
        raise BadFact(fact="category", label=N_("What you call about"), why=N_("it is not one of the choices"))
    about = (values["about"],) if values["about"] else ()
    return Report(text=values["text"], area="", category=values["category"], about=about, photos=form.photos)


def offices(city: City) -> list[Option]:
    return [Option(unit.code, unit.name) for unit in rules.offices(city)]


# -- answering ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class AnswerForm:
    """What an enterprise answers on the page of its matter."""

    move: str = ""
    note: str = ""
    values: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None

    @classmethod
    def of(cls, request: HttpRequest, move: str) -> "AnswerForm":
        values = {name: request.POST.get(name, "") for name in ("answer", "key", "expected")}
        return cls(move, request.POST.get("note", ""), values)

    def facts(self) -> dict[str, Any]:
        """One tap is enough to have it taken up again."""
        note = self.note
        if self.move == "reopen" and not note.strip():
            note = _("Not solved; please deal with it again.")
        return {"note": note, "answer": self.values["answer"]}

    def expected(self) -> int | None:
        text = self.values["expected"]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    def refuse(self, refusal: Refusal) -> int:
        self.answer = answer_for(refusal)
        return self.answer.status
