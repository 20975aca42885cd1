"""The hash chain of a case: each event's link holds the one before it, so that an edit shows from there on.

Texts enter by a keyed hash whose key lies in the text's own row: with the row erased the chain stays whole and
nobody can test a guess against it.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC

import msgspec

from yizhi.core.case import Event

DIGEST_BYTES = 32
_encoder = msgspec.json.Encoder(order="deterministic")


def text_hash(salt: bytes, content: bytes) -> bytes:
    """What the chain knows of a text: 32 bytes."""
    return hmac.digest(salt, content, "sha256")


def link(head: bytes, event: Event, texts: Mapping[str, bytes]) -> bytes:
    """The chain's new head: 32 bytes from the old head, the event, and the hashes of its texts by field."""
    at_utc = msgspec.structs.replace(
        event, recorded=event.recorded.astimezone(UTC), happened=event.happened.astimezone(UTC)
    )
    parts = (head, _encoder.encode(at_utc), *(name.encode() + texts[name] for name in sorted(texts)))
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def chain(head: bytes, events: Iterable[tuple[Event, Mapping[str, bytes]]]) -> list[bytes]:
    """Every link that a case's log makes from its first head on."""
    heads = []
    for event, texts in events:
        head = link(head, event, texts)
        heads.append(head)
    return heads
