"""Photos on their way through forms: those sent now, and those kept from a sending that was refused."""

from dataclasses import dataclass, field

import msgspec
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yizhi.cases import photos, sounds
from yizhi.cases.actions import Photo
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.doors.answers import Answer

_SALT = "photo"
_KEPT_SECONDS = 24 * 3600
_LEFT = "left"


@dataclass(slots=True)
class WithPhotos:
    """What photos a form brought. `photos` lie in the store already, so that nobody has to choose them again."""

    photos: tuple[Photo, ...] = ()
    tokens: list[str] = field(default_factory=list)
    sent: bool = False
    answer: Answer | None = None

    def brought(self, request: HttpRequest) -> None:
        self.tokens = [token for token in request.POST.getlist("kept")[: photos.MOST] if _unsigned(token)]
        self.sent = any(file.size for file in request.FILES.getlist("photos"))

    @property
    def kept(self) -> list[str]:
        """For the hidden fields of the form that is shown again."""
        return [signed(photo) for photo in self.photos] or self.tokens

    @property
    def lost(self) -> bool:
        """Whether photos were sent that did not get as far as the store: no browser keeps them for another try."""
        return self.sent and not self.photos


def photos_of(request: HttpRequest) -> tuple[Photo, ...]:
    """The photos of a form: those sent now, and those kept from a sending that was refused.

    Raises what `cases.photos.keep` refuses, or `BadFact` for too many.
    """
    sent: list[photos.Readable] = [file for file in request.FILES.getlist("photos") if file.size]
    kept = [unsign(token) for token in request.POST.getlist("kept")]
    if len(kept) + len(sent) > photos.MOST:
        raise BadFact(fact="photos", label=N_("Photos"), why=N_("there are more than nine"))
    return (*kept, *_good(sent, kept))


def _good(sent: list[photos.Readable], kept: list[Photo]) -> list[Photo]:
    """All of them stored. One that is refused takes no other with it: `photos_left` finds those that are good."""
    good, refused = [], None
    for file in sent:
        try:
            good.append(photos.keep(file))
        except BadFact as refusal:
            refused = refused or refusal
    if refused is not None:
        refused.facts[_LEFT] = (*kept, *good)
        raise refused
    return good


def photos_left(refusal: Refusal, otherwise: tuple[Photo, ...]) -> tuple[Photo, ...]:
    """The good ones, when a form was refused for one photo among them."""
    found: tuple[Photo, ...] = refusal.facts.get(_LEFT, otherwise)
    return found


def taken_at(request: HttpRequest) -> tuple[float, float] | None:
    """Where the first photo that says so was taken; the photos that are kept say nothing."""
    return next((where for file in request.FILES.getlist("photos") if (where := photos.position(file))), None)


def voice_of(request: HttpRequest) -> Photo | None:
    """A voice note sent now, or one kept from a sending that was refused. Raises what `cases.sounds` refuses."""
    file = request.FILES.get("voice")
    if file is not None and file.size:
        return sounds.keep(file)
    kept = request.POST.get("kept_voice", "")
    return unsign(kept) if kept else None


def words_or_voice(text: str, voice: Photo | None) -> str:
    """Who speaks need not type."""
    return _("Spoken: please listen to the voice note.") if voice and not text.strip() else text


def signed(photo: Photo) -> str:
    """A photo of the store for a hidden field: only what we wrote there comes back."""
    return signing.dumps(msgspec.to_builtins(photo), salt=_SALT, compress=True)


def _unsigned(token: str) -> Photo | None:
    """None for what we did not write, or wrote too long ago."""
    try:
        return msgspec.convert(signing.loads(token, salt=_SALT, max_age=_KEPT_SECONDS), Photo)
    except signing.BadSignature:
        return None


def unsign(token: str) -> Photo:
    """What `signed` made. `BadFact` for anything else, or after a day."""
    if found := _unsigned(token):
        return found
    raise BadFact(fact="photos", label=N_("Photos"), why=N_("please choose them again"))
