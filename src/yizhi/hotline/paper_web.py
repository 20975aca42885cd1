"""Letters, visits and single orders of the 12345 line, typed in from paper."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yizhi.cases import actions
from yizhi.cases.city import current
from yizhi.cases.queries.spots import reporting_places
from yizhi.core.errors import Refusal
from yizhi.doors.forms import category_groups
from yizhi.doors.pages import actor, page, show
from yizhi.hotline import queries
from yizhi.hotline.forms import PaperForm, Sort
from yizhi.hotline.page import done_page


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
            receipt = actions.report(form.report(request, who), by=by, at=at, key=form.values["key"])
            done = done_page(receipt, form.typed, form.values["number"].strip())
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
