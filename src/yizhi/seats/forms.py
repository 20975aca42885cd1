"""From an official's forms to what the actions take: a move, a look at a personal field, a report typed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from yizhi.cases.actions import Contact, Photo, Report
from yizhi.cases.photo_forms import photos_left, photos_of, signed, voice_of, words_or_voice
from yizhi.cases.queries import Whole
from yizhi.core.actor import Actor
from yizhi.core.asked import Fact
from yizhi.core.case import Case
from yizhi.core.errors import N_, BadFact, MissingFact, NotAllowed, Refusal
from yizhi.core.loop import MOVES
from yizhi.core.profile import LawText, Texts
from yizhi.core.sorting import Guess
from yizhi.core.standing import post_for
from yizhi.doors import times, words
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.forms import Asking, Field, Group, fields_for, read
from yizhi.doors.pages import carried, fresh_key
from yizhi.matters.rules import note_is_shown
from yizhi.matters.sorting import proposals
from yizhi.seats import queries, rules
from yizhi.seats.story import Entry, story


def move_label(move: str, whole: Whole, who: Actor) -> str:
    """What a move is called before it is made. Only the root always assigns downward; the others' verb is known when
    a unit is chosen, and nobody shall be offered a word that is not theirs."""
    if move == "dispatch" and whole.city.town.root not in who.units:
        return _("Assign or push")
    return words.move_name(move, whole.state.kind)


_DOING = {"progress": N_("Note the progress"), "contact": N_("Note the contact"), "arrive": N_("Note the visit")}


@dataclass(slots=True)
class MoveForm:
    """The form of one move on one case. `typed` is None for a form just opened; `seen` is how far the log went when
    it was opened, so that a page can show what happened since."""

    move: str
    label: str
    facts: tuple[Fact, ...]
    fields: list[Field]
    key: str
    expected: int
    seen: int
    public: bool
    typed: dict[str, Any] | None = None
    photos: tuple[Photo, ...] = ()
    answer: Answer | None = None
    open: bool = True
    changed: list[Entry] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    laws: list[LawText] = field(default_factory=list)
    laws_as_of: str = ""
    laws_reviewed: str = ""

    @classmethod
    def of(cls, request: HttpRequest, whole: Whole, who: Actor, move: str, at: datetime) -> "MoveForm | None":
        """The form for this request; None for a move that nobody knows."""
        if move not in MOVES:
            return None
        facts = whole.city.kinds[whole.state.kind].facts(MOVES[move])
        post = request.POST if request.method == "POST" else None
        given = post if post is not None else carried(request) or _named(facts, request.GET)
        form = cls(
            move=move,
            label=move_label(move, whole, who),
            facts=facts,
            fields=[],
            key=post.get("key", "")[:100] if post else fresh_key(),
            expected=_number(post, "expected", whole.state.version),
            seen=_number(post, "seen", whole.state.seq),
            public=note_is_shown(move),
            typed=read(facts, given) if given is not None else None,
            open=any(found.name == move for found, _ in whole.moves),
        )
        form._fill(whole, who, at)
        return form

    def _fill(self, whole: Whole, who: Actor, at: datetime) -> None:
        case, city = whole.state, whole.city
        post = post_for(MOVES[self.move], case, who, city)
        people = queries.colleagues(case.lead, at) if self.move == "reassign" else ()
        asking = Asking(case, city, self.move, post.unit if post else "", people, self._proposed(whole))
        self.fields = fields_for(self.facts, asking, self.typed, self.answer)
        if self.typed is None and who.door == "field":
            preset = rules.PRESET.get(self.move, {})
            self.fields = [replace(one, value=preset.get(one.key, one.value)) for one in self.fields]
        self._ready(city.profile.texts, case)

    def _proposed(self, whole: Whole) -> tuple[Guess, ...]:
        """The likely categories of a matter that nobody has sorted yet."""
        asked = any(fact.kind == "category" for fact in self.facts)
        if not asked or whole.state.category or not whole.text:
            return ()
        return tuple(proposals(whole.text, whole.city.profile))

    def _ready(self, texts: Texts, case: Case) -> None:
        """The sentences that may be wanted where the form asks for words."""
        if not any(fact.kind == "text" for fact in self.facts):
            return
        self.phrases = texts.phrases_for(self.move, kind=case.kind, category=case.category)
        if self.move in rules.WITH_LAWS:
            self.laws = texts.laws_on(case.category)
            self.laws_as_of = times.day(texts.as_of) if texts.as_of else ""
            self.laws_reviewed = times.day(texts.reviewed) if texts.reviewed else ""

    @property
    def button(self) -> str:
        """What pressing it does, where the name of the move does not say so."""
        return _(_DOING[self.move]) if self.move in _DOING else self.label

    @property
    def with_photos(self) -> bool:
        return self.move in rules.WITH_PHOTOS

    @property
    def kept(self) -> list[str]:
        return [signed(photo) for photo in self.photos]

    def given(self, request: HttpRequest) -> dict[str, Any]:
        """The facts as they were typed, with the photos stored. Raises what a photo is refused for."""
        self.photos = photos_of(request) if self.with_photos else ()
        return self.typed or {}

    def refuse(self, refusal: Refusal, whole: Whole, who: Actor, at: datetime) -> int:
        """The form again, over the case as it stands now; the status to answer with."""
        self.answer = answer_for(refusal, kind=whole.state.kind)
        self.photos = photos_left(refusal, self.photos)
        self.open = any(move.name == self.move for move, _ in whole.moves)
        self.changed = [entry for entry in story(whole) if entry.seq > self.seen]
        self.key, self.expected, self.seen = fresh_key(), whole.state.version, whole.state.seq
        self._fill(whole, who, at)
        return self.answer.status

    def written(self) -> list[str]:
        """The words typed, to be shown when the form itself can no longer be."""
        typed = self.typed or {}
        return [typed[fact.key] for fact in self.facts if fact.kind == "text" and typed.get(fact.key)]


def _named(facts: tuple[Fact, ...], asked: QueryDict) -> QueryDict | None:
    """Another matter that the address names for a form just opened: what to merge into."""
    return asked if any(fact.kind == "case" and fact.key in asked for fact in facts) else None


def _number(data: Mapping[str, str] | None, name: str, otherwise: int) -> int:
    text = data.get(name, "") if data is not None else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


#: Why somebody looks at a name or number; the person reads it.
PURPOSES = (
    N_("To ask about the facts"),
    N_("To agree on a visit"),
    N_("To tell the result and ask whether it is solved"),
)


def purpose_of(request: HttpRequest) -> str:
    """The words typed, else the reason chosen."""
    return request.POST.get("other", "").strip() or request.POST.get("purpose", "")


@dataclass(slots=True)
class RegisterForm:
    """A report that an official types in: found on the round, told at the window or by telephone."""

    values: dict[str, str]
    places: list[Group]
    categories: list[Group]
    photos: tuple[Photo, ...] = ()
    voice: Photo | None = None
    answer: Answer | None = None

    @property
    def kept(self) -> list[str]:
        return [signed(photo) for photo in self.photos]

    @property
    def kept_voice(self) -> str:
        return signed(self.voice) if self.voice else ""

    def report(self, request: HttpRequest, seat: rules.Seat) -> Report:
        """Raises `MissingFact`, `BadFact`, and what a photo is refused for."""
        self.voice = voice_of(request)
        self.photos = photos_of(request)
        values = self.values
        if not values["area"]:
            raise MissingFact(fact="area", label=N_("Place"))
        if values["area"] not in {option.value for group in self.places for option in group.options}:
            raise BadFact(fact="area", label=N_("Place"), why=N_("it is not one of yours"))
        return Report(
            text=words_or_voice(values["text"], self.voice),
            area=values["area"],
            source=seat,
            category=values["category"],
            contact=Contact(values["name"].strip()[:40], values["phone"].strip()[:30]),
            place=values["place"][:200],
            photos=(*self.photos, self.voice) if self.voice else self.photos,
            answerable=bool(values["phone"].strip()),
            happened=_moment(values["happened"]),
        )

    def refuse(self, refusal: Refusal) -> int:
        self.answer = answer_for(refusal)
        self.photos = photos_left(refusal, self.photos)
        self.values["key"] = fresh_key()
        return self.answer.status


_REGISTERED = ("area", "text", "category", "place", "name", "phone", "happened", "key")


def register_form(request: HttpRequest, places: list[Group], categories: list[Group]) -> RegisterForm:
    given = carried(request) or request.POST
    values = {name: given.get(name, "") for name in _REGISTERED}
    only = [option.value for group in places for option in group.options]
    if len(only) <= 2:  # one grid, perhaps with its community: nothing to choose
        values["area"] = values["area"] or only[-1] if only else ""
    return RegisterForm(values | {"key": values["key"] or fresh_key()}, places, categories)


def _moment(text: str) -> datetime | None:
    """A local time of an input; None when it is empty."""
    if not text:
        return None
    try:
        return make_aware(datetime.fromisoformat(text))
    except ValueError as error:
        raise BadFact(fact="happened", label=N_("When it happened"), why=N_("it is not a time")) from error


def require(who: Actor, act: str) -> None:
    """Raises `NotAllowed` when no post of theirs may."""
    if not any(act in post.acts for post in who.posts):
        raise NotAllowed(move=MOVES[act].label, who="desk")


def done_sentence(move: str, whole: Whole) -> str:
    """What stands above a case right after a move."""
    if move not in MOVES:
        return ""
    said = words.move_name(move, whole.state.kind)
    if whole.state.proposal and whole.state.proposal.move == move:
        return _("Proposed: {move}. A second person has to confirm it.").format(move=said)
    return _("Done: {move}.").format(move=said)
