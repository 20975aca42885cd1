"""GeoReport v2: another platform lists what can be reported, reports it, and hears what became of it.

These views answer before sessions and the protection of forms begin (`site.middleware`): programs bring a key. What
they raise is told by `answers.tell`.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhi.cases import queries as cases
from yizhi.cases.city import current
from yizhi.doors.pages import opened
from yizhi.open311 import actions, forms, queries, rules, services, wire
from yizhi.open311.answers import answer
from yizhi.open311.rules import NoKey, NoRequest
from yizhi.people.queries import Program, program_by_token
from yizhi.people.rules import OPEN311

_LONGEST_KEY = 200


@require_GET
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    return answer(request, form, "discovery", services.discovery(request))


@require_GET
def service_list(request: HttpRequest, form: str) -> HttpResponse:
    forms.asked(request)
    return answer(request, form, "services", services.service_list())


@require_GET
def definition(request: HttpRequest, code: str, form: str) -> HttpResponse:
    forms.asked(request)
    return answer(request, form, "service_definition", services.definition(code))


@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest, form: str) -> HttpResponse:
    return _report(request, form) if request.method == "POST" else _list(request, form)


def _list(request: HttpRequest, form: str) -> HttpResponse:
    at, city = timezone.now(), current()
    found = queries.matters(forms.wanted(forms.asked(request), at), city, at=at)
    return answer(request, form, "service_requests", wire.matters(found, city))


def _report(request: HttpRequest, form: str) -> HttpResponse:
    """`Idempotency-Key`, which the specification does not know, makes that a sending which is repeated is done once."""
    given, at = forms.given(request), timezone.now()
    who, key = _program(given.one.get("api_key", ""), request), request.headers.get("Idempotency-Key")
    what = forms.report(request, given, current(who.town))
    receipt = actions.report(what, by=who.account, at=at, key=key and key[: rules.LONGEST_KEY])
    url = request.build_absolute_uri(f"/c/{receipt.code}")
    return answer(request, form, "service_requests", [wire.receipt(receipt, url, given.one.get("account_id", ""))])


@require_GET
def one(request: HttpRequest, code: str, form: str) -> HttpResponse:
    forms.asked(request)
    city = current()
    found = queries.by_ids([code], city, at=timezone.now())
    if not found:
        raise NoRequest
    return answer(request, form, "service_requests", wire.matters(found, city))


@require_GET
def token(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Every service gives its request at once. What a reporter holds instead is the code of `/c/<code>`: it leads to
    the request as well."""
    forms.asked(request)
    number = opened(request, cases.tracked, code).number
    found = {"service_request_id": rules.request_id(number, settings.SECRET_KEY), "token": code}
    return answer(request, form, "service_requests", [found])


@require_http_methods(["GET", "POST"])
def updates(request: HttpRequest, form: str) -> HttpResponse:
    """What FixMyStreet asks for every few minutes, and what it passes on."""
    found = _pass_on(request) if request.method == "POST" else _updates(request)
    return answer(request, form, "service_request_updates", found)


def _updates(request: HttpRequest) -> list[dict[str, object]]:
    asked, at = forms.asked(request), timezone.now()
    who = _program(asked.get("api_key", ""), request)
    since, until = forms.span(asked, at)
    found = queries.updates(who.account, since, until, limit=rules.MOST)
    return [wire.update(one, current(who.town)) for one in found]


def _pass_on(request: HttpRequest) -> list[dict[str, object]]:
    given = forms.given(request).one
    who = _program(given.get("api_key", ""), request)
    whole = queries.own(who.account, given.get("service_request_id", ""))
    again = _("Not solved; please deal with it again.")
    heard = rules.heard(
        given.get("status", ""), given.get("description", ""), {move.name for move, _facts in whole.moves}, again=again
    )
    key = given.get("update_id", "")[: rules.LONGEST_KEY]
    done = actions.pass_on(whole.id, heard.move, heard.facts, at=timezone.now(), key=key or None)
    return [{"update_id": wire.update_id(whole.number, done.seq)}]


def _program(shown: str, request: HttpRequest) -> Program:
    """Whoever has a key is trusted not to flood. Raises `NoKey`."""
    key = shown or request.GET.get("api_key", "")
    found = program_by_token(key, OPEN311, timezone.now()) if 0 < len(key) <= _LONGEST_KEY else None
    if found is None:
        raise NoKey
    forms.in_jurisdiction(request.POST.get("jurisdiction_id", ""), request)
    return found
