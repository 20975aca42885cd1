"""GeoReport's answers: JSON, and XML by the Spark convention; errors as lists of code and description."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from yizhi.core.errors import NotSignedIn
from yizhi.doors.answers import Malformed, NotNow, NotOffered, OurFault, answer_for
from yizhi.doors.api import log_fault, refusal_of
from yizhi.open311.rules import TYPES

#: Statuses that the specification leaves as they are; everything else that is refused is 400.
_KEPT = frozenset((403, 404, 405, 429, 500, 503))
#: What the parts of a list are called.
_PARTS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def form_of(request: HttpRequest, form: str = "") -> str:
    """By the ending of the address; without one, what is accepted, else XML."""
    ending = form or request.path_info.rpartition(".")[2]
    if ending.lstrip(".") in TYPES:
        return ending.lstrip(".")
    return "json" if "json" in request.headers.get("Accept", "") else "xml"


def answer(request: HttpRequest, form: str, name: str, value: Any, status: int = 200) -> HttpResponse:
    """`value`: a list of objects, which JSON does not name, or one object. Anybody's page may read it: it holds
    nothing that a browser's cookies would open."""
    form = form_of(request, form)
    raw = msgspec.json.encode(value) if form == "json" else _xml(name, value)
    response = HttpResponse(raw, status=status, content_type=f"{TYPES[form]}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _xml(name: str, value: Any) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{"".join(_element(name, value))}\n'.encode()


def _element(name: str, value: Any) -> Iterator[str]:
    yield f"<{name}>"
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _element(key, part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from _element(_PARTS[name], part)
    else:
        yield _said(value)
    yield f"</{name}>"


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NOT_XML.sub("", str(value)))


def tell(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to an exception; a fault of ours is logged, and tests see it."""
    refusal = Malformed() if isinstance(error, BadRequest) else refusal_of(error)
    if isinstance(refusal, OurFault | NotNow):
        log_fault(request, error)
    found = answer_for(refusal)
    status = 403 if isinstance(refusal, NotSignedIn) else found.status
    status = status if status in _KEPT else 400
    response = answer(request, "", "errors", [{"code": status, "description": found.sentence}], status)
    if "seconds" in refusal.facts:
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


def not_allowed(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """Django says 405 in an empty body."""
    told = tell(request, NotOffered(method=request.method))
    told.headers["Allow"] = response.headers["Allow"]
    return told
