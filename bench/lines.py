"""A small HTTP client for what wrk cannot do: many slow readers, a steady pace, a body that trickles in."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.wrk import Request

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Line:
    """One kept connection; opened again when the server has closed it."""

    port: int
    _ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)

    async def ask(self, request: Request) -> tuple[int, bytes]:
        """Status and body."""
        fresh = self._ends is None
        try:
            return await self._ask(raw(request))
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            if fresh:
                raise
            return await self._ask(raw(request))  # the server had closed a connection that waited

    async def _ask(self, said: bytes) -> tuple[int, bytes]:
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._ends
        writer.write(said)
        head = await reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        return int(head[9:12]), await reader.readexactly(int(found[1])) if found else b""

    def close(self) -> None:
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


def raw(request: Request, length: int | None = None) -> bytes:
    """As it goes over the wire. `length`: of a body that is sent later."""
    body = request.body.encode()
    lines = [f"{request.method} {request.path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"Authorization: Bearer {request.token}"] if request.token else []
    lines += [f"Cookie: yizhi_session={request.cookie}"] if request.cookie else []
    if body or length:
        lines += ["Content-Type: application/json", f"Content-Length: {length or len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def paced(port: int, requests: Iterator[Request], per_second: float, seconds: float) -> list[float]:
    """Requests at a steady pace; the milliseconds each took from the moment it was due, waiting included."""
    free: list[Line] = []
    took: list[float] = []

    async def one(due: float, request: Request) -> None:
        line = free.pop() if free else Line(port)
        status, _ = await line.ask(request)
        if status == 200:
            took.append((time.perf_counter() - due) * 1000)
        free.append(line)

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(round(per_second * seconds)):
            due = start + number / per_second
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            group.create_task(one(due, next(requests)))
    for line in free:
        line.close()
    return took
