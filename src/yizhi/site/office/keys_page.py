"""A key for a program: made for an account that serves, shown once."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from yizhi.cases.city import current
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.core.profile import ACTS
from yizhi.doors import words
from yizhi.office import by, now, said
from yizhi.people import actions, queries
from yizhi.people.rules import OPEN311
from yizhi.site.office.frame import account_of, office, show, typed_login
from yizhi.site.office.tables import act_name

_DAYS = (30, 90, 365, 730)


class NoLabel(BadFact):
    message = N_("Say what the key is for: whoever finds it in the list has to know.")


@office("office_token")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def token(request: HttpRequest) -> HttpResponse:
    """GET asks; POST makes the key and shows it this once."""
    typed = request.POST
    context = {
        "accounts": queries.account_choices(by(request)),
        "days": _DAYS,
        "acts": [(OPEN311, _("Open311 alone: reports of another platform")), *named_acts()],
        "typed": {key: typed.get(key, "") for key in ("login", "label", "for")},
        "chosen": typed.getlist("acts"),
        "secret": "",
        "wrong": "",
    }
    if request.method == "POST":
        try:
            context["secret"] = _made(request)
        except Refusal as refusal:
            context["wrong"] = said(refusal)
    return show(request, "office/token.html", _("New key for a program"), context)


def _made(request: HttpRequest) -> str:
    login, label = typed_login(request.POST.get("login", "")), request.POST.get("label", "").strip()
    if not label:
        raise NoLabel
    days = request.POST.get("for", "")
    return actions.make_token(
        account_of(login),
        label=label,
        by=by(request),
        at=now(),
        days=int(days) if days.isdecimal() and int(days) in _DAYS else _DAYS[1],
        scopes=_scopes(request.POST.getlist("acts")),
    )


def named_acts() -> list[tuple[str, str]]:
    return sorted(((act, act_name(act)) for act in ACTS), key=lambda pair: pair[1])


def named_kinds() -> list[tuple[str, str]]:
    kinds = current().kinds.values()
    return [("*", _("Every kind")), *((kind.code, words.kind_name(kind)) for kind in kinds)]


def _scopes(ticked: list[str]) -> tuple[str, ...]:
    """A key for another platform's reports is for nothing else."""
    return (OPEN311,) if OPEN311 in ticked else tuple(act for act in ticked if act in ACTS)
