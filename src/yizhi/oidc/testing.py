"""A provider in a thread: that of `oidc-provider-mock`, and in front of it what a strict one checks besides: that the
verifier belongs to the challenge, and that we come back to the address that we named."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import oidc_provider_mock
from urllib3 import request as call
from werkzeug.serving import make_server

CLIENT, SECRET = "yizhi", "a secret of the client"


@dataclass
class Strict:
    """The application in between. `asked` is what the last one who came was sent with; `wrong` counts refusals."""

    inner: Any
    asked: dict[str, str] = field(default_factory=dict)
    redeemed: list[dict[str, str]] = field(default_factory=list)
    wrong: int = 0
    url: str = ""

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/oauth2/authorize":
            self.asked = dict(parse_qsl(environ["QUERY_STRING"]))
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            told = dict(parse_qsl(body.decode()))
            self.redeemed.append(told)
            made = urlsafe_b64encode(sha256(told.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
            if self.asked.get("code_challenge_method") != "S256" or made != self.asked.get("code_challenge"):
                self.wrong += 1
                start("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']
        answer: Iterable[bytes] = self.inner(environ, start)
        return answer

    def sign_in(self, address: str, subject: str) -> dict[str, str]:
        """Somebody signs in at the provider's page; what they bring back."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = call("POST", address, body=urlencode({"sub": subject}), headers=form, redirect=False)
        assert answer.status == 302, answer.data
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


@contextmanager
def provider(claims: Mapping[str, Mapping[str, Any]]) -> Iterator[Strict]:
    """While the block lasts; `claims` by subject."""
    users = [oidc_provider_mock.User(sub=sub, claims=dict(said)) for sub, said in claims.items()]
    strict = Strict(oidc_provider_mock.app(require_nonce=True, user_claims=users))
    server = make_server("localhost", 0, strict, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    strict.url = f"http://localhost:{server.server_port}"
    try:
        yield strict
    finally:
        server.shutdown()
        server.server_close()
