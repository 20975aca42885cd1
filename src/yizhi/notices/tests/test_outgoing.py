"""Calls to addresses that somebody typed: what is behind the server is not reached, and nobody holds a worker."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest

from yizhi.notices import outgoing
from yizhi.notices.outgoing import BadUrl, NoAnswer, NotPublic


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        Receiver.seen.append((self.command, self.path, body))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/inside")
            said = b""
        else:
            self.send_response(200)
            said = b"x" * 100_000 if self.path == "/much" else b"thanks"
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_GET(self) -> None:
        self.headers["Content-Length"] = "0"
        self.do_POST()

    def log_message(self, *_: Any) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A caller that hangs up is what some tests are about."""


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.seen = []
    server = Quiet(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_sent_arrives_and_the_answer_comes_back(receiver: str) -> None:
    for _ in range(2):
        answer = outgoing.post(f"{receiver}/in?a=1", b"hello", {"X-Mark": "1"}, allow_private=True)
        assert (answer.status, answer.body, answer.good, answer.cut) == (200, b"thanks", True, False)
    assert answer.headers["content-length"] == "6"
    assert outgoing.get(f"{receiver}/in", {}, allow_private=True).good
    assert Receiver.seen == [("POST", "/in?a=1", b"hello")] * 2 + [("GET", "/in", b"")]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "127.1"])
def test_this_machine_is_not_called(receiver: str, host: str) -> None:
    port = receiver.rpartition(":")[2]
    with pytest.raises((NotPublic, NoAnswer)) as caught:
        outgoing.post(f"http://{host}:{port}/", b"", {}, timeout=2)
    assert isinstance(caught.value, NotPublic) or host in {"[::1]", "2130706433", "127.1"}
    assert Receiver.seen == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "198.18.0.1", "0.0.0.0",
        "255.255.255.255", "192.88.99.1", "::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:a00:1::", "2001::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_no_closed_network_is_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the name is written: what counts is the address that it leads to."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", (address, 80))])
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("it was called"))
    with pytest.raises(NotPublic):
        outgoing.post("http://looks.example/", b"", {})
    with pytest.raises(NotPublic):
        outgoing.check("http://looks.example/")


def test_a_name_that_changes_its_mind_is_called_where_it_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolved once: the second answer, which leads inside, is never asked for."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    called: list[str] = []

    def connect(address: tuple[str, int], _seconds: float) -> socket.socket:
        called.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", (next(answers), 80))])
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NoAnswer):
        outgoing.post("http://rebinds.example/", b"", {})
    assert called == ["93.184.216.34"]


def test_a_network_that_the_administrator_named_is_called(receiver: str, settings: Any) -> None:
    settings.OUTGOING_NETWORKS = (ip_network("127.0.0.1/32"),)
    assert outgoing.post(f"{receiver}/in", b"", {}).good


def test_a_way_inside_that_was_open_for_one_is_not_open_for_another(receiver: str) -> None:
    """Connections stay open; a call that may not go inside must not ride on one that could."""
    assert outgoing.post(f"{receiver}/in", b"", {}, allow_private=True).good
    with pytest.raises(NotPublic):
        outgoing.post(f"{receiver}/in", b"", {})


def test_no_redirect_is_followed(receiver: str) -> None:
    answer = outgoing.post(f"{receiver}/away", b"", {}, allow_private=True)
    assert (answer.status, answer.good) == (302, False)
    assert [path for _, path, _ in Receiver.seen] == ["/away"]


def test_no_proxy_of_the_environment_hears_of_it(receiver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert outgoing.post(f"{receiver}/in", b"", {}, allow_private=True).good


def test_an_endless_answer_is_cut(receiver: str) -> None:
    answer = outgoing.post(f"{receiver}/much", b"", {}, allow_private=True, most=10)
    assert (answer.good, answer.body, answer.cut) == (True, b"x" * 10, True)


@pytest.mark.parametrize("drips", ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n"])
def test_a_byte_now_and_then_does_not_hold_a_worker(drips: str) -> None:
    """In the head of the answer, and in its body: each byte starts the socket's own limit anew."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            there, _ = server.accept()
            with there:
                there.sendall(drips.encode())
                while not stop.wait(0.05):
                    try:
                        there.sendall(b"a")
                    except OSError:
                        return

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        with pytest.raises(NoAnswer, match="in time"):
            outgoing.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"", {}, timeout=0.4, allow_private=True)
        stop.set()
        thread.join()


def test_keys_that_are_never_exchanged_do_not_hold_a_worker() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(NoAnswer):
        outgoing.post(f"https://127.0.0.1:{server.getsockname()[1]}/", b"", {}, timeout=0.3, allow_private=True)


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "//a.example", "http://", "http://u:p@a.example/", "http://a.example:0/",
     "http://a.example:x/", "http://a.example/\n", "javascript:alert(1)", "http://a.example/" + "a" * 2000],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadUrl):
        outgoing.post(url, b"", {})
    with pytest.raises(BadUrl):
        outgoing.check(url)


def test_a_fault_names_the_host_and_not_the_key_in_the_path() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NoAnswer) as caught:
        outgoing.post(f"http://127.0.0.1:{port}/robot?key=secret", b"", {}, allow_private=True)
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)
