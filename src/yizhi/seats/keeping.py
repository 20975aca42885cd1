"""What a telephone may keep of the field: cases with the forms of their moves, and how it is called among programs."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhi.cases.queries import Whole
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.core.profile import Profile
from yizhi.doors.templating import asset, language_tag
from yizhi.seats import showing
from yizhi.seats.case_page import case_page
from yizhi.seats.forms import MoveForm


def case(request: HttpRequest, whole: Whole, who: Actor, at: datetime) -> dict[str, Any]:
    """The page as it is shown, and beside it the form of each move that is open now."""
    who = replace(who, door="field")
    opened = case_page(whole, who, "field")
    context = showing.case_context(request, opened, who, at) | {"at": at}
    forms = {}
    for button in (*opened.first, *opened.rest):
        shown = context | {"page": replace(opened, form=MoveForm.of(request, whole, who, button.move, at))}
        forms[button.move] = render_to_string("seats/_form.html", shown, request, using="jinja2")
    return {"page": render_to_string("seats/field_case.html", context, request, using="jinja2"), "forms": forms}


def worker() -> bytes:
    """The script that keeps and sends (frontend/field)."""
    found = finders.find("field-worker.js")
    if not isinstance(found, str):
        raise NotFound
    return Path(found).read_bytes()


def manifest(profile: Profile) -> dict[str, Any]:
    """As browsers read it (Web Application Manifest)."""
    city = profile.name_zh if language_tag() == "zh-Hans" else profile.name_en
    return {
        "id": reverse("field"),
        "name": f"{_('Yizhi')} · {city}",
        "short_name": _("Yizhi"),
        "description": _("Work in the grid, with and without a line."),
        "lang": language_tag(),
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "background_color": "#fdfcf9",
        "theme_color": "#fdfcf9",
        "icons": [
            {"src": asset("icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": asset("icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": asset("icon-whole.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": [{"name": _("Report"), "url": reverse("field_new")}],
    }
