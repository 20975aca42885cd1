"""The address that the platform calls. Nobody else is answered: what is not signed, not fresh or not for this account
is turned away and noted."""

import logging
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yizhi.cases.keys import sealer
from yizhi.doors.buckets import Buckets
from yizhi.doors.pages import not_found
from yizhi.wechat import actions, envelope, rules
from yizhi.wechat.envelope import Account, Forged

log = logging.getLogger(__name__)
#: Messages of one person; a talk has some ten.
_EACH = Buckets(a_minute=30, burst=30)


# The platform signs what it sends; no cookie gives any power here.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def callback(request: HttpRequest) -> HttpResponse:
    """GET: the platform asks whether this is the right place. POST: somebody wrote to the account."""
    if not settings.WECHAT_APPID:
        return not_found(request)
    account = Account(settings.WECHAT_APPID, settings.WECHAT_TOKEN, settings.WECHAT_AES_KEY)
    try:
        if request.method != "POST":
            return _plain(envelope.greeting(account, request.GET.dict()))
        return _heard(request, account)
    except Forged as forged:
        log.warning("wechat_refused", extra={"reason": str(forged)})
        return HttpResponse(status=403)


def _heard(request: HttpRequest, account: Account) -> HttpResponse:
    at = timezone.now()
    if len(request.body) > envelope.MOST_BYTES:
        raise Forged("too large")
    message = envelope.opened(account, request.GET.dict(), request.body, at.timestamp())
    openid = message.get("FromUserName", "")
    if not openid or _EACH.take(sealer().index("wechat", openid).hex(), time.monotonic()):
        return _plain("success")
    said = actions.hear(rules.heard(message), openid=openid, mark=rules.mark(message), at=at)
    if not said:
        return _plain("success")
    answer = envelope.text_answer(message, said, at.timestamp())
    sealed = envelope.sealed(account, answer, nonce=request.GET["nonce"], now=at.timestamp())
    return HttpResponse(sealed, content_type="application/xml; charset=utf-8")


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
