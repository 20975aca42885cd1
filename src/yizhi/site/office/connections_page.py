"""Departments' systems: what is agreed, whether it is on, what waits to be sent, and what is sent once more."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from yizhi.cases import city
from yizhi.connect import actions, queries, rules
from yizhi.connect.actions import Draft
from yizhi.connect.queries import Connection
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.doors import words
from yizhi.doors.answers import answer_for
from yizhi.office import by, now
from yizhi.site.office.frame import acted, office, refuse, show

#: Empty lines below the status words that are there.
_MORE_WORDS = 4


@office("office_connections")
@require_http_methods(["GET", "HEAD"])
def connections(request: HttpRequest) -> HttpResponse:
    """All of them, with how each is getting on."""
    found, day = queries.connections(), localdate(now())
    names = {one.unit: _unit(one.unit) for one in found}
    context = {"found": found, "units": names, "day": day}
    return show(request, "office/connections.html", _("Departments' systems"), context)


@office("office_connection_new")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def new(request: HttpRequest) -> HttpResponse:
    """POST writes an agreement down, switched off, and shows its secret this once."""
    context = {**_form(request.POST or None, None), "units": _units(), "unit": request.POST.get("unit", "")}
    if request.method == "POST":
        try:
            unit = request.POST.get("unit", "").strip().partition(" ")[0]
            number, secret = actions.make(unit, _draft(request.POST), by=by(request), at=now())
            return _with_secret(request, number, secret)
        except Refusal as refusal:
            context["wrong"] = answer_for(refusal).sentence
    return show(request, "office/connection_new.html", _("Connect a department's system"), context)


@office("office_connection")
@require_http_methods(["GET", "HEAD", "POST"])
def connection(request: HttpRequest, number: int) -> HttpResponse:
    """What is agreed, and the events. POST (system administrator): what is agreed has changed."""
    try:
        found = queries.connection(number)
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect("office_connections")
    if request.method != "POST":
        return _shown(request, found)
    try:
        actions.change(number, _draft(request.POST), by=by(request), at=now())
    except Refusal as refusal:
        return _shown(request, found, typed=request.POST, wrong=answer_for(refusal).sentence)
    messages.success(request, _("Kept. It is off until the security administrator switches it on."))
    return redirect("office_connection", number)


@office("office_connection_switch")
@require_POST
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """On by the security administrator; off by either."""
    on = request.POST.get("on") == "1"
    act = actions.switch_on if on else actions.switch_off
    done = _("It is on: what happens from now on is told.") if on else _("It is off: nothing leaves any more.")
    return acted(request, lambda: act(number, by=by(request), at=now()), done, "office_connection", number=number)


@office("office_connection_secret")
@require_POST
@sensitive_variables("secret")
def renew(request: HttpRequest, number: int) -> HttpResponse:
    """Another secret, shown this once."""
    try:
        secret = actions.renew_secret(number, by=by(request), at=now())
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect("office_connections")
    return _with_secret(request, number, secret)


@office("office_connection_again")
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """One event once more, all since a time, or one given up."""
    who, at, one = by(request), now(), request.POST.get("one", "")
    if request.POST.get("drop") and one.isdecimal():
        done = _("Given up: what follows of that matter goes on.")
        return acted(
            request, lambda: actions.drop(number, int(one), by=who, at=at), done, "office_connection", number=number
        )
    since = None if one.isdecimal() else _moment(request.POST.get("since", ""))
    if since is None and not one.isdecimal():
        messages.error(request, _("Please say since when."))
        return redirect("office_connection", number)
    sent = actions.send_again(number, by=who, at=at, one=int(one) if one.isdecimal() else None, since=since)
    told = ngettext("%(num)s event is sent once more.", "%(num)s events are sent once more.", sent)
    messages.success(request, told % {"num": sent})
    return redirect("office_connection", number)


def _with_secret(request: HttpRequest, number: int, secret: str) -> HttpResponse:
    context = {"secret": secret, "number": number}
    return show(request, "office/connection_secret.html", _("Secret of the connection"), context)


def _shown(request: HttpRequest, found: Connection, *, typed: QueryDict | None = None, wrong: str = "") -> HttpResponse:
    asked, before = request.GET.get("state", ""), request.GET.get("before", "")
    state = next((one for one in _STATES if one == asked), _ALL_STATES)
    last = int(before) if before.isdecimal() and len(before) < 19 else queries.NEWEST
    listed = queries.deliveries(found.id, state, last)
    day = localdate(now())
    context = {
        **_form(typed, found),
        "one": found,
        "unit": _unit(found.unit),
        "on": found.is_on(day),
        "missing": [_(label) for label in rules.lacking(found.terms, day)],
        "listed": listed,
        "state": state,
        "states": {name: _(label) for name, label in _STATES.items()},
        "moves": {one.move: _named(one.move) for one in listed},
        "page_size": queries.PAGE,
        "wrong": wrong,
    }
    return show(request, "office/connection.html", found.name, context, status=422 if wrong else 200)


def _named(move: str) -> str:
    """What handing on is called depends on the rank of both sides, which does not stand here."""
    return _("Assign or push") if move == "dispatch" else words.move_name(move)


_ALL_STATES: queries.State = ""
_STATES: Mapping[queries.State, str] = {
    "": N_("All"),
    "waiting": N_("Waiting"),
    "refused": N_("Refused"),
    "sent": N_("Sent"),
    "dropped": N_("Given up"),
}


def _form(typed: QueryDict | None, found: Connection | None) -> dict[str, Any]:
    """What stands in the form: what was typed, else what is agreed."""
    terms = found.terms if found else None
    values: dict[str, Any] = {
        "name": found.name if found else "",
        "url": terms.url if terms else "",
        "purpose": terms.purpose if terms else "",
        "contract": terms.contract if terms else "",
        "expires": terms.expires.isoformat() if terms and terms.expires else "",
    }
    chosen = list(terms.fields) if terms else []
    pairs = list(terms.words.items()) if terms else []
    if typed is not None:
        values = {name: typed.get(name, "") for name in values}
        chosen, pairs = typed.getlist("fields"), _pairs(typed)
    return {
        "values": values,
        "chosen": chosen,
        "fields": {name: _(label) for name, label in rules.FIELDS.items()},
        "words": [*pairs, *[("", "")] * _MORE_WORDS],
        "steps": {step: _step(step) for step in rules.STEPS},
        "wrong": "",
    }


def _step(step: str) -> str:
    move, _colon, choice = step.partition(":")
    if not move:
        return _("(nothing happens here)")
    return f"{words.move_name(move)} · {words.choice_name(choice)}" if choice else words.move_name(move)


def _pairs(typed: QueryDict) -> list[tuple[str, str]]:
    pairs = zip(typed.getlist("word"), typed.getlist("step"), strict=False)
    return [(word.strip(), step) for word, step in pairs if word.strip()]


def _draft(typed: QueryDict) -> Draft:
    return Draft(
        name=typed.get("name", ""),
        url=typed.get("url", ""),
        purpose=typed.get("purpose", ""),
        contract=typed.get("contract", ""),
        expires=_day(typed.get("expires", "")),
        fields=tuple(typed.getlist("fields")),
        words=dict(_pairs(typed)),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadFact(fact="expires", label=N_("Valid until"), why=N_("it is not a date")) from error


def _moment(text: str) -> datetime | None:
    try:
        return make_aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def _units() -> list[tuple[str, str]]:
    units = city.current().town.units.values()
    return [(unit.code, unit.name) for unit in units if unit.kind in ("department", "station", "other")]


def _unit(code: str) -> str:
    unit = city.current().town.units.get(code)
    return unit.name if unit else code
