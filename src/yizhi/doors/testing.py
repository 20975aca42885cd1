"""Who stands before a door, for the tests of every folder above: a browser of somebody signed in, a program."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE
from yizhi.people import actions

API = "/api/v1/"


def signed_in(account: int, at: datetime) -> Client:
    """A browser, signed in by a link, as people do."""
    client = Client()
    secret = actions.make_link(account, by=MACHINE, at=at, minutes=5)
    assert client.post(f"/in/{secret}").status_code == 302
    return client


class Program:
    """Calls as an account, with a token of its own, or as nobody; speaks English unless told otherwise."""

    def __init__(self, account: int | None = None) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Accept-Language": "en"}
        if account is not None:
            by, at = Actor(account=account), timezone.now()
            self.headers["Authorization"] = f"Bearer {actions.make_token(account, label='test', by=by, at=at)}"

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`body` as JSON unless it is bytes; a header's name is written with underscores."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = headers.pop("Content_Type", "application/json")
        sent = self.headers | {name.replace("_", "-"): text for name, text in headers.items()}
        return self.client.generic(method, API + path, raw, content_type=kind, headers=sent)

    def multipart(self, path: str, *files: bytes, **fields: Any) -> Any:
        """Each field as JSON, beside photos."""
        photos = [SimpleUploadedFile("photo.jpg", file, "image/jpeg") for file in files]
        data = {name: json.dumps(value) for name, value in fields.items()} | {"photos": photos}
        return self.client.post(API + path, data, headers=self.headers)


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """A refusal in the shape that every refusal has; the document."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:yizhi:problem:{code}")
    assert told["title"]
    assert told["detail"]
    assert "{" not in told["detail"]
    return told


#: Path, query and body (from JSON) → media type and content; b"404" for what is not there.
Answering = Callable[[str, Mapping[str, str], dict[str, Any]], tuple[str, bytes]]


@contextmanager
def serving(answer: Answering) -> Iterator[str]:
    """A server of somebody else on a port of its own, while the block lasts; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            kind, content = answer(parts.path, dict(parse_qsl(parts.query)), body)
            self.send_response(404 if content == b"404" else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
