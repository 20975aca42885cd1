"""The city's rules: shown, checked, changed as a whole, tried on past cases."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import city
from yizhi.core.errors import Refusal
from yizhi.core.profile import kept
from yizhi.core.profile.model import Profile
from yizhi.doors import words
from yizhi.office import by, now
from yizhi.site import drafts
from yizhi.site.office import changing, explain
from yizhi.site.office.changing import Looked
from yizhi.site.office.frame import acted, office, refuse, show
from yizhi.site.office.tables import tables
from yizhi.site.rehearse import Difference, differences

_LAST = 1000
_SHOWN = 60


@office("office_rules")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What is in force, the result of the check, the versions kept."""
    profile = city.current().profile
    checked = changing.checked(profile)
    context = {
        "profile": profile,
        "faults": explain.told(checked.refusals),
        "warnings": explain.told(checked.warnings),
        "tables": list(tables(profile)),
        "files": list(changing.rules_of(changing.in_force())),
        "in_force": kept.in_force(changing.base(), settings.DATA_DIR),
        "versions": kept.versions(changing.base(), settings.DATA_DIR),
        "rules": changing.RULES,
    }
    return show(request, "office/rules.html", _("Rules of the city"), context)


@office("office_rules_file")
@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """One file of the rules in force, or all of them as rules.zip."""
    found = changing.rules_of(changing.in_force())
    content = changing.packed(found) if name == "rules.zip" else found.get(name)
    if content is None:
        messages.error(request, _("There is no such file."))
        return redirect("office_rules")
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@office("office_rules_check")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What an upload would change, and what is wrong with it. Nothing is put in force."""
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Please choose a file first."))
        return redirect("office_rules")
    try:
        files = changing.handed_in(upload.name or "", upload.read())
    except Refusal as refusal:
        refuse(request, refusal)
        return redirect("office_rules")
    content = changing.packed(files)
    draft = drafts.keep(settings.DATA_DIR, _owner(request), content, at=now())
    return _looked(request, draft, changing.look(files))


def _looked(request: HttpRequest, draft: str, looked: Looked) -> HttpResponse:
    context = {
        "draft": draft,
        "looked": looked,
        "faults": explain.told(looked.faults),
        "warnings": explain.told(looked.warnings),
        "new": len(set(looked.warnings) - set(changing.checked(city.current().profile).warnings)),
    }
    return show(request, "office/rules_check.html", _("Changed rules"), context)


def _owner(request: HttpRequest) -> str:
    return str(by(request).account)


def _drafted(request: HttpRequest) -> Mapping[str, bytes] | None:
    content = drafts.kept(settings.DATA_DIR, _owner(request), request.POST.get("draft", ""))
    return changing.handed_in("", content) if content else None


@office("office_rules_apply")
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Puts a looked-at change in force, or an older version back."""
    at = now()
    if "version" in request.POST:
        name = request.POST["version"]
        done = _("The earlier version is in force again.")
        return acted(request, lambda: changing.bring_back(name, by=by(request), at=at), done, "office_rules")
    files = _drafted(request)
    if files is None:
        messages.error(request, _("What was handed in is gone; please hand it in again."))
        return redirect("office_rules")
    done = _("The changed rules are in force. Cases under way keep the limits that they were promised.")
    return acted(request, lambda: _put(request, files, at), done, "office_rules")


def _put(request: HttpRequest, files: Mapping[str, bytes], at: datetime) -> None:
    changing.put_in_force(files, by=by(request), at=at)
    drafts.drop(settings.DATA_DIR, _owner(request), request.POST["draft"])


@office("office_rehearse")
@require_http_methods(["GET", "HEAD", "POST"])
def rehearse(request: HttpRequest) -> HttpResponse:
    """What changed rules would have done with the latest cases: numbers, no contents."""
    files = _drafted(request) if request.method == "POST" else None
    upload = request.FILES.get("file")
    try:
        if upload is not None:
            files = changing.handed_in(upload.name or "", upload.read())
        looked = changing.look(files) if files else None
    except Refusal as refusal:
        refuse(request, refusal)
        looked = None
    if looked is None or looked.profile is None:
        faults = explain.told(looked.faults) if looked else []
        return show(request, "office/rehearse.html", _("Rehearsal"), {"asked": False, "faults": faults})
    return _rehearsed(request, looked.profile)


def _rehearsed(request: HttpRequest, profile: Profile) -> HttpResponse:
    found = list(differences(replace(city.current(), profile=profile), _LAST))
    moved = [one for one in found if one.held != one.would]
    context = {
        "asked": True,
        "faults": [],
        "last": _LAST,
        "found": len(found),
        "moved": len(moved),
        "ways": _ways(moved),
        "by_rule": Counter(one.rule for one in moved).most_common(),
        "by_clock": Counter(words.category_name(profile, one.category) for one in found if one.held == one.would),
        "shown": _SHOWN,
    }
    return show(request, "office/rehearse.html", _("Rehearsal"), context)


def _ways(moved: list[Difference]) -> list[tuple[str, str, str, str, int]]:
    """Category, rule, from, to, how many; the most first."""
    now_in_force = city.current()
    ways = Counter((one.category, one.rule, one.held, one.would) for one in moved)

    def unit(code: str) -> str:
        return now_in_force.town.units[code].name if code in now_in_force.town.units else code

    return [
        (words.category_name(now_in_force.profile, category), rule, unit(held), unit(would), count)
        for (category, rule, held, would), count in ways.most_common()
    ]
