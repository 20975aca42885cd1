"""The same five questions as a page, on an installation without a single account. The address holds a token that only
the terminal showed; afterwards, and for everybody else, there is nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yizhi.core.errors import BadProfile, NotFound
from yizhi.doors.pages import page, show
from yizhi.people.sheets import sentence
from yizhi.site import drafts
from yizhi.site.setup import divisions, doing, mail, plan, terminal
from yizhi.site.setup.divisions import Division, NoDivisions
from yizhi.site.setup.plan import SEATS, WHY_THREE, Answers, Reach, Wrong

_OWNER = "setup"
_MOST = 8 * 1024 * 1024


@dataclass
class Form:
    """What was typed, what is wrong with it, and the divisions to choose from when several fit."""

    answers: Answers
    names: Mapping[str, str]
    kept: str = ""
    fits: list[Division] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    told: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("mail")
@page
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the form, POST sets up, or sends a test message. Raises `NotFound` for everybody but the installer."""
    if not doing.opens(token):
        raise NotFound
    at = timezone.now()
    if request.method != "POST":
        return _page(request, Form(Answers(), divisions.shipped()))
    form = _read(request)
    if "test" in request.POST:
        return _tested(request, form)
    if form.wrong:
        return _page(request, form)
    try:
        done = doing.carry_out(form.answers, form.names, at=at)
    except BadProfile as bad:
        form.wrong["division"] = " ".join(bad.faults)
        return _page(request, form)
    drafts.drop(Path(settings.DATA_DIR), _OWNER, form.kept)
    context = {"done": done, "seats": SEATS, "why": WHY_THREE, "here": form.answers.reach == "here"}
    return show(request, "setup/done.html", context, at=at)


def _page(request: HttpRequest, form: Form) -> HttpResponse:
    context = {
        "form": form,
        "seats": SEATS,
        "why": WHY_THREE,
        "reaches": terminal.reaches(),
        "choices": divisions.choices(form.names),
    }
    return show(request, "setup/questions.html", context, at=timezone.now(), status=422 if form.wrong else 200)


def _tested(request: HttpRequest, form: Form) -> HttpResponse:
    found = {one.question: _say(one) for one in plan.wrong_mail(form.answers)}
    to = request.POST.get("to", "").strip()
    if not found and form.answers.mail and to:
        form.told = mail.send_test(form.answers.mail, form.answers.sender, to) or _("Sent. Look whether it has come.")
    form.wrong = found
    return _page(request, form)


def _read(request: HttpRequest) -> Form:
    names, kept, wrong = _names(request)
    typed = request.POST.get("division", "").strip()
    fits = divisions.matching(typed.split(" ")[0], names) or divisions.matching(typed, names) if typed else []
    chosen = fits[0] if len(fits) == 1 else None
    answers = Answers(
        division=chosen.code if chosen else "",
        name=request.POST.get("name", "").strip() or (plan.usual_name(chosen) if chosen else ""),
        logins={seat: request.POST.get(seat, "").strip().lower() for seat in SEATS},
        reach=cast(Reach, reach) if (reach := request.POST.get("reach", "")) in ("here", "proxy", "own") else "here",
        host=request.POST.get("host", "").strip(),
        certificate=request.POST.get("certificate", "").strip(),
        key=request.POST.get("key", "").strip(),
        mail=request.POST.get("mail", "").strip(),
        sender=request.POST.get("sender", "").strip(),
    )
    found = {one.question: _say(one) for one in reversed(plan.wrong(answers, names))}
    if len(fits) > 1:
        found["division"] = _("Several fit: please choose one of them.")
        found.pop("name", None)
    return Form(answers, names, kept, fits if len(fits) > 1 else [], found | wrong)


def _names(request: HttpRequest) -> tuple[Mapping[str, str], str, dict[str, str]]:
    """The divisions to look in: those of a file, when one was handed in now or before."""
    data, kept = Path(settings.DATA_DIR), request.POST.get("kept", "")
    file = request.FILES.get("areas")
    content = file.read(_MOST + 1) if file else drafts.kept(data, _OWNER, kept)
    if content is None:
        return divisions.shipped(), "", {}
    try:
        names = divisions.read(content if len(content) <= _MOST else b"")
    except NoDivisions as refusal:
        return divisions.shipped(), "", {"areas": sentence(refusal)}
    return names, kept if not file else drafts.keep(data, _OWNER, content, at=timezone.now()), {}


def _say(wrong: Wrong) -> str:
    return _(wrong.sentence).format_map(dict(wrong.facts))
