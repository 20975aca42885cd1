"""From paper to a report: a letter, somebody's visit, an order of the 12345 line."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.timezone import make_aware

from yizhi.cases.actions import Contact, Reference, Report
from yizhi.cases.photo_forms import WithPhotos, photos_of
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, MissingFact, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import carried, fresh_key
from yizhi.hotline import queries
from yizhi.hotline.rules import LETTERS, LONGEST, ORDERS, Typed, typed

Sort = Literal["letter", "order"]
_FIELDS = ("number", "happened", "key")


@dataclass(slots=True)
class PaperForm(WithPhotos):
    """What was typed from paper, and after a refusal why it was refused. `number` is that of the paper."""

    sort: Sort = "letter"
    typed: Typed = Typed()
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, sort: Sort) -> "PaperForm":
        """Empty for a page that is opened; with what was typed for one that is sent."""
        given = carried(request) or request.POST
        values = {name: given.get(name, "")[:100] for name in _FIELDS}
        form = cls(sort=sort, typed=typed(given), values=values | {"key": values["key"] or fresh_key()})
        form.brought(request)
        return form

    def report(self, request: HttpRequest, who: Actor) -> Report:
        """Raises `MissingFact`, `BadFact`, and what a photo is refused for."""
        self.photos = photos_of(request)
        given = self.typed
        if not self.values["number"].strip():
            letter = self.sort == "letter"
            label = N_("Number in the register") if letter else N_("Number of the order")
            raise MissingFact(fact="reference", label=label)
        if not given.area:
            raise MissingFact(fact="area", label=N_("Place"))
        if not any(post.scope.holds(given.area) for post in who.posts if "hotline" in post.acts):
            raise BadFact(fact="area", label=N_("Place"), why=N_("it is not one of yours"))
        return Report(
            text=given.text,
            area=given.area,
            source="letter" if self.sort == "letter" else "hotline",
            category=given.category,
            contact=Contact(given.name.strip()[: LONGEST["name"]], given.phone.strip()),
            place=given.place,
            photos=self.photos,
            answerable=bool(given.phone.strip()),
            happened=moment(self.values["happened"]),
            reference=Reference(self._register(who), self.values["number"]),
        )

    def _register(self, who: Actor) -> str:
        """Every desk has a register of letters of its own; the numbers of 12345 are one row for all."""
        return ORDERS if self.sort == "order" else f"{LETTERS}:{queries.post_of(who).unit}"

    def refuse(self, refusal: Refusal) -> int:
        self.answer = answer_for(refusal)
        self.values["key"] = fresh_key()
        return self.answer.status


def moment(text: str) -> datetime | None:
    """A local time of an input; None when it is empty."""
    if not text:
        return None
    try:
        return make_aware(datetime.fromisoformat(text))
    except ValueError as error:
        raise BadFact(fact="happened", label=N_("When it happened"), why=N_("it is not a time")) from error
