"""An office without an account opens its link and does the work; the desk that sent it makes such links."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import actions as cases
from yizhi.cases import queries as case_queries
from yizhi.cases.queries import Whole
from yizhi.connect import actions, queries, rules
from yizhi.connect.forms import OfficeForm
from yizhi.connect.page import desk_page, office_page
from yizhi.connect.rules import Link
from yizhi.core.errors import NotAllowed, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import actor, opened, page, show
from yizhi.people.rules import LINK_ACTS


@require_safe
@page
def office(request: HttpRequest, token: str) -> HttpResponse:
    """The work that a link opens."""
    at, link = timezone.now(), opened(request, queries.link, token)
    whole = queries.work(link, at)
    if whole is None:
        return _over(request, link, at)
    actions.opened(link.id, at=at)
    return _shown(request, token, link, whole, at)


# No cookie gives any power here (the address does), so no token is asked for.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def office_move(request: HttpRequest, token: str, move: str) -> HttpResponse:
    """Signed for, answered, finished: as the unit that the work lies with."""
    at, link = timezone.now(), opened(request, queries.link, token)
    whole = queries.work(link, at)
    if whole is None:
        return _over(request, link, at)
    if request.method != "POST" or move not in LINK_ACTS:
        return redirect("office_work", token=token)
    by, form = rules.office(link.unit), OfficeForm.of(request, move)
    try:
        facts, key = form.facts(request, whole), f"link:{link.id}:{form.key}"
        cases.move(whole.id, move, facts, by=by, at=at, key=key, photos=form.photos)
    except Refusal as refusal:
        now = queries.work(link, at) or whole
        return _shown(request, token, link, now, at, form.refuse(request, refusal, now, link.unit))
    return redirect(f"{reverse('office_work', kwargs={'token': token})}?done={move}")


def _shown(
    request: HttpRequest, token: str, link: Link, whole: Whole, at: datetime, refused: OfficeForm | None = None
) -> HttpResponse:
    """The page with every form that is open; with one that was refused, if it still is."""
    told = office_page(link, whole, request.GET.get("done", ""))
    answer = refused.answer if refused else None
    if refused and refused.move in told.forms:
        told.forms[refused.move] = refused
    context = {"token": token, "answer": answer, "page": told}
    return show(request, "connect/office.html", context, at=at, status=answer.status if answer else 200)


def _over(request: HttpRequest, link: Link, at: datetime) -> HttpResponse:
    """A link of ours that opens nothing any more: one sentence, and nothing of the matter."""
    return show(request, "connect/over.html", {"link": link}, at=at, status=404)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def link(request: HttpRequest, number: str) -> HttpResponse:
    """The desk sends the work to an office where nobody has an account. POST makes a link."""
    at, who = timezone.now(), actor(request)
    whole, answer = case_queries.case(who, number), None
    if request.method == "POST":
        try:
            days = request.POST.get("days", "")
            actions.make_link(number, int(days) if days.isdecimal() else 0, by=who, at=at)
            return redirect("office_link", number=number)
        except Refusal as refusal:
            answer = answer_for(refusal)
    told = desk_page(whole, who, queries.links(number), at)
    if not told.may_send and not told.links:
        raise NotAllowed(move=rules.SEND, who="desk")
    context = {"page": told, "who": who, "answer": answer, "days": rules.LINK_DAYS}
    return show(request, "connect/link.html", context, at=at, status=answer.status if answer else 200)


@require_POST
@page
def end_link(request: HttpRequest, number: str, link: int) -> HttpResponse:
    """The link opens nothing any more."""
    actions.end_link(number, link, by=actor(request), at=timezone.now())
    return redirect("office_link", number=number)
