"""The hotline's pages: a call is written down and becomes something; letters and orders are typed in from paper."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yizhi.cases import actions as cases
from yizhi.cases.city import current
from yizhi.cases.queries.spots import reporting_places
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.forms import category_groups
from yizhi.doors.pages import actor, page, show, wants_part
from yizhi.hotline import actions, queries, rules
from yizhi.hotline.forms import PaperForm, Sort
from yizhi.hotline.page import Beside, beside, done_page, form_page
from yizhi.hotline.rules import Typed


@require_safe
@page
def hotline(request: HttpRequest) -> HttpResponse:
    """An empty form for the next call, with those that are not finished beside it."""
    who = actor(request)
    queries.post_of(who)
    return _form(request, who, uuid4(), Typed(), at=timezone.now(), said=request.GET.get("done", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def call(request: HttpRequest, call: UUID) -> HttpResponse:
    """GET opens a call that is not finished. POST saves it (in the background), drops it, or finishes it."""
    at, who = timezone.now(), actor(request)
    if request.method != "POST":
        found = queries.call(who, call)
        return redirect("hotline") if found is None else _form(request, who, call, found, at=at)
    typed = rules.typed(request.POST)
    if wants_part(request):
        return _saved(request, who, call, typed, at)
    if "drop" in request.POST:
        actions.drop(call, by=who, at=at)
        return redirect(f"{reverse('hotline')}?done=dropped")
    if "save" in request.POST:
        actions.save(call, typed, by=who, at=at)
        return redirect("hotline_call", call=call)
    return _finish(request, who, call, typed, at)


def _finish(request: HttpRequest, who: Actor, call: UUID, typed: Typed, at: datetime) -> HttpResponse:
    try:
        finished = actions.finish(call, typed, by=who, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        answer = answer_for(refusal)
        if not typed.empty:
            actions.save(call, typed, by=who, at=at)
        return _form(request, who, call, typed, at=at, answer=answer)
    if finished.receipt is None:
        return redirect(f"{reverse('hotline')}?done={finished.outcome}")
    context = {"who": who, "done": done_page(finished.receipt, typed)}
    return show(request, "hotline/done.html", context, at=at)


def _saved(request: HttpRequest, who: Actor, call: UUID, typed: Typed, at: datetime) -> HttpResponse:
    """The moment of saving; what stands beside the form only when it has changed, so that nothing jumps."""
    kept = actions.save(call, typed, by=who, at=at)
    shown: Beside = beside(who, typed, at)
    changed = shown.mark != request.POST.get("shown", "")
    context: dict[str, Any] = {"kept": kept, "beside": shown if changed else None, "typed": typed, "call": call}
    response = show(request, "hotline/_saved.html", context, part="hotline/_saved.html", at=at)
    response["HX-Replace-Url"] = reverse("hotline_call", kwargs={"call": call}) if kept else reverse("hotline")
    return response


def _form(
    request: HttpRequest,
    who: Actor,
    call: UUID,
    typed: Typed,
    *,
    at: datetime,
    answer: Answer | None = None,
    said: str = "",
) -> HttpResponse:
    context = {
        "who": who,
        "call": call,
        "typed": typed,
        "answer": answer,
        "form": form_page(who, reporting_places(who, at), call, said),
        "beside": beside(who, typed, at),
    }
    return show(request, "hotline/hotline.html", context, at=at, status=answer.status if answer else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def paper(request: HttpRequest, sort: Sort) -> HttpResponse:
    """The form, and for what was sent the receipt."""
    at, who = timezone.now(), actor(request)
    queries.post_of(who)
    form, status = PaperForm.of(request, sort), 200
    if request.method == "POST":
        try:
            by = replace(who, door="letter" if sort == "letter" else "hotline")
            what = form.report(request, who)
            done = done_page(cases.report(what, by=by, at=at, key=form.values["key"]), form.typed, what)
            return show(request, f"hotline/{sort}_done.html", {"who": who, "done": done}, at=at)
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {
        "who": who,
        "form": form,
        "places": reporting_places(who, at),
        "categories": list(category_groups(current())),
    }
    return show(request, "hotline/paper.html", context, at=at, status=status)
