"""Where a photo is shown: by its number for those who may see its matter, by a signed number on the reporter's page."""

from typing import Protocol

from django.core import signing
from django.urls import reverse

#: Pages are left open; an address that was passed on ends.
_LASTS = 24 * 3600
_signer = signing.TimestampSigner(salt="yizhi.photo")


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


def photo_url(photo: Numbered, code: str = "", size: str = "") -> str:
    """`code`: the reporter's, which opened the page that shows the photo; empty for staff. `size`: "small" or ""."""
    which = _signer.sign(str(photo.id)) if code else str(photo.id)
    return reverse("photo_small" if size == "small" else "photo", args=[which])


def signed_number(which: str) -> int | None:
    """The photo that a page of ours showed; None for what we did not sign, or too long ago."""
    try:
        return int(_signer.unsign(which, max_age=_LASTS))
    except signing.BadSignature:
        return None
