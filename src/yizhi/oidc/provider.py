"""The provider's own pages and keys, found by its address (OpenID Connect Discovery)."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, urlencode

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from yizhi.core.errors import Refusal
from yizhi.notices import outgoing
from yizhi.notices.outgoing import Answer, NoAnswer
from yizhi.oidc import rules
from yizhi.oidc.rules import BadToken, Begun

_SECONDS: Final = 8.0
#: What the provider says of itself changes seldom; when a key is not known it is asked again, once a minute at most.
_KEPT_SECONDS, _KEYS_APART = 3600.0, 60.0
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class _Known:
    said: dict[str, Any]
    keys: KeySet
    at: float


_known: dict[str, _Known] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Provider:
    """As the settings name it. Without a secret we are a public client, which PKCE alone protects."""

    issuer: str
    client: str
    secret: str = ""

    def address(self, begun: Begun, back: str, at: datetime) -> str:
        """Where somebody goes to sign in. Raises `BadToken`."""
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": rules.challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        page = str(self._ask(at).said["authorization_endpoint"])
        return f"{page}{'&' if '?' in page else '?'}{urlencode(asked)}"

    def claims(self, code: str, begun: Begun, back: str, at: datetime) -> dict[str, Any]:
        """Who signed in, for the code that they brought. Raises `BadToken`."""
        token = self._redeem(code, begun, back, at)
        now, known = at.timestamp(), self._ask(at)
        believed = partial(rules.believed, token, issuer=self.issuer, client=self.client, nonce=begun.nonce, now=now)
        try:
            return believed(known.keys)
        except BadToken:
            if now - known.at < _KEYS_APART:
                raise
        return believed(self._ask(at, anew=True).keys)

    def look(self, at: datetime) -> None:
        """Whether the provider is there, and is who we think. Raises `BadToken`."""
        self._ask(at, anew=True)

    def _redeem(self, code: str, begun: Begun, back: str, at: datetime) -> str:
        said = self._ask(at).said
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.client,
            "code_verifier": begun.verifier,
        }
        headers = dict(_FORM)
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self.secret and "client_secret_basic" in methods:
            pair = f"{quote(self.client, safe='')}:{quote(self.secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        elif self.secret:
            body["client_secret"] = self.secret
        url = str(said["token_endpoint"])
        told = _json(_reach(lambda: outgoing.post(url, urlencode(body).encode(), headers, **_CALL)))
        token = told.get("id_token")
        if not isinstance(token, str):
            raise BadToken(f"no ID token: {str(told.get('error', ''))[:40]}")
        return token

    def _ask(self, at: datetime, *, anew: bool = False) -> _Known:
        now = at.timestamp()
        with _lock:
            found = _known.get(self.issuer)
        if found and now - found.at < _KEPT_SECONDS and not anew:
            return found
        said = _get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:
            raise BadToken("the provider calls itself otherwise")
        for page in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not str(said.get(page, "")).startswith(("https://", self.issuer)):
                raise BadToken(f"{page} is missing, or is not encrypted")
        try:
            keys = KeySet.import_key_set(_get(str(said["jwks_uri"])))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError) as error:
            raise BadToken("keys that cannot be read") from error
        fresh = _Known(said, keys, now)
        with _lock:
            _known[self.issuer] = fresh
        return fresh


#: The settings name the provider; whoever writes them may name one in a closed network.
_CALL: Final[Mapping[str, Any]] = {"timeout": _SECONDS, "allow_private": True}


def _get(url: str) -> dict[str, Any]:
    return _json(_reach(lambda: outgoing.get(url, {"Accept": "application/json"}, **_CALL)))


def _reach(call: Any) -> Answer:
    try:
        answer: Answer = call()
    except (NoAnswer, Refusal) as error:
        raise BadToken(str(error)) from None
    return answer


def _json(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    if not isinstance(told, dict) or (not answer.good and "error" not in told):
        raise BadToken(f"status {answer.status}, and nothing that can be read")
    return told
