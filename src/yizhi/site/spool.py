"""The outermost layer of the web server: no slow client ever holds one of the few places where work is done.

Granian hands each request to a coroutine here. It writes the body to a temporary file under a limit of size (413),
a slowest allowed rate (408) and a number of bodies at once (503); only then the request enters one of the work slots,
threads that run the synchronous WSGI application. The answer is whole before the slot is left, and a slow reader
gets it without one.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope
from prometheus_client import Counter, Histogram

from yizhi.site import refusing
from yizhi.site.wsgi_environ import Environ, FileAnswer, Readable, environ_of

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

REFUSED = Counter("yizhi_requests_refused", "Requests refused before they were worked on", ["status"])
WAITED = Histogram("yizhi_slot_wait_seconds", "Time a request waited for a work slot")
WORKED = Histogram("yizhi_work_seconds", "Time a request spent in a work slot", ["method", "status"])
IN_MEMORY = 256 * 1024  # bytes: what is smaller never touches the disk
PIECE = 64 * 1024
SEND_SECONDS = 60  # for each piece


@dataclass(frozen=True)
class Limits:
    """`size` in bytes; a body may take `grace` seconds plus one for each `rate` bytes, `longest` seconds at most."""

    size: int = 100 * 1024 * 1024
    grace: float = 30.0
    rate: int = 4096
    longest: float = 1800.0
    bodies: int = 1000  # arriving at once, in each process
    slots: int = 8  # worked on at once, in each process
    waiting: int = 500  # for a slot
    slot_wait: float = 30.0

    def allowed(self, received: int) -> float:
        """Seconds a body may have taken when `received` bytes are here."""
        return min(self.grace + received / self.rate, self.longest)


class Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Answer:
    """What the application said."""

    status: int
    headers: Headers
    body: bytes | Readable


class Front:
    """An RSGI application around a WSGI one. One object for each process."""

    def __init__(self, application: Application, limits: Limits | None = None) -> None:
        self.application = application
        self.limits = limits or Limits()
        self._threads = ThreadPoolExecutor(self.limits.slots, "slot")
        self._aside = ThreadPoolExecutor(1, "aside")
        self._slots = asyncio.Semaphore(self.limits.slots)
        self._bodies = 0
        self._waiting = 0

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            declared = _declared(scope)
            if declared == 0:
                answer = await self._answer(scope, environ_of(scope, BytesIO(), 0))
            else:
                with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
                    size = await self._receive(declared, protocol, body)
                    answer = await self._answer(scope, environ_of(scope, body, size))
        except Refused as refused:
            REFUSED.labels(refused.status.value).inc()
            _refuse(refused.status, scope, protocol)
        else:
            await _send(answer, protocol, scope.method)

    async def _receive(self, declared: int | None, protocol: HTTPProtocol, body: IO[bytes]) -> int:
        """Bytes of the body, which `body` then holds, at its start."""
        if declared is not None and declared > self.limits.size:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._bodies >= self.limits.bodies:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self._bodies += 1
        try:
            size = await self._copy(protocol, body)
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
        finally:
            self._bodies -= 1
        if declared is not None and size != declared:
            raise Refused(HTTPStatus.BAD_REQUEST)
        body.seek(0)
        return size

    async def _copy(self, protocol: HTTPProtocol, body: IO[bytes]) -> int:
        size, start = 0, asyncio.get_running_loop().time()
        async with asyncio.timeout(self.limits.grace) as deadline:
            async for chunk in protocol:
                size += len(chunk)
                if size > self.limits.size:
                    raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                body.write(chunk)
                deadline.reschedule(start + self.limits.allowed(size))
        return size

    async def _answer(self, scope: Scope, environ: Environ) -> Answer:
        loop = asyncio.get_running_loop()
        if scope.path in ("/healthz", "/metrics"):  # a process that is busy is not ill
            return await loop.run_in_executor(self._aside, self._work, environ)
        if self._waiting >= self.limits.waiting:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        await self._take_slot()
        try:
            return await loop.run_in_executor(self._threads, self._work, environ)
        finally:
            self._slots.release()

    async def _take_slot(self) -> None:
        asked = time.perf_counter()
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.slot_wait):
                await self._slots.acquire()
        except TimeoutError:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE) from None
        finally:
            self._waiting -= 1
        WAITED.observe(time.perf_counter() - asked)

    def _work(self, environ: Environ) -> Answer:
        """Runs the application in this thread, to its end: its database connection is free when the slot is."""
        started = time.perf_counter()
        said: list[tuple[int, Headers]] = []

        def start_response(status: str, headers: Headers, _error: object = None) -> None:
            said[:] = [(int(status[:3]), headers)]

        body = _whole(self.application(environ, start_response))
        [(status, headers)] = said
        WORKED.labels(environ["REQUEST_METHOD"], status).observe(time.perf_counter() - started)
        return Answer(status, headers, body)


def _whole(parts: Iterable[bytes]) -> bytes | Readable:
    """The body of an answer. A file is left as it is: whoever sends it closes it."""
    if isinstance(parts, FileAnswer):
        return parts.file
    try:
        if not getattr(parts, "streaming", False):
            return b"".join(parts)
        spooled = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed when it is sent
        for part in parts:
            spooled.write(part)
        spooled.seek(0)
        return spooled
    finally:
        if hasattr(parts, "close"):
            parts.close()


async def _send(answer: Answer, protocol: HTTPProtocol, method: str) -> None:
    if isinstance(answer.body, bytes):
        if answer.body and method != "HEAD":
            protocol.response_bytes(answer.status, answer.headers, answer.body)
        else:
            protocol.response_empty(answer.status, answer.headers)
        return
    with closing(answer.body) as file:
        stream = protocol.response_stream(answer.status, answer.headers)
        try:
            while method != "HEAD" and (piece := file.read(PIECE)):
                await asyncio.wait_for(stream.send_bytes(piece), SEND_SECONDS)
        except (TimeoutError, ProtocolClosed):
            pass  # the reader is gone or asleep; nobody is left to tell


def _declared(scope: Scope) -> int | None:
    """The body's size as the client says, None when it comes in chunks."""
    if "transfer-encoding" in scope.headers:
        return None
    try:
        return int(scope.headers.get("content-length") or 0)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST) from None


def _refuse(status: HTTPStatus, scope: Scope, protocol: HTTPProtocol) -> None:
    kind, said = refusing.answer(status, scope.path)
    headers = [("content-type", kind), ("cache-control", "no-store")]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("retry-after", "5"))
    # What is left of the body is not read: the connection cannot be used again.
    protocol.response_str(status.value, [*headers, ("connection", "close")], said)
