"""Erasing what identifies the reporter of a case, at their wish: the security administrator's, who sees no case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhi.cases import actions
from yizhi.core.errors import Refusal
from yizhi.office import by, now
from yizhi.people.actions.trail import leave
from yizhi.site.office.frame import office, refuse, show


@office("office_erase")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Asked twice: the number is typed a second time beside the button that cannot be taken back."""
    number = request.POST.get("number", "").strip().upper()
    words = request.POST.get("words") == "1"
    if request.method == "POST" and request.POST.get("again", "").strip().upper() == number != "":
        return _erased(request, number, words)
    asked = request.method == "POST" and bool(number) and "checked" in request.POST
    if request.method == "POST" and not asked:
        messages.error(request, _("Give the number, and confirm that the wish comes from the person concerned."))
    elif "again" in request.POST:
        messages.error(request, _("The two numbers differ. Nothing was erased."))
    context = {"number": number, "words": words, "asked": asked}
    return show(request, "office/erase.html", _("Erase a reporter's data"), context)


def _erased(request: HttpRequest, number: str, words: bool) -> HttpResponse:
    try:
        done = actions.erase(number, by=by(request), at=now(), words=words)
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect("office_erase")
    if done:
        leave("erase", by=by(request), at=now(), case=number, words=words)
        messages.success(request, _("Erased. The log of the matter says that it was done, not what it was."))
    else:
        messages.info(request, _("There was nothing to erase."))
    return redirect("office_erase")
