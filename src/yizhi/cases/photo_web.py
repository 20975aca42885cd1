"""Photos and voice notes as files: from a path of their own, never interpreted, never kept by anybody between."""

import re

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from yizhi.cases import photos
from yizhi.cases.queries.photo import photo as seen_photo
from yizhi.cases.queries.photo import shown_photo
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.doors.pages import not_found
from yizhi.doors.photo_links import signed_number

_NUMBER_DIGITS = 18


@require_safe
def photo(request: HttpRequest, which: str, *, small: bool = False) -> HttpResponseBase:
    """`which`: a photo's number for staff, or what the reporter's page signed."""
    try:
        name, media_type = _named(request, which)
        if small and not media_type.startswith("image/"):
            raise NotFound
        path = photos.shrink(name) if small else photos.path_of(name)
        mark = f'"{name[:32]}{"-small" if small else ""}"'
        if request.headers.get("If-None-Match") == mark:
            return _headed(HttpResponseNotModified(), mark)
        file = path.open("rb")
    except (NotFound, FileNotFoundError):
        return not_found(request)
    if media_type.startswith("audio/"):
        return _headed(_part(request, file.read(), media_type), mark)
    return _headed(FileResponse(file, content_type=media_type), mark)


_RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")


def _part(request: HttpRequest, sound: bytes, media_type: str) -> HttpResponse:
    """A voice note, or the part that is asked for: telephones play nothing from a server that knows no parts."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = (int(asked[1]), int(asked[2] or len(sound) - 1)) if asked else (0, len(sound) - 1)
    if not asked or not first <= last or first >= len(sound):
        answer = HttpResponse(sound, content_type=media_type)
    else:
        last = min(last, len(sound) - 1)
        answer = HttpResponse(sound[first : last + 1], content_type=media_type, status=206)
        answer["Content-Range"] = f"bytes {first}-{last}/{len(sound)}"
    answer["Accept-Ranges"] = "bytes"
    return answer


def _named(request: HttpRequest, which: str) -> tuple[str, str]:
    signed = signed_number(which)
    if signed is not None:
        return shown_photo(signed)
    number = int(which) if which.isascii() and which.isdecimal() and len(which) <= _NUMBER_DIGITS else 0
    who: Actor = getattr(request, "actor", None) or Actor()
    return seen_photo(who, number)


def _headed(response: HttpResponseBase, mark: str) -> HttpResponseBase:
    """Asked for again after an hour: who may see it may change. Whatever it holds, nothing of it runs."""
    response["ETag"] = mark
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
