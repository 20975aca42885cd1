"""From an office's forms to what the actions take."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from yizhi.cases.photo_forms import WithPhotos, photos_of
from yizhi.cases.queries import Whole
from yizhi.core.errors import Refusal
from yizhi.core.loop import MOVES
from yizhi.doors import forms
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import fresh_key


@dataclass(slots=True)
class OfficeForm(WithPhotos):
    """One of the moves that a link allows; `fields` hold what was typed and why it was refused."""

    move: str = ""
    fields: list[forms.Field] = field(default_factory=list)
    key: str = field(default_factory=fresh_key)

    @property
    def with_photos(self) -> bool:
        return self.move != "sign"

    @property
    def photo_error(self) -> str:
        return self.answer.sentence if self.answer and self.answer.fact == "photos" else ""

    @classmethod
    def of(cls, request: HttpRequest, move: str) -> "OfficeForm":
        form = cls(move=move, key=request.POST.get("key", "")[:100])
        form.brought(request)
        return form

    def facts(self, request: HttpRequest, whole: Whole) -> dict[str, Any]:
        """Raises what photos are refused for."""
        self.photos = photos_of(request)
        return self.typed(request, whole)

    def typed(self, request: HttpRequest, whole: Whole) -> dict[str, Any]:
        return forms.read(_asked(whole, self.move), request.POST)

    def refuse(self, request: HttpRequest, refusal: Refusal, whole: Whole, unit: str) -> "OfficeForm":
        """The form again, with what was typed; what comes next is another try."""
        self.answer, self.key = answer_for(refusal, kind=whole.state.kind), fresh_key()
        self.fields = _fields(whole, unit, self, self.typed(request, whole))
        return self


def office_forms(whole: Whole, unit: str) -> dict[str, OfficeForm]:
    """The forms that are open on the page of a link, by move."""
    found = {move.name: OfficeForm(move=move.name) for move, _facts in whole.moves}
    for form in found.values():
        form.fields = _fields(whole, unit, form, None)
    return found


def _asked(whole: Whole, move: str) -> tuple[Any, ...]:
    return whole.city.kinds[whole.state.kind].facts(MOVES[move])


def _fields(whole: Whole, unit: str, form: OfficeForm, typed: dict[str, Any] | None) -> list[forms.Field]:
    asking = forms.Asking(whole.state, whole.city, form.move, unit)
    return forms.fields_for(_asked(whole, form.move), asking, typed, form.answer)
