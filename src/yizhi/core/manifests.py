"""Signed manifests: the heads of the chains, kept outside the database.

Each manifest names the cases touched since the one before, and holds that one's hash. With copies in a second place
nobody can cut off the end of a log, remove a whole case or write a chain anew without being found, not even with all
rights over the database. A manifest is a text file: a header in JSON, one line a case, the signature (Ed25519).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yizhi.core.audit import Head

_FORMAT = "yizhi manifest 1"
_SIGNATURE = b"signature "
#: Stands for "the one before" in the first manifest.
FIRST = ""


class BadManifest(Exception):
    """A manifest that cannot be believed; the message says why."""


class Tail(msgspec.Struct, frozen=True):
    """A table that only grows, as far as it was signed: rows up to this id, and the hash over all of them."""

    upto: int = 0
    digest: str = ""


class Header(msgspec.Struct, frozen=True):
    """`upto` is the newest event covered, `tails` the other tables that only grow; `key` is the public key (hex)."""

    serial: int
    made: datetime
    previous: str
    key: str
    upto: int
    cases: int
    tails: dict[str, Tail] = {}
    format: str = _FORMAT


class Manifest(msgspec.Struct, frozen=True):
    header: Header
    heads: tuple[Head, ...]
    hash: str

    @property
    def name(self) -> str:
        return file_name(self.header)


def file_name(header: Header) -> str:
    return f"{header.serial:06d}-{header.made:%Y%m%dT%H%M%SZ}.manifest"


def private_key(secret: str) -> Ed25519PrivateKey:
    """The key that an installation's signing secret stands for."""
    return Ed25519PrivateKey.from_private_bytes(sha256(secret.encode()).digest())


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def signed(header: Header, heads: Iterable[Head], key: Ed25519PrivateKey) -> bytes:
    """The manifest's file."""
    lines = [msgspec.json.encode(header), *(f"{h.case} {h.number} {h.seq} {h.head}".encode() for h in heads)]
    body = b"\n".join(lines) + b"\n"
    return body + _SIGNATURE + key.sign(body).hex().encode() + b"\n"


def read(data: bytes) -> Manifest:
    """A manifest from its file, signed with the key that it names. Raises `BadManifest`."""
    body, mark, signature = data.rpartition(_SIGNATURE)
    try:
        first, *lines = body.splitlines()
        header = msgspec.json.decode(first, type=Header)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(header.key)).verify(
            bytes.fromhex(signature.strip().decode()), body
        )
        heads = tuple(_head(line.decode()) for line in lines)
    except (ValueError, TypeError, InvalidSignature, msgspec.MsgspecError) as error:
        raise BadManifest(f"it was changed ({type(error).__name__})") from error
    if header.format != _FORMAT or not mark or len(heads) != header.cases:
        raise BadManifest("it is not a manifest of this format, or not whole")
    return Manifest(header, heads, sha256(data).hexdigest())


def _head(line: str) -> Head:
    case, number, seq, head = line.split(" ")
    return Head(int(case), number, int(seq), head)


def broken(chain: Sequence[Manifest], key: str) -> list[str]:
    """What is wrong with a row of manifests, oldest first: one is missing, exchanged, not signed with `key` (hex)."""
    said = []
    before = FIRST
    for place, manifest in enumerate(chain, start=1):
        header = manifest.header
        if header.serial != place:
            said.append(f"manifest {place} is missing")
            break
        if header.previous != before:
            said.append(f"manifest {place} does not continue the one before")
        if header.key != key:
            said.append(f"manifest {place} was signed with another key")
        before = manifest.hash
    return said


def last_heads(chain: Iterable[Manifest]) -> dict[int, Head]:
    """Each case as it was last signed. A chain's head vouches for everything before it."""
    found: dict[int, Head] = {}
    for manifest in chain:
        for head in manifest.heads:
            found[head.case] = head
    return found
