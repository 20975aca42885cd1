"""Signing in at a provider (OpenID Connect, authorization code with PKCE): what is asked, what an answer must say."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from yizhi.core.errors import N_, NotAllowed, Refusal

#: Only keys of two halves: with a shared secret whoever can check could also sign.
ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
#: How long somebody may take at the provider.
MINUTES: Final = 10
#: How far the two clocks may be apart, in seconds.
_LEEWAY: Final = 60
_LONGEST: Final = 255


class SignInElsewhere(Refusal):
    """Facts: name."""

    message = N_("Signing in with {name} did not work. Please try again, or sign in with login and password.")


class NoSuchPerson(NotAllowed):
    """Facts: name, subject."""

    message = N_(
        "{name} knows you, but no account here belongs to that. "
        "Please tell your administrator your number there: {subject}"
    )


class BadToken(Exception):
    """What the provider sent cannot be believed. The text says why, for the log alone."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the session keeps until the answer comes; it serves once."""

    state: str
    nonce: str
    verifier: str
    at: float
    then: str

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def begin(now: float, then: str) -> Begun:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Begun(state, nonce, verifier, now, then)


def challenge(verifier: str) -> str:
    """By RFC 7636, S256."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def resumed(kept: Mapping[str, Any] | None, asked: Mapping[str, str], issuer: str, now: float) -> Begun:
    """What was begun in this very session, if this is the answer to it. Raises `BadToken`."""
    if not kept:
        raise BadToken("nothing was begun in this session")
    begun = Begun(**kept)
    if not hmac.compare_digest(begun.state.encode(), asked.get("state", "").encode()):
        raise BadToken("state")
    if now - begun.at > MINUTES * 60:
        raise BadToken("too late")
    if asked.get("iss", issuer) != issuer:  # RFC 9207
        raise BadToken("another provider")
    if not asked.get("code"):
        raise BadToken(f"refused: {asked.get('error', '')[:40]}")
    return begun


def believed(token: str, keys: KeySet, *, issuer: str, client: str, nonce: str, now: float) -> dict[str, Any]:
    """The claims of an ID token that is signed, meant for us, fresh, and answers our question. Raises `BadToken`."""
    try:
        found = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        JWTClaimsRegistry(
            now=int(now),
            leeway=_LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(found)
    except (JoseError, ValueError) as error:
        raise BadToken(f"{type(error).__name__}: {error}"[:200]) from error
    shared = isinstance(found["aud"], list) and len(found["aud"]) > 1
    if found.get("azp", None if shared else client) != client:
        raise BadToken("made for another program")
    if not isinstance(found["sub"], str) or not 0 < len(found["sub"]) <= _LONGEST:
        raise BadToken("no subject")
    return dict(found)


def staff_number(claims: Mapping[str, Any], claim: str) -> str:
    """The number by which the provider says who of the staff this is; "" when none is agreed upon or told."""
    found = claims.get(claim) if claim else None
    return found.strip() if isinstance(found, str) and len(found) <= _LONGEST else ""
