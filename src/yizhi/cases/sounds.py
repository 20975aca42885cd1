"""A voice note: kept like a photo, by the hash of its content; what stood beside the sound is gone."""

from hashlib import sha256

from yizhi.cases.actions import Photo
from yizhi.cases.photos import Readable, put
from yizhi.core.errors import N_, BadFact
from yizhi.core.sound import MOST_SECONDS, NoSound, TooLong, cleaned

MOST_BYTES = 5 * 1024 * 1024
_LABEL = N_("Voice note")
_TOO_LARGE = N_("it is larger than 5 MB")
_TOO_LONG = N_("it is longer than {seconds} seconds")
_NO_SOUND = N_("it is no recording that a browser plays (m4a, mp3, ogg, webm, wav)")


def keep(stream: Readable) -> Photo:
    """Put a recording into the store. Sent again, it is the same one. `BadFact` says what is wrong with it."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadFact(fact="voice", label=_LABEL, why=_TOO_LARGE)
    try:
        content, media_type = cleaned(data)
    except TooLong as error:
        raise BadFact(fact="voice", label=_LABEL, why=_TOO_LONG, seconds=MOST_SECONDS) from error
    except NoSound as error:
        raise BadFact(fact="voice", label=_LABEL, why=_NO_SOUND) from error
    name = sha256(content).hexdigest()
    put(name, content)
    return Photo(name, media_type, len(content), 0, 0)
