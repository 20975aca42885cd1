"""A vendor of short messages that is none: it checks what the vendor's documentation says it checks."""

import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

KEY, SECRET, SIGN = "LTAI-key", "the-secret", "益治"


class Stands(Protocol):
    """A vendor that is none."""

    url: str

    def take(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]: ...


Stand = TypeVar("Stand", bound=Stands)


@dataclass
class Vendor:
    """`came`: what was taken. `answer`: a code to refuse with; `status` of a vendor that is out of order;
    `pause`: seconds that one takes which is overrun."""

    url: str = ""
    came: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answer: str = "OK"
    status: int = 200
    pause: float = 0.0
    nonces: set[str] = field(default_factory=set)

    def take(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str]]:
        time.sleep(self.pause)
        if self.status != 200:
            return self.status, {}
        fault = self._fault(method, path, headers, body)
        if fault:
            self.refused.append(fault)
            return 400, {"Code": fault, "Message": "refused"}
        if self.answer != "OK":
            return 200, {"Code": self.answer, "Message": "refused"}
        self.came.append(dict(parse_qsl(urlsplit(path).query, keep_blank_values=True)))
        return 200, {"Code": "OK", "Message": "OK", "BizId": f"9000{len(self.came)}^0", "RequestId": "2"}

    def _fault(self, method: str, path: str, headers: Any, body: bytes) -> str:
        algorithm, _, rest = headers.get("Authorization", "").partition(" ")
        said = dict(part.partition("=")[::2] for part in rest.split(","))
        sent = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if algorithm != "ACS3-HMAC-SHA256" or said.get("Credential") != KEY:
            return "InvalidAccessKeyId.NotFound"
        if headers["x-acs-content-sha256"] != sha256(body).hexdigest():
            return "InvalidContentHash"
        if headers["x-acs-signature-nonce"] in self.nonces:
            return "SignatureNonceUsed"
        if abs(datetime.now(UTC) - sent) > timedelta(minutes=15):  # own time: the vendor's
            return "InvalidTimeStamp.Expired"
        if said.get("Signature") != _signature(method, path, headers, said["SignedHeaders"]):
            return "SignatureDoesNotMatch"
        self.nonces.add(headers["x-acs-signature-nonce"])
        if (headers["x-acs-action"], headers["x-acs-version"]) != ("SendSms", "2017-05-25"):
            return "InvalidAction.NotFound"
        asked = dict(parse_qsl(urlsplit(path).query))
        return "isv.INVALID_JSON_PARAM" if not isinstance(json.loads(asked["TemplateParam"]), dict) else ""


def _signature(method: str, path: str, headers: Any, signed: str) -> str:
    asked = sorted(parse_qsl(urlsplit(path).query, keep_blank_values=True))
    query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in asked)
    lines = [f"{name}:{headers[name].strip()}" for name in signed.split(";")]
    whole = f"{method}\n{urlsplit(path).path}\n{query}\n" + "\n".join(lines) + f"\n\n{signed}\n"
    whole += str(headers["x-acs-content-sha256"])
    to_sign = "ACS3-HMAC-SHA256\n" + sha256(whole.encode()).hexdigest()
    return hmac.new(SECRET.encode(), to_sign.encode(), sha256).hexdigest()


@contextmanager
def running() -> Iterator[Vendor]:
    with standing(Vendor()) as vendor:
        yield vendor


@contextmanager
def standing(vendor: Stand) -> Iterator[Stand]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said = vendor.take("POST", self.path, self.headers, body)
            answer = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    vendor.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
