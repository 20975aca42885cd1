"""What Django is told about a request."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from yizhi.site.wsgi_environ import environ_of


class Headers:
    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return self.pairs


@dataclass
class Request:
    """Granian's scope, which only Granian can make."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    client: str = "192.0.2.7:5123"
    path: str = "/q/%E7%9B%8A"
    server: str = "127.0.0.1:8000"
    method: str = "POST"
    query_string: str = "a=1"
    http_version: str = "1.1"
    scheme: str = "http"
    authority: str | None = None

    @property
    def headers(self) -> Headers:
        return Headers(self.pairs)


def _environ(*pairs: tuple[str, str], **changes: Any) -> dict[str, Any]:
    request: Any = Request(list(pairs), **changes)
    return environ_of(request, BytesIO(b"abc"), 3)


def test_the_path_is_decoded_as_wsgi_wants_it() -> None:
    assert _environ()["PATH_INFO"].encode("latin-1").decode() == "/q/益"


def test_the_length_is_that_of_the_body_received() -> None:
    environ = _environ(("content-length", "999"), ("transfer-encoding", "chunked"), ("content-type", "text/csv"))
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("3", "text/csv")
    assert "HTTP_TRANSFER_ENCODING" not in environ


def test_headers_that_come_twice_are_joined() -> None:
    environ = _environ(("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x"), ("accept", "y"))
    assert (environ["HTTP_COOKIE"], environ["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


def test_a_header_cannot_be_forged_with_an_underscore() -> None:
    assert "HTTP_X_FORWARDED_PROTO" not in _environ(("x_forwarded_proto", "https"))


def test_addresses() -> None:
    assert _environ()["REMOTE_ADDR"] == "192.0.2.7"
    assert _environ(client="[2001:db8::1]:5123")["REMOTE_ADDR"] == "2001:db8::1"
    assert _environ(authority="yizhi.example")["HTTP_HOST"] == "yizhi.example"
