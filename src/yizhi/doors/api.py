"""The API's frame: what every call has in common. Calls themselves lie in the folders' `api.py`; wiring joins them.

Every refusal is a problem document (RFC 9457). Answers of hot calls are bytes that msgspec wrote; what a call
declares as `response` is for the document, which a test compares with what is really sent.
"""

import logging
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.renderers import BaseRenderer
from pydantic import Field, TypeAdapter

from yizhi.core.errors import NotFound, NotSignedIn, Refusal
from yizhi.doors.answers import BadFields, Malformed, NotNow, NotOffered, OurFault, TooLarge, answer_for
from yizhi.doors.api_auth import InvalidToken
from yizhi.doors.api_faults import faults_of

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
_JSON = "application/json; charset=utf-8"
_AGAIN_SECONDS = 5


@dataclass(slots=True)
class Problem:
    """A refusal (RFC 9457). `detail` is in the language of `Accept-Language`; programs look at `code`."""

    type: Annotated[str, Field(examples=["urn:yizhi:problem:illegal_move"])]
    title: Annotated[str, Field(examples=["Not possible now"])]
    status: Annotated[int, Field(examples=[409])]
    detail: Annotated[str, Field(examples=["“Accept” is not possible while the matter is “In hand”."])]
    code: Annotated[str, Field(description="Never changes", examples=["illegal_move"])]
    fact: Annotated[str, Field(description="The fact to blame, if it is one")] = ""
    facts: Annotated[dict[str, Any], Field(description="What the sentence was made of")] = field(default_factory=dict)
    open: Annotated[list[dict[str, str]], Field(description="Moves that are open instead: move and label")] = field(
        default_factory=list
    )
    errors: Annotated[list[dict[str, str]], Field(description="Fields of the request: field and why")] = field(
        default_factory=list
    )


def answer(status: int, value: Any, **headers: str) -> HttpResponse:
    """`value` as JSON; a header's name is written with underscores."""
    response = HttpResponse(msgspec.json.encode(value), status=status, content_type=_JSON)
    for name, text in headers.items():
        response.headers[name.replace("_", "-")] = text
    return response


def problem(refusal: Refusal) -> HttpResponse:
    """A refusal as a problem document, in the active language; what is empty is left out."""
    told = answer_for(refusal)
    faults = refusal.faults if isinstance(refusal, BadFields) else []
    document = {
        "type": f"urn:yizhi:problem:{told.code}",
        "title": told.title,
        "status": told.status,
        "detail": told.sentence,
        "code": told.code,
        "fact": told.fact,
        "facts": {} if faults else told.facts,
        "open": [{"move": name, "label": label} for name, label in told.open],
        "errors": [{"field": path, "why": why} for path, why in faults],
    }
    said = {key: value for key, value in document.items() if value not in ("", {}, [])}
    raw = msgspec.json.encode(said, enc_hook=str)
    response = HttpResponse(raw, status=told.status, content_type=PROBLEM)
    if isinstance(refusal, NotSignedIn):
        shown = ', error="invalid_token"' if isinstance(refusal, InvalidToken) else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="yizhi"{shown}'
    if "seconds" in refusal.facts:
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


def refusal_of(error: Exception) -> Refusal:
    """What went wrong, in our own words. What nobody expected is `OurFault`."""
    match error:
        case Refusal():
            return error
        case ValidationError():
            return BadFields(faults_of(error.errors))
        case AuthenticationError():
            return NotSignedIn()
        case Http404():
            return NotFound()
        case RequestDataTooBig():
            return TooLarge()
        case MultiPartParserError() | SuspiciousOperation() | UnreadablePostError():
            return Malformed()
        case OperationalError() | InterfaceError():
            return NotNow(seconds=_AGAIN_SECONDS)
    return OurFault()


def tell(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to an exception; a fault of ours is logged, and tests see it."""
    refusal = refusal_of(error)
    if isinstance(refusal, OurFault | NotNow):
        log_fault(request, error)
    return problem(refusal)


def log_fault(request: HttpRequest, error: Exception) -> None:
    log.error("api_failed", exc_info=error, extra={"path": request.path_info})
    got_request_exception.send(sender=None, request=request)


def not_allowed(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """Ninja says 405 in plain text."""
    told = problem(NotOffered(method=request.method))
    told.headers["Allow"] = response.headers["Allow"]
    return told


class _Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return msgspec.json.encode(data)


class Api(NinjaAPI):
    """Ninja with our refusals, and a document that names them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(renderer=_Renderer(), **options)

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        return tell(request, exc)

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **options: Any) -> Any:
        document = super().get_openapi_schema(**options)
        schema = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"]["Problem"] = schema
        refused = {
            "description": "Refused; nothing was written.",
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"]["default"] = refused
        return document
