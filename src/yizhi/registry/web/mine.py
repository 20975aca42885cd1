"""One's own record: with a code from the grid worker's hand and the end of one's ID number, for half an hour."""

import csv
from datetime import datetime, timedelta
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi import sheets
from yizhi.cases.city import profile
from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import fresh_key, opened, page, show, throttle_reports
from yizhi.registry import actions, own_page, queries
from yizhi.registry import page as pages
from yizhi.registry.actions.mine import Opened
from yizhi.registry.kinds import WISHES
from yizhi.registry.queries import Record
from yizhi.registry.web.records import user

_form = require_http_methods(["GET", "HEAD", "POST"])
_KEY = "record"
_MINUTES = 30


def _kept(request: HttpRequest, at: datetime) -> Opened | None:
    """What this browser was let in to, as long as that lasts."""
    kept = request.session.get(_KEY)
    if not kept or datetime.fromisoformat(kept["until"]) <= at:
        return None
    return Opened(kept["id"], kept["by"])


def _own(request: HttpRequest, at: datetime) -> Record | None:
    """The record that this browser was let in to."""
    kept = _kept(request, at)
    try:
        return queries.own(kept.record) if kept else None
    except NotFound:
        return None


@_form
@sensitive_post_parameters()
@page
def mine(request: HttpRequest) -> HttpResponse:
    """Code and four digits; then the record, who looked at it, and what one may ask."""
    at = timezone.now()
    if request.method == "POST":
        return _enter(request, at)
    found = _own(request, at)
    if found is None:
        return _closed(request, at, None)
    return _shown(request, found, at, None)


def _enter(request: HttpRequest, at: datetime) -> HttpResponse:
    code, last_four = request.POST.get("code", "")[:40], request.POST.get("last_four", "")
    try:
        found = opened(request, lambda typed: actions.enter(typed, last_four, at=at), code)
    except Refusal as refusal:
        return _closed(request, at, answer_for(refusal))
    request.session.cycle_key()
    until = (at + timedelta(minutes=_MINUTES)).isoformat()
    request.session[_KEY] = {"id": found.record, "by": found.handed_by, "until": until}
    return redirect("mine")


def _closed(request: HttpRequest, at: datetime, answer: Answer | None) -> HttpResponse:
    status = 422 if answer and answer.status == 404 else answer.status if answer else 200
    return show(request, "registry/mine_closed.html", {"answer": answer}, at=at, status=status)


def _shown(request: HttpRequest, found: Record, at: datetime, answer: Answer | None) -> HttpResponse:
    context = {
        "page": own_page.mine_page(found), "names": pages, "answer": answer, "key": fresh_key(), "wishes": WISHES,
        "asked": {name: request.POST.get(name, "") for name in ("wanted", "text")},
    }  # fmt: skip
    return show(request, "registry/mine.html", context, at=at, status=answer.status if answer else 200)


@require_safe
@page
def copy(request: HttpRequest) -> HttpResponse:
    """The record to take away: every field, with what it is kept for and until when."""
    at = timezone.now()
    found = _own(request, at)
    if found is None:
        raise NotFound
    text = StringIO()
    writer = csv.writer(text)
    for line in own_page.mine_copy(found):
        writer.writerow([sheets.harmless(cell) for cell in line])
    response = HttpResponse(("\ufeff" + text.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="record.csv"'
    return response


@require_POST
@page
def ask(request: HttpRequest) -> HttpResponse:
    """A request becomes a matter; its own page says what becomes of it."""
    at = timezone.now()
    kept, found = _kept(request, at), _own(request, at)
    if kept is None or found is None:
        return redirect("mine")
    try:
        throttle_reports(request, "mine")
        wanted, text, key = (request.POST.get(name, "") for name in ("wanted", "text", "key"))
        receipt = actions.ask(kept, wanted, text, at=at, key=key)
        return redirect("track", code=receipt.code)
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(request, found, at, answer_for(refusal))


@require_POST
@page
def leave(request: HttpRequest) -> HttpResponse:
    """This browser forgets the record."""
    request.session.flush()
    return redirect("mine")


# -- the grid worker and the office -------------------------------------------------------------------------------


@require_POST
@page
def hand_over(request: HttpRequest, number: int) -> HttpResponse:
    """A code to give to the person, on a page to show or to print."""
    at, who = timezone.now(), user(request)
    code = actions.hand_over(number, by=who, at=at)
    context = {"who": who, "code": code, "number": number, "minutes": profile().records.code_minutes}
    return show(request, "registry/handed.html", context, at=at)


@require_POST
@page
def delete(request: HttpRequest, case: str) -> HttpResponse:
    """The record that somebody asked to have deleted."""
    actions.delete(case, by=user(request), at=timezone.now())
    return redirect("desk_case", number=case)
