"""A word about the product, from every page of whoever works with it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yizhi.cases import actions as cases
from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.core.errors import Refusal
from yizhi.doors.pages import actor, page, show, throttle_reports
from yizhi.suggestions.forms import SuggestionForm
from yizhi.suggestions.kinds import SORT, SUGGESTION


@require_http_methods(["GET", "HEAD", "POST"])
@page
def suggest(request: HttpRequest) -> HttpResponse:
    """Whoever works here may write; who wrote is not kept."""
    at, who, form, status = timezone.now(), actor(request), SuggestionForm.of(request), 200
    if request.method == "POST":
        try:
            throttle_reports(request, "suggest")
            report = form.report(profile().root_area)
            receipt = cases.report(report, by=Actor(door="page"), at=at, key=form.values["key"])
            return redirect("track", code=receipt.code)
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"who": who, "form": form, "sorts": SORT.options, "years": SUGGESTION.keep_years}
    return show(request, "suggestions/suggest.html", context, at=at, status=status)
