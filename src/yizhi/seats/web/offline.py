"""The field without a line: what a telephone keeps, what it sends later, and the page that shows what waits."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yizhi.cases import queries as cases
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.errors import Refusal
from yizhi.doors.pages import actor, anybody, page, show
from yizhi.seats import keeping, outbox


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """GET: whose telephone this is. POST: one form that was filled in without a line."""
    account = anybody(request).account
    if account is None:
        return outbox.nobody()
    if request.method != "POST":
        return outbox.contact(account, current().profile.limits.offline_hours)
    try:
        return outbox.handed_on(request, outbox.opened(request, account), timezone.now())
    except Refusal as refusal:
        return outbox.said(request, refusal)


@require_safe
@page
def kept(request: HttpRequest, number: str) -> HttpResponse:
    """A case with the forms of its moves, for a telephone that goes where there is no line."""
    at, who = timezone.now(), actor(request)
    return JsonResponse(keeping.case(request, cases.case(who, number), who, at))


@require_safe
@page
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits to be sent. The telephone fills it in: the page itself says nothing of anybody, whoever asks."""
    request.actor = Actor()  # type: ignore[attr-defined]  # as `ActorMiddleware` gives it
    return show(request, "seats/waiting.html", {}, at=timezone.now())


@require_safe
@page
def worker(request: HttpRequest) -> HttpResponse:
    """What works for the field pages alone: its address says where. Browsers ask for it anew by themselves."""
    return HttpResponse(keeping.worker(), content_type="text/javascript")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone needs to put the field pages among its programs."""
    return HttpResponse(json.dumps(keeping.manifest(current().profile)), content_type="application/manifest+json")
