"""From a request as Granian gives it to the environment that WSGI (PEP 3333) asks for."""

import sys
from collections.abc import Iterator
from typing import IO, Any, Protocol
from urllib.parse import unquote_to_bytes

from granian.rsgi import Scope

Environ = dict[str, Any]
_OWN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Readable(Protocol):
    """What a view may answer with instead of text."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class FileAnswer:
    """`wsgi.file_wrapper`: an answer that is a file. The server sends and closes it after the slot is left."""

    def __init__(self, file: Readable, _block_size: int = 0) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.file.read(65536):
            yield piece


def environ_of(scope: Scope, body: IO[bytes], size: int) -> Environ:
    """`body` holds the whole body of `size` bytes, at its start."""
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileAnswer,
    }
    for name, value in scope.headers.items():
        _add_header(environ, name, value)
    if scope.authority and "HTTP_HOST" not in environ:  # HTTP/2
        environ["HTTP_HOST"] = scope.authority
    environ["CONTENT_LENGTH"] = str(size)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def _add_header(environ: Environ, name: str, value: str) -> None:
    """A name with an underscore could pass for another header (X_Forwarded_For): it is left out."""
    if "_" in name:
        return
    key = _OWN.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
    if key in environ and key.startswith("HTTP_"):
        value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value
