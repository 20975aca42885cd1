"""The addresses that the platforms call. Nobody else is answered: what is not signed, not fresh or not for this account
is turned away and noted."""

import logging
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yizhi.doors.buckets import Buckets
from yizhi.doors.pages import not_found
from yizhi.wechat import actions, envelope, platform, rules
from yizhi.wechat.actions import Who
from yizhi.wechat.envelope import Account, Application, Forged
from yizhi.wechat.rules import Line

log = logging.getLogger(__name__)
#: Messages of one person; a talk has some ten.
_EACH = Buckets(a_minute=30, burst=30)


# The platform signs what it sends; no cookie gives any power here.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def callback(request: HttpRequest, line: Line) -> HttpResponse:
    """GET: the platform asks whether this is the right place. POST: somebody wrote to the account."""
    if not platform.is_open(line):
        return not_found(request)
    account = _account(line)
    try:
        if request.method != "POST":
            return _plain(envelope.greeting(account, request.GET.dict(), timezone.now().timestamp()))
        return _heard(request, account, line)
    except Forged as forged:
        log.warning("wechat_refused", extra={"reason": str(forged)})
        return HttpResponse(status=403)


def _account(line: Line) -> Account:
    if line == "account":
        return Account(settings.WECHAT_APPID, settings.WECHAT_TOKEN, settings.WECHAT_AES_KEY)
    return Application(settings.WECOM_CORP, settings.WECOM_TOKEN, settings.WECOM_AES_KEY, settings.WECOM_AGENT)


def _heard(request: HttpRequest, account: Account, line: Line) -> HttpResponse:
    at = timezone.now()
    if len(request.body) > envelope.MOST_BYTES:
        raise Forged("too large")
    message = envelope.opened(account, request.GET.dict(), request.body, at.timestamp())
    who = Who(message.get("FromUserName", ""), line)
    if not who.openid or _EACH.take(who.hash.hex(), time.monotonic()):
        return _plain("success")
    said = actions.hear(rules.heard(message), by=who, mark=rules.mark(message), at=at)
    if not said:
        return _plain("success")
    answer = envelope.text_answer(message, said, at.timestamp())
    sealed = envelope.sealed(account, answer, nonce=request.GET["nonce"], now=at.timestamp())
    return HttpResponse(sealed, content_type="application/xml; charset=utf-8")


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
