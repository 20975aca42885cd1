"""A real server with real slow clients. The guard's twin (the same server without it) must freeze."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

SLOW = 200


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serve(name: str, *options: str) -> Iterator[int]:
    """`name`: an application in slow_app.py, served as `yizhi web` does unless `options` say otherwise."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--workers", "2", "--no-log", "--no-ws", "--port", str(port)]
    command += ["--workers-kill-timeout", "3"]
    options = options or ("--interface", "rsgi", "--backpressure", "8192")
    server = subprocess.Popen([*command, *options, f"yizhi.site.tests.slow_app:{name}"])
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()  # SIGKILL would leave its workers behind
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(1200):
        try:
            assert _get(port) == 200
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not start")


def _get(port: int, seconds: float = 30) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        link.request("GET", "/")
        return link.getresponse().status
    finally:
        link.close()


def _post(port: int, body: bytes | Iterator[bytes], path: str = "/") -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("POST", path, body, encode_chunked=not isinstance(body, bytes))
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


@contextmanager
def _half_sent(port: int, count: int, size: int = 1_000_000) -> Iterator[list[socket.socket]]:
    """`count` uploads that have sent their first bytes and no more."""
    links = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    try:
        for link in links:
            head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
            link.sendall(head + b"a" * 1000)
        time.sleep(0.5)
        yield links
    finally:
        for link in links:
            link.close()


def _comes_true(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def _drip(links: list[socket.socket], rounds: int) -> None:
    """A kilobyte a second on each."""
    for _ in range(rounds):
        for link in links:
            link.sendall(b"a" * 1000)
        time.sleep(1)


@pytest.mark.slow
def test_slow_uploads_do_not_freeze_a_get() -> None:
    with _serve("guarded") as port, _half_sent(port, SLOW) as links:
        for _ in range(3):
            _drip(links, 1)
            assert _get(port) == 200


@pytest.mark.slow
def test_without_the_front_they_do() -> None:
    plain = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "2", "--backpressure", "8192")
    with _serve("bare", *plain) as port, _half_sent(port, 12), pytest.raises(TimeoutError):
        _get(port, seconds=2)


@pytest.mark.slow
def test_a_body_within_the_limit_arrives_and_one_beyond_is_refused() -> None:
    with _serve("small") as port:
        assert _post(port, b"a" * 10_000) == (200, b"10000")
        assert _post(port, b"a" * 10_001)[0] == 413
        assert _post(port, iter([b"a" * 4_000, b"a" * 4_000])) == (200, b"8000")
        assert _post(port, iter([b"a" * 6_000, b"a" * 6_000]))[0] == 413
        status, problem = _post(port, b"a" * 10_001, "/api/v1/reports")
        assert (status, json.loads(problem)["code"]) == (413, "too_large"), "programs get a problem document"


@pytest.mark.slow
def test_a_body_that_stops_arriving_is_told_so() -> None:
    with _serve("strict") as port, _half_sent(port, 20, size=9_000) as links:
        for link in links:
            link.settimeout(30)
            assert link.recv(1000).startswith(b"HTTP/1.1 408 ")


@pytest.mark.slow
def test_more_bodies_at_once_than_allowed_are_sent_away() -> None:
    with _serve("narrow") as port, _half_sent(port, 40):
        _comes_true(lambda: _post(port, b"a")[0] == 503)  # on a busy machine not all forty have arrived by now
        assert _get(port) == 200


@pytest.mark.slow
def test_a_large_answer_arrives_whole() -> None:
    with _serve("guarded") as port:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        link.request("GET", "/?3000000")
        assert len(link.getresponse().read()) == 3_000_001
        link.close()
