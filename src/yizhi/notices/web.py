"""Where the link of a short message leads: it asks who it is that has the telephone in hand."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import opened, page, show
from yizhi.notices import actions


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
