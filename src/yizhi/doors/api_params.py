"""What a call brings: a body as JSON, alone or beside photos, and query parameters. What is unknown is refused."""

from typing import Annotated, Any, ClassVar, TypeVar, cast

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.params.models import Body, BodyModel, Query, QueryModel
from pydantic import BaseModel, ConfigDict

from yizhi.doors.answers import Malformed, WrongFormat

JSON, MULTIPART = "application/json", "multipart/form-data"
PHOTOS = "photos"  # the field of a multipart body that holds files
T = TypeVar("T")


class Sent(BaseModel):
    """A body that a call may send. In multipart it is the JSON text of the field `part`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    part: ClassVar[str] = "body"


class Wanted(BaseModel):
    """What a list is narrowed to, from the query."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _GivenModel(BodyModel):
    @classmethod
    def get_request_data(cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]) -> Any:
        (name, field), *_ = cls.model_fields.items()
        return {name: _read(request, cast(type[Sent], field.annotation).part)}


class _AskedModel(QueryModel):
    @classmethod
    def get_request_data(cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]) -> Any:
        _refuse_unknown(request.GET, vars(cls)["__ninja_flatten_map__"], "query")
        if any("\0" in value for value in request.GET.values()):
            raise Malformed
        return super().get_request_data(request, api, path_params)


class _Given(Body):  # type: ignore[misc]  # Ninja's own class is untyped
    _model = _GivenModel

    @classmethod
    def _param_source(cls) -> str:
        return "body"


class _Asked(Query):  # type: ignore[misc]  # as above
    _model = _AskedModel

    @classmethod
    def _param_source(cls) -> str:
        return "query"


Given = Annotated[T, _Given(...)]
Asked = Annotated[T, _Asked(...)]


def _read(request: HttpRequest, part: str) -> Any:
    """The body as JSON values; an empty object when there is none."""
    if request.content_type == MULTIPART:
        _refuse_unknown(request.POST, (part,), "body")
        _refuse_unknown(request.FILES, (PHOTOS,), "body")
        return _json(str(request.POST.get(part, "")).encode())
    if not request.body:
        return {}
    if request.content_type != JSON:
        raise WrongFormat(formats=f"{JSON}, {MULTIPART}")
    return _json(request.body)


def _json(raw: bytes) -> Any:
    try:
        found = msgspec.json.decode(raw) if raw else {}
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Malformed from error
    if b"\\u0000" in raw and _has_null(found):  # the database takes no such text
        raise Malformed
    return found


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_null(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(map(_has_null, value))
    return isinstance(value, str) and "\0" in value


def _refuse_unknown(given: Any, known: Any, where: str) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValidationError([{"type": "extra_forbidden", "loc": (where, name)} for name in unknown])


def photos(request: HttpRequest) -> "list[UploadedFile[bytes]]":
    """The files of a multipart body; none of a JSON one."""
    return request.FILES.getlist(PHOTOS) if request.content_type == MULTIPART else []


def multipart(sent: type[Sent]) -> dict[str, Any]:
    """For `openapi_extra`: the same body beside photos."""
    schema = {
        "type": "object",
        "properties": {
            sent.part: {"$ref": f"#/components/schemas/{sent.__name__}"},
            PHOTOS: {"type": "array", "items": {"type": "string", "format": "binary"}},
        },
        "required": [sent.part],
    }
    return {"requestBody": {"content": {MULTIPART: {"schema": schema, "encoding": {sent.part: {"contentType": JSON}}}}}}
