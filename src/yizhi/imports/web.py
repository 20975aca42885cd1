"""Sheets of matters: looked at first, then taken in, and taken back if need be."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi import sheets
from yizhi.core.errors import N_, BadFact, NotFound, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import actor, page, show
from yizhi.imports import actions, queries
from yizhi.imports.page import batch_page, choices, preview
from yizhi.imports.rows import HEADS
from yizhi.imports.rules import SORTS, STATUS

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@page
def imports(request: HttpRequest) -> HttpResponse:
    """What was taken in, and a form for the next sheet. POST looks at a sheet and writes no matter."""
    at, who = timezone.now(), actor(request)
    offered = {sort.code for sort in queries.sorts(who)}
    context, status = {"who": who, "sorts": queries.sorts(who), "chosen": request.POST.get("sort", "")}, 200
    if request.method == "POST":
        upload, sort = request.FILES.get("file"), request.POST.get("sort", "")
        if upload is None or sort not in offered:
            context["answer"] = answer_for(BadFact(fact="file", label=N_("Sheet"), why=N_("please choose it")))
            status = 422
        else:
            content = upload.read(sheets.MAX_BYTES + 1)
            found, number = actions.look(content, sort, upload.name or "", by=who, at=at)
            if number is not None:
                return redirect("imports_batch", number=number)
            context |= {"look": preview(found)}
            status = 422
    context |= {"batches": queries.batches(who), "status": STATUS}
    return show(request, "imports/imports.html", context, at=at, status=status)


@require_safe
@page
def template(request: HttpRequest, sort: str) -> HttpResponse:
    """An empty sheet, with the places and categories to choose from beside it."""
    if sort not in {one.code for one in queries.sorts(actor(request))}:
        raise NotFound
    name = _(SORTS[sort].name)
    response = HttpResponse(sheets.template(name, HEADS, choices()), content_type=_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


@require_safe
@page
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """How far a sheet is; asked again by itself while the worker has it."""
    return _batch(request, number, None)


@require_POST
@page
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Take it in, drop it, or have it taken back."""
    who = actor(request)
    try:
        match step:
            case "start":
                actions.start(number, by=who)
            case "drop":
                actions.drop(number, by=who)
            case "undo":
                actions.undo(number, request.POST.get("reason", ""), by=who)
            case _:
                raise NotFound
    except NotFound:
        raise
    except Refusal as refusal:
        return _batch(request, number, answer_for(refusal))
    return redirect("imports_batch", number=number)


def _batch(request: HttpRequest, number: int, answer: Answer | None) -> HttpResponse:
    who = actor(request)
    found = batch_page(who, queries.batch(who, number), queries.taken(number))
    context = {"who": who, "answer": answer, "typed": request.POST.get("reason", ""), "page": found}
    status = answer.status if answer else 200
    return show(request, "imports/batch.html", context, part="imports/_batch.html", at=timezone.now(), status=status)
