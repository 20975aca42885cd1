"""A department's system, in a process of its own: it takes every event, and tells on GET what it heard, in order. It
knows nothing of the product. Prints its port."""

import asyncio
import json

_heard: list[tuple[str, str]] = []
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


async def _line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One line that is kept open, call after call."""
    while head := await _head(reader):
        method, length = head
        body = await reader.readexactly(length)
        if method == "POST":
            event = json.loads(body)
            _heard.append((event["subject"], event["sequence"]))
            writer.write(_TAKEN)
        else:
            told = json.dumps(_heard).encode()
            _heard.clear()
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told))
        await writer.drain()
    writer.close()


async def _head(reader: asyncio.StreamReader) -> tuple[str, int] | None:
    """Method and length of the body; None when the line ends."""
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    except asyncio.IncompleteReadError:
        return None
    named = (line.partition(":") for line in lines[1:])
    lengths = [int(value) for name, _, value in named if name.lower() == "content-length"]
    return lines[0].partition(" ")[0], lengths[0] if lengths else 0


async def _main() -> None:
    server = await asyncio.start_server(_line, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
