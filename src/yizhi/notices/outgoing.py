"""Calls of the server to an address that somebody typed: webhooks, robots, short messages.

Whoever may type an address must not reach with it what stands behind the server. A name is resolved once, when the
connection is made, and only a public address is called; no redirect is followed and no proxy of the environment is
used. YIZHI_OUTGOING_NETWORKS names the networks that may be called although they are not public.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import ClassVar, Final
from urllib.parse import urlsplit

from django.conf import settings
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from yizhi.core.errors import N_, BadFact

#: So much of an answer is read; nobody needs more of one.
MOST_BYTES: Final = 64 * 1024
#: Seconds from the first byte out to the last one in.
USUAL_SECONDS: Final = 10.0
_LONGEST_URL: Final = 2000
#: What Python takes for public and is a way round to somewhere else: 6to4 and its relays, the old site addresses.
_ROUNDABOUT: Final = tuple(ipaddress.ip_network(one) for one in ("2002::/16", "192.88.99.0/24", "fec0::/10"))


class BadUrl(BadFact):
    message = N_("“{url}” cannot be called: an address begins with https:// or http:// and names a host and no user.")


class NotPublic(BadFact):
    """The name leads to this machine or into a closed network; it is never called."""

    message = N_(
        "“{host}” lies in a closed network: it is not called unless the system administrator allows that network."
    )


class NoAnswer(Exception):
    """Nobody there, too slow, or not understood. It names the host and never the path, in which keys may stand."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by small letters. `cut` when there was more of `body` than was asked for."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    cut: bool = False

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout: float = USUAL_SECONDS,
    allow_private: bool = False,
    most: int = MOST_BYTES,
) -> Answer:
    """Send and return what came back, whatever its status. Raises `BadUrl`, `NotPublic`, `NoAnswer`."""
    return _call("POST", url, body, headers, timeout, allow_private, most)


def get(
    url: str,
    headers: Mapping[str, str],
    *,
    timeout: float = USUAL_SECONDS,
    allow_private: bool = False,
    most: int = MOST_BYTES,
) -> Answer:
    """Fetch, as `post` sends."""
    return _call("GET", url, None, headers, timeout, allow_private, most)


def check(url: str, *, allow_private: bool = False) -> None:
    """For a form: what can be said of an address today. The guard is the one at the connection. Raises as `post`."""
    parts = urlsplit(_formed(url))
    host = parts.hostname or ""
    _callable(host, parts.port or (443 if parts.scheme == "https" else 80), allow_private)


def lies_within(url: str) -> bool:
    """Whether the address leads into networks of one's own today, and nowhere else. Raises `BadUrl`."""
    try:
        told = socket.getaddrinfo(urlsplit(_formed(url)).hostname, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(_is_own(str(address[0])) for *_, address in told)


def _call(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], timeout: float, private: bool, most: int
) -> Answer:
    deadline, host = time.monotonic() + timeout, urlsplit(_formed(url)).hostname
    try:
        answer = (_PRIVATE if private else _PUBLIC).request(
            method,
            url,
            body=body,
            headers=headers,
            timeout=Timeout(total=timeout),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        return _read(answer, deadline, most)
    except HTTPError as error:
        slow = "no answer in time" if time.monotonic() >= deadline else type(error).__name__
        raise NoAnswer(f"{host}: {slow}") from error


def _formed(url: str) -> str:
    """Raises `BadUrl`."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError as error:
        raise BadUrl(url=url[:100]) from error
    if not good or len(url) > _LONGEST_URL or not url.isprintable():
        raise BadUrl(url=url[:100])
    return url


def _read(answer: BaseHTTPResponse, deadline: float, most: int) -> Answer:
    body, whole = b"", False
    try:
        while not whole and len(body) <= most:
            if time.monotonic() > deadline:
                raise HTTPError
            part = answer.read1(most + 1 - len(body))
            body, whole = body + part, not part
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, body[:most], headers, cut=len(body) > most)
    finally:
        if not whole:
            answer.close()  # the rest is never wanted: the connection cannot serve again
        answer.release_conn()


def _callable(host: str, port: int, private: bool) -> list[str]:
    """The addresses of a host that may be called. Raises `NotPublic`, `NoAnswer`."""
    try:
        told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"{host}: no such host") from error
    found = list(dict.fromkeys(str(address[0]) for *_, address in told))
    allowed = found if private else [one for one in found if _may_be_called(one)]
    if not allowed:
        raise NotPublic(host=host)
    return allowed


def _is_own(told: str) -> bool:
    address = ipaddress.ip_address(told.partition("%")[0])
    return any(address in network for network in settings.OUTGOING_NETWORKS)


def _may_be_called(told: str) -> bool:
    address = ipaddress.ip_address(told.partition("%")[0])
    if _is_own(told):
        return True
    closed = address.is_multicast or address.is_reserved or any(address in network for network in _ROUNDABOUT)
    return address.is_global and not closed


class _Careful(HTTPConnection):
    """Connects to an address that was looked at, not to a name that may mean another one the next moment."""

    allows_private: ClassVar[bool]
    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        ends, trouble = time.monotonic() + self._seconds, "no answer in time"
        for address in _callable(self._dns_host, self.port, self.allows_private):
            if (left := ends - time.monotonic()) <= 0:
                break
            try:
                found = socket.create_connection((address, self.port), left)
            except OSError as error:
                trouble = type(error).__name__
            else:
                # Head and body go out in two pieces: without this the second waits 40 ms for the other side's nod.
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._handle = found.dup()
                return found
        raise NoAnswer(f"{self.host}: {trouble}")

    def connect(self) -> None:
        with self._in_time():
            super().connect()

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
        with self._in_time():
            return super().getresponse()

    def close(self) -> None:
        super().close()
        if self._handle is not None:
            self._handle.close()

    @property
    def _seconds(self) -> float:
        return self.timeout if isinstance(self.timeout, int | float) else USUAL_SECONDS

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """A socket's own limit begins anew with every byte: a byte now and then would hold a worker for good."""
        watch = Timer(self._seconds, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _cut(self) -> None:
        """By a handle of our own: while keys are being exchanged nobody else holds one."""
        if self._handle is not None:
            with suppress(OSError):  # it has ended by itself
                self._handle.shutdown(socket.SHUT_RDWR)


class _CarefulSecure(_Careful, HTTPSConnection):
    pass


def _pools(private: bool) -> PoolManager:
    """Connections stay open for the next call; those that may lead inside are kept apart from the others."""

    class Plain(_Careful):
        allows_private = private

    class Secure(_CarefulSecure):
        allows_private = private

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    manager = PoolManager(num_pools=64, maxsize=4)
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return manager


_PUBLIC, _PRIVATE = _pools(private=False), _pools(private=True)
