"""The pages of the base records: find, a building, a record, corrections."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, Refusal
from yizhi.core.profile.records import said
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import actor, fresh_key, page, show
from yizhi.registry import actions, forms, queries, rules
from yizhi.registry import page as pages

_form = require_http_methods(["GET", "HEAD", "POST"])


def user(request: HttpRequest) -> Actor:
    """Whoever uses records somewhere. Raises `NotSignedIn`, `NotFound`."""
    who = actor(request)
    if not rules.may(who):
        raise NotFound
    return who


@_form
@sensitive_post_parameters()
@page
def find(request: HttpRequest) -> HttpResponse:
    """An address or a unit by words; what is personal by one exact value, with a purpose. That one is sent, so that it
    stands in no address and no log."""
    at, who = timezone.now(), user(request)
    context: dict[str, Any] = {"who": who, "status": 200}
    if request.method == "POST":
        context |= _look_for(request, who)
    elif typed := request.GET.get("q", "").strip():
        context |= {"typed": typed, "places": queries.addresses(who, typed), "bodies": queries.bodies(who, typed)}
    context |= {"looked_by": pages.looked_by(), "purposes": pages.purposes(), "page": pages}
    return show(request, "registry/find.html", context, at=at, status=context["status"])


def _look_for(request: HttpRequest, who: Actor) -> dict[str, Any]:
    asked = {name: request.POST.get(name, "") for name in ("by", "typed", "purpose")}
    try:
        found = actions.look_for(asked["by"], asked["typed"], asked["purpose"], by=who, at=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        answer = answer_for(refusal)
        return {"answer": answer, "asked": asked, "status": answer.status}
    return {"found": found, "asked": asked}


@require_safe
@page
def house(request: HttpRequest, address: int) -> HttpResponse:
    """A building at a glance."""
    who = user(request)
    found = pages.house_page(queries.house(who, address))
    return show(request, "registry/house.html", {"who": who, "page": found}, at=timezone.now())


@_form
@sensitive_post_parameters()
@page
def new(request: HttpRequest, address: int, register: str) -> HttpResponse:
    """A record is typed in where it stands."""
    at, who = timezone.now(), user(request)
    known, place = profile().records.registers.get(register), queries.house(who, address).asked
    if known is None:
        raise NotFound
    answer: Answer | None = None
    typed = forms.typed(known, request.POST)
    if request.method == "POST":
        try:
            key = request.POST.get("key", "")
            made = actions.add(register, typed, place.id, lang=forms.lang(), by=who, at=at, key=key)
            return redirect("record", number=made)
        except NotFound:
            raise
        except Refusal as refusal:
            answer = answer_for(refusal)
    context = {
        "who": who, "place": place, "kind": said(known.name, forms.lang()), "answer": answer,
        "inputs": forms.inputs(known, typed, None, answer), "key": fresh_key(),
    }  # fmt: skip
    return show(request, "registry/new.html", context, at=at, status=answer.status if answer else 200)


@require_safe
@page
def record(request: HttpRequest, number: int) -> HttpResponse:
    """One record, masked."""
    who = user(request)
    found = pages.record_page(who, queries.record(who, number))
    return _record(request, who, found)


def _record(request: HttpRequest, who: Actor, found: pages.RecordPage, answer: Answer | None = None) -> HttpResponse:
    context = {"who": who, "page": found, "purposes": pages.purposes(), "answer": answer, "names": pages}
    context["done"] = request.GET.get("done", "")
    status = answer.status if answer else 200
    return show(request, "registry/record.html", context, at=timezone.now(), status=status)


@require_POST
@page
def look(request: HttpRequest, number: int) -> HttpResponse:
    """The whole record, for a purpose that the person reads."""
    at, who = timezone.now(), user(request)
    try:
        found = actions.look(number, request.POST.get("purpose", ""), by=who, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return _record(request, who, pages.record_page(who, queries.record(who, number)), answer_for(refusal))
    return _record(request, who, pages.record_page(who, found, whole=True))


@_form
@sensitive_post_parameters()
@page
def propose(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """A correction, or that the record is to end: a second person decides."""
    at, who = timezone.now(), user(request)
    found, answer = queries.record(who, number), None
    if act not in ("correct", "end"):
        raise NotFound
    typed = forms.typed(found.register, request.POST) if request.method == "POST" else {}
    said_with = {name: request.POST.get(name, "") for name in ("source", "reason", "key")}
    if request.method == "POST":
        try:
            actions.propose(number, typed, act=act, lang=forms.lang(), by=who, at=at, **said_with)
            return redirect(f"{reverse('record', args=[number])}?done=proposed")
        except NotFound:
            raise
        except Refusal as refusal:
            answer = answer_for(refusal)
    context = {
        "who": who, "page": pages.record_page(who, found), "act": act, "answer": answer, "said": said_with,
        "inputs": forms.inputs(found.register, typed, found.masked, answer), "sources": pages.sources(),
        "key": fresh_key(),
    }  # fmt: skip
    return show(request, "registry/propose.html", context, at=at, status=answer.status if answer else 200)


@require_safe
@page
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person."""
    who = user(request)
    return _proposals(request, who)


def _proposals(request: HttpRequest, who: Actor, answer: Answer | None = None) -> HttpResponse:
    lines = pages.proposal_lines(who, queries.proposals(who))
    context = {"who": who, "lines": lines, "answer": answer, "names": pages}
    return show(request, "registry/proposals.html", context, at=timezone.now(), status=answer.status if answer else 200)


@require_POST
@page
def decide(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Yes or no, by a second person."""
    who = user(request)
    if what not in ("grant", "refuse"):
        raise NotFound
    try:
        actions.decide(number, what == "grant", by=who, at=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _proposals(request, who, answer_for(refusal))
    return redirect("records_proposals")
