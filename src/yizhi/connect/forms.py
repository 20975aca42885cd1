"""From an office's forms to what the actions take."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from yizhi.cases import photos
from yizhi.cases.actions import Photo
from yizhi.cases.queries import Whole
from yizhi.core.errors import Refusal
from yizhi.core.loop import MOVES
from yizhi.doors import forms
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import fresh_key


@dataclass(slots=True)
class OfficeForm:
    """One of the moves that a link allows; `typed` is None for a form just opened. `lost`: photos were chosen, and
    no browser keeps them for another try."""

    move: str
    fields: list[forms.Field]
    key: str
    typed: dict[str, Any] | None = None
    photos: tuple[Photo, ...] = ()
    answer: Answer | None = None
    lost: bool = False

    @property
    def with_photos(self) -> bool:
        return self.move != "sign"


@dataclass(slots=True)
class OfficeForms:
    """Every form that is open on the page of a link, by move."""

    whole: Whole
    unit: str
    by_move: dict[str, OfficeForm] = field(default_factory=dict)

    @classmethod
    def of(cls, whole: Whole, unit: str) -> "OfficeForms":
        found = cls(whole, unit)
        for move, _facts in whole.moves:
            found.by_move[move.name] = found.form(move.name)
        return found

    def form(self, move: str, typed: dict[str, Any] | None = None, answer: Answer | None = None) -> OfficeForm:
        case, city = self.whole.state, self.whole.city
        asking = forms.Asking(case, city, move, self.unit)
        facts = city.kinds[case.kind].facts(MOVES[move])
        return OfficeForm(move, forms.fields_for(facts, asking, typed, answer), fresh_key(), typed, answer=answer)


def given(request: HttpRequest, whole: Whole, move: str) -> tuple[dict[str, Any], tuple[Photo, ...]]:
    """The facts and the photos of a form that was sent. Raises what `cases.photos.keep` refuses."""
    sent: list[photos.Readable] = [file for file in request.FILES.getlist("photos") if file.size]
    return typed(request, whole, move), photos.keep_all(sent)


def typed(request: HttpRequest, whole: Whole, move: str) -> dict[str, Any]:
    return forms.read(whole.city.kinds[whole.state.kind].facts(MOVES[move]), request.POST)


def refused(refusal: Refusal, request: HttpRequest, whole: Whole, move: str, unit: str) -> tuple[OfficeForms, Answer]:
    """All forms again over the work as it stands now, with what was typed in the one that was refused."""
    answer, found = answer_for(refusal, kind=whole.state.kind), OfficeForms.of(whole, unit)
    if move in found.by_move:
        form = found.form(move, typed(request, whole, move), answer)
        form.lost = any(file.size for file in request.FILES.getlist("photos"))
        found.by_move[move] = form
    return found, answer
