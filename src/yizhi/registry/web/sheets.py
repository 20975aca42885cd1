"""Records from a sheet, and records into one."""

import csv
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi import sheets
from yizhi.cases.city import profile
from yizhi.core.errors import N_, BadFact, NotFound, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import fresh_key, page, show
from yizhi.registry import actions, forms, incoming, outgoing, queries
from yizhi.registry import sheet_page as pages
from yizhi.registry.page import purposes
from yizhi.registry.web.records import user

_form = require_http_methods(["GET", "HEAD", "POST"])
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@_form
@page
def batches(request: HttpRequest) -> HttpResponse:
    """A form for the next sheet, or for rows that are pasted; what was handed in before."""
    at, who = timezone.now(), user(request)
    answer: Answer | None = None
    chosen = request.POST.get("register", "person")
    if request.method == "POST":
        try:
            content, name = _content(request)
            more: dict[str, Any] = {"skip": request.POST.get("skip") == "1", "by": who, "at": at}
            more["form"] = request.POST.get("key")
            return redirect("records_sheet", number=actions.hand_in(content, chosen, name, **more))
        except NotFound:
            raise
        except Refusal as refusal:
            answer = answer_for(refusal)
    context = {
        "who": who, "sorts": pages.sorts(), "chosen": chosen, "answer": answer, "names": pages,
        "batches": queries.sheets(who), "pasted": request.POST.get("pasted", ""),
        "key": fresh_key(),
    }  # fmt: skip
    return show(request, "registry/sheets.html", context, at=at, status=answer.status if answer else 200)


def _content(request: HttpRequest) -> tuple[bytes, str]:
    """A file, or rows as they come out of a spreadsheet. Raises `BadFact`."""
    upload, pasted = request.FILES.get("file"), request.POST.get("pasted", "")
    if upload is not None:
        return upload.read(incoming.MOST_BYTES + 1), upload.name or ""
    if not pasted.strip():
        raise BadFact(fact="file", label=N_("Sheet"), why=N_("please choose it"))
    text = StringIO()
    csv.writer(text).writerows(line.split("\t") for line in pasted.splitlines())
    return text.getvalue().encode(), ""


@require_safe
@page
def template(request: HttpRequest, register: str) -> HttpResponse:
    """An empty sheet, with the places to choose from beside it."""
    who = user(request)
    if register not in queries.sorts():
        raise NotFound
    columns = incoming.columns(incoming.register_of(register))
    name = pages.sort_name(register)
    content = sheets.template(name, columns, {str(columns["area"]): pages.my_areas(who)})
    return _file(content, name)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


@require_safe
@page
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """How far a sheet is; asked again by itself while the worker has it."""
    return _batch(request, number, None)


@require_POST
@page
def step(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Take it in, drop it, or have it taken back."""
    who = user(request)
    try:
        match what:
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
    return redirect("records_sheet", number=number)


def _batch(request: HttpRequest, number: int, answer: Answer | None) -> HttpResponse:
    who = user(request)
    found = pages.sheet_page(who, queries.sheet(who, number))
    context = {"who": who, "answer": answer, "typed": request.POST.get("reason", ""), "page": found}
    status = answer.status if answer else 200
    return show(request, "registry/sheet.html", context, part="registry/_sheet.html", at=timezone.now(), status=status)


# -- taking out ---------------------------------------------------------------------------------------------------


@_form
@page
def takings(request: HttpRequest) -> HttpResponse:
    """Ask for a sheet; what others ask for waits for a second person here."""
    at, who = timezone.now(), user(request)
    answer: Answer | None = None
    asked = {name: request.POST.get(name, "") for name in ("register", "area", "purpose")}
    if request.method == "POST":
        try:
            actions.take_out(**asked, by=who, at=at, key=request.POST.get("key", ""))
            return redirect("records_takings")
        except NotFound:
            raise
        except Refusal as refusal:
            answer = answer_for(refusal)
    context = {
        "who": who, "asked": asked, "answer": answer, "key": fresh_key(), "areas": pages.my_areas(who),
        "registers": pages.sorts()[1:], "purposes": purposes(), "lines": pages.taking_lines(who),
        "most": profile().records.mass_export, "lang": forms.lang(),
    }  # fmt: skip
    return show(request, "registry/takings.html", context, at=at, status=answer.status if answer else 200)


@require_POST
@page
def taking(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """A second person agrees; whoever asked fetches it."""
    at, who = timezone.now(), user(request)
    if what == "grant":
        actions.grant(number, by=who, at=at)
        return redirect("records_takings")
    if what != "fetch":
        raise NotFound
    asked, found = actions.fetch(number, by=who, at=at)
    file = BytesIO()
    outgoing.write(file, asked, found, at=at)
    return _file(file.getvalue(), pages.sort_name(asked.register))
