"""The mail server: what the settings say, and whether it takes a message."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhi.office import by, now
from yizhi.people.actions.trail import leave
from yizhi.site.office.frame import office, show
from yizhi.site.setup.mail import send_test


@office("office_mail")
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """GET shows the state, POST sends a test message. The password is never shown."""
    url, sender = settings.ENV.get("YIZHI_SMTP_URL", ""), settings.ENV.get("YIZHI_MAIL_FROM", "")
    if request.method == "POST":
        _test(request, url, sender)
        return redirect("office_mail")
    parts = urlsplit(url)
    facts = {"host": parts.hostname, "port": parts.port, "user": parts.username}
    return show(request, "office/mail.html", _("Mail server"), {"url": bool(url), "sender": sender, **facts})


def _test(request: HttpRequest, url: str, sender: str) -> None:
    to = request.POST.get("to", "").strip()
    if not url or "@" not in to:
        messages.error(request, _("Please give the address that the test message goes to."))
        return
    refused = send_test(url, sender, to)
    leave("test_mail", by=by(request), at=now(), sent=not refused)
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, _("Sent. Look whether it has come."))
