"""Where the link of a short message leads: it asks who it is that has the telephone in hand. And where vendors tell
what became of messages."""

import logging
from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import not_found, opened, page, show
from yizhi.notices import actions
from yizhi.notices.providers import MOST_REPORTS, aliyun, tencent
from yizhi.notices.senders import reporting

log = logging.getLogger(__name__)
#: How each vendor reports, and what it wants to hear.
_VENDORS = {"aliyun": (aliyun.reports, aliyun.TAKEN), "tencent": (tencent.reports, tencent.TAKEN)}


# No cookie gives any power here: the link and the digits do.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def link(request: HttpRequest, token: str) -> HttpResponse:
    """On to the matter, or an end of the messages. Opening it shows nothing yet: a message may be read by others."""
    at, status = timezone.now(), 200
    context: dict[str, Any] = {"token": token, "kept": kept_type(request)}
    if request.method == "POST":
        try:
            ask = partial(actions.open_link, digits=request.POST.get("digits", ""), at=at)
            found = opened(request, ask, token)
        except NotFound:
            raise
        except Refusal as refusal:
            answer = answer_for(refusal)
            context |= {"answer": answer, "spent": isinstance(refusal, actions.LinkSpent)}
            status = answer.status
        else:
            if "stop" not in request.POST:
                return redirect("track", code=found.code)
            context |= {"stopped": actions.no_more_sms(found.number)}
    return show(request, "notices/link.html", context, at=at, status=status)


# The secret in the address is all that tells the vendor from anybody else: it signs nothing.
@csrf_exempt
@require_POST
def receipts(request: HttpRequest, secret: str) -> HttpResponse:
    """What became of short messages. Numbers of telephones stand in what comes in; none is read or kept."""
    spec = reporting(secret)
    if spec is None:
        log.warning("receipts_refused", extra={"reason": "secret"})
        return not_found(request)
    read, answer = _VENDORS[spec.kind]
    try:
        told = read(request.body)
    except msgspec.MsgspecError:
        told = ()
    if not 0 < len(told) <= MOST_REPORTS:
        log.warning("receipts_refused", extra={"reason": "not a list of reports"})
        return JsonResponse({"title": "not a list of reports"}, status=400)
    new = actions.reported(spec.channel, spec.name, told, timezone.now())
    if new < len(told):
        log.info("receipts_repeated", extra={"reason": f"{len(told) - new} of {len(told)}"})
    return JsonResponse(answer)
