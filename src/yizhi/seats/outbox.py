"""What a telephone kept while it had no line: opened, and handed to the page that its form belongs to.

So there is one way in for what is sent now and what is sent later: the same view, the same action, the same refusals.
"""

import re
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from yizhi.core import letter
from yizhi.core.errors import N_, Refusal
from yizhi.core.letter import CutOff, Letter
from yizhi.core.sealing import NotForUs
from yizhi.doors.answers import Malformed, TooLarge
from yizhi.doors.keys import letterbox, phone_mark
from yizhi.doors.pages import page, refused
from yizhi.doors.sent import Sent, mark

#: The header that every letter carries, with the telephone's own clock in milliseconds. No page of a foreign site can
#: send it, so that it does what a token does for a form.
CLOCK = "X-Yizhi-Clock"
#: In every answer, so that a telephone tells our answers from those of a hotel's or a mast's sign-in page.
SAID = "X-Yizhi-Outbox"
#: Nine photos as a telephone makes them smaller, several times over.
MOST_BYTES = 40 * 1024 * 1024

_KEY = re.compile(r"[0-9A-Za-z_-]{8,100}")
_CLOCK = re.compile(r"[0-9]{1,13}")
#: What is sent within a minute was sent at once.
_AT_ONCE = timedelta(minutes=1)


class NotOpened(Refusal):
    """Damaged, or another account's."""

    message = N_(
        "This cannot be opened here: it was made by another account, or damaged on the telephone. It stays on the"
        " telephone; if it is yours, please write it down once more."
    )


def opened(request: HttpRequest, account: int) -> Letter:
    """Raises `Malformed` for what no telephone of ours sends, `NotOpened`, `TooLarge`."""
    if not _CLOCK.fullmatch(request.headers.get(CLOCK, "")):
        raise Malformed
    sealed = request.read(MOST_BYTES + 1)
    if len(sealed) > MOST_BYTES:
        raise TooLarge
    try:
        found = letter.read(letterbox().open(sealed, phone_mark(account).encode()))
    except (NotForUs, CutOff) as error:
        raise NotOpened from error
    if not _KEY.fullmatch(dict(found.head.fields).get("key", "")):
        raise Malformed
    return found


def handed_on(request: HttpRequest, found: Letter, at: datetime) -> HttpResponse:
    """What the form's own page answers. Raises `Malformed` when there is none."""
    try:
        match = resolve(found.head.path)
    except Resolver404 as error:
        raise Malformed from error
    if match.url_name == "field_outbox":
        raise Malformed
    inner = _as_form(request, found)
    inner.resolver_match = match
    happened = found.happened(int(request.headers[CLOCK]), at)
    mark(inner, Sent(True, happened if at - happened > _AT_ONCE else None, found.head.after))
    answer: HttpResponse = match.func(inner, *match.args, **match.kwargs)
    return _told(answer, found)


def _as_form(request: HttpRequest, found: Letter) -> HttpRequest:
    """The request as it would be, had the form been sent at once."""
    inner: Any = copy(request)
    inner.path = inner.path_info = found.head.path
    inner.GET = QueryDict(found.head.query)
    inner.POST = QueryDict(mutable=True)
    for name, value in found.head.fields:
        inner.POST.appendlist(name, value)
    inner._files = MultiValueDict()
    for file, content in found.files:
        inner._files.appendlist(file.field, SimpleUploadedFile(file.name or "file", content, file.type))
    made: HttpRequest = inner
    return made


def _told(answer: HttpResponse, found: Letter) -> HttpResponse:
    """Done: where it can be seen. Refused: the page that says why, with what was written."""
    if answer.status_code < 400:
        where = answer.get("Location") or answer.get("Content-Location", "")
        answer = JsonResponse({"done": True, "url": where})
    answer[SAID] = "taken" if answer.status_code < 400 else "refused"
    answer["Content-Location"] = found.head.path
    return answer


@page
def said(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal of the letter itself."""
    answer = refused(request, refusal)
    answer[SAID] = "refused"
    return answer


def contact(account: int, hours: int) -> HttpResponse:
    """What a telephone has to know: whose it is, to which key it seals, how long it may show what it keeps."""
    answer = JsonResponse({"owner": phone_mark(account), "seal": letterbox().public.hex(), "hours": hours})
    answer[SAID] = "known"
    return answer


def nobody() -> HttpResponse:
    """Signed out, shut out, or ended by an administrator: the telephone forgets what it keeps."""
    answer = HttpResponse(status=401)
    answer[SAID] = "nobody"
    return answer
