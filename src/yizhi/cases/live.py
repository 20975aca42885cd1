"""Pages left open: a signed list of places to watch, asked for from memory."""

from django.core import signing

from yizhi.cases import tail
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound

_SIGNER = signing.Signer(salt="yizhi.live")


def watch(who: Actor) -> str:
    """What a page of `who` watches: the units they serve in and the areas they look after. It tells whoever holds it
    no more than that something has changed there."""
    areas = {area for post in who.posts if "see" in post.acts for area in post.scope.include}
    return _SIGNER.sign_object(sorted(who.units | areas))


def mark(watched: str) -> int:
    """How far the log is for what is watched. `NotFound` for a list that is not ours."""
    try:
        places = _SIGNER.unsign_object(watched)
    except signing.BadSignature as error:
        raise NotFound from error
    return tail.mark(places)
