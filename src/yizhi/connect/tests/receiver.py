"""A department's system that fails on demand, checks every signature with somebody else's library, and keeps a list."""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

#: What it answers; None: it hangs up without a word.
Answers = Callable[[dict[str, Any]], int | None]


class AnyTime(Webhook):
    """For tests that live at a time of their own: the library asks that a call is not older than five minutes."""

    def _Webhook__verify_timestamp(self, timestamp_header: str) -> datetime:
        return datetime.fromtimestamp(float(timestamp_header), UTC)


class Receiver:
    """`events` are those that it took, in order; `calls` counts every knock."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.heads: list[dict[str, str]] = []
        self.calls = 0
        self.answers: Answers = lambda event: 204
        self.secret = ""
        self.faults: list[str] = []
        self.checked: type[Webhook] = AnyTime
        self.port = 0
        self.lines: set[socket.socket] = set()

    def open(self) -> None:
        """The first time at any port, later at the same again."""
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.port = int(self.server.server_address[1])
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        """Nobody gets through any more, nor do those who kept a line open."""
        self.server.shutdown()
        self.server.server_close()
        for line in tuple(self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Receiver":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events"

    @property
    def seen(self) -> list[tuple[str, str]]:
        return [(event["subject"], event["type"].removeprefix("yizhi.case.")) for event in self.events]

    def take(self, body: bytes, headers: dict[str, str]) -> int | None:
        self.calls += 1
        event = json.loads(body)
        try:
            if self.secret:
                self.checked(self.secret).verify(body, headers)
        except Exception as error:
            self.faults.append(repr(error))
            return 401
        status = self.answers(event)
        if status is not None and 200 <= status < 300:
            self.events.append(event)
            self.heads.append(headers)
        return status


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            receiver.lines.add(self.connection)

        def finish(self) -> None:
            receiver.lines.discard(self.connection)
            super().finish()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
