"""What can be reported here: a service for each category that anybody may see, with what is asked for it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from yizhi.cases.city import current, profile
from yizhi.cases.queries.public import public_categories
from yizhi.core.profile import Category, Question, asked_with, profile_folder
from yizhi.doors import words
from yizhi.open311.rules import SPECIFICATION, TYPES, NoService

_DATATYPES: Final[Mapping[str, str]] = {
    "line": "string",
    "text": "text",
    "number": "number",
    "time": "datetime",
    "one": "singlevaluelist",
    "several": "multivaluelist",
}


def service(code: str) -> Category:
    """Raises `NoService`, for a sensitive category as for one that is none: such things are not reported by way of
    somebody else's pages."""
    if code not in public_categories(profile()):
        raise NoService
    return profile().categories[code]


def questions(code: str) -> list[Question]:
    return asked_with(profile().questions, code)


def service_list() -> list[dict[str, Any]]:
    return [_service(profile().categories[code]) for code in sorted(public_categories(profile()))]


def _service(category: Category) -> dict[str, Any]:
    name, group = (words.category_name(profile(), code) for code in (category.code, category.parent))
    return {
        "service_code": category.code,
        "service_name": name,
        "description": category.emergency or name,
        "metadata": bool(category.emergency or questions(category.code)),
        "type": "realtime",
        "keywords": ",".join(name.replace("，", "、").split("、")),
        "group": group,
    }


def definition(code: str) -> dict[str, Any]:
    """What stands first is only read: whom to ring before one writes."""
    known, lang = service(code), get_language() or "zh"
    found = [_warning(known)] if known.emergency else []
    found += [_attribute(one, lang) for one in questions(code)]
    attributes = [{**attribute, "order": order} for order, attribute in enumerate(found, 1)]
    return {"service_code": code, "attributes": attributes}


def _warning(category: Category) -> dict[str, Any]:
    return _described("emergency", "string", category.emergency, variable=False)


def _attribute(question: Question, lang: str) -> dict[str, Any]:
    values = [{"key": key, "name": question.option(key, lang)} for key in question.options]
    told = _described(question.code, _DATATYPES[question.type], question.said(lang), required=question.required)
    return told | ({"values": values} if values else {})


def _described(code: str, datatype: str, said: str, *, variable: bool = True, required: bool = False) -> dict[str, Any]:
    return {
        "variable": variable,
        "code": code,
        "datatype": datatype,
        "required": required,
        "datatype_description": None,
        "order": 0,
        "description": said,
    }


def discovery(request: HttpRequest) -> dict[str, Any]:
    """Where the endpoint is, and whom to ask for a key."""
    city, changed = current(), _changed()
    desk = city.town.units[city.town.root]
    endpoint = {
        "specification": SPECIFICATION,
        "url": request.build_absolute_uri("/open311/v2"),
        "changeset": changed,
        "type": "production",
        "formats": list(TYPES.values()),
    }
    return {
        "changeset": changed,
        "contact": f"{desk.name} {desk.phone}".strip(),
        "key_service": gettext("Please ask {office} for a key.").format(office=f"{desk.name} {desk.phone}".strip()),
        "endpoints": [endpoint],
    }


def _changed() -> str:
    """When the rules in force were last changed, services and questions with them."""
    folder = profile_folder(settings.YIZHI_PROFILE, settings.DATA_DIR)
    newest = max((path.stat().st_mtime for path in folder.glob("*.*")), default=0.0)
    return datetime.fromtimestamp(newest, UTC).isoformat(timespec="seconds")
