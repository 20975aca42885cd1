"""Tiny applications for the tests of spool.py: a GET is answered, a POST with the size of its body."""

from collections.abc import Callable, Iterable
from typing import Any

from yizhi.site.spool import Front, Limits


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b""
    size = int(environ["QUERY_STRING"] or 0)
    start_response("200 OK", [("content-type", "text/plain")])
    return [str(len(body)).encode(), b"x" * size]


guarded = Front(bare)
small = Front(bare, Limits(size=10_000))
strict = Front(bare, Limits(size=10_000, grace=1.0, rate=1_000_000))
narrow = Front(bare, Limits(bodies=5))
