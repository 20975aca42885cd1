"""Done twice is done once: the same key with the same content gets the first answer."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.errors import KeyReused, OutOfOrder

_encoder = msgspec.json.Encoder(order="deterministic")
#: Longer keys are refused at the doors.
KEY_LIMIT = 200

_ANSWER = "SELECT content, answer FROM cases_idempotency WHERE who = %(who)s AND key = %(key)s"


def sender(by: Actor) -> str:
    """Whose key it is: keys of different senders never meet."""
    if by.account is not None:
        return f"account:{by.account}"
    return f"case:{by.reporter_of}" if by.reporter_of is not None else f"door:{by.door}"


def digest(content: Mapping[str, Any]) -> bytes:
    """What was asked, as one hash: order of fields does not matter."""
    return sha256(_encoder.encode(content)).digest()


def first_answer(who: str, key: str, content: bytes) -> dict[str, Any] | None:
    """The answer that this key got before; None when it is new. `KeyReused` when it came with other content."""
    row = sql.row(_ANSWER, who=who, key=key)
    if row is None:
        return None
    if bytes(row[0]) != content:
        raise KeyReused(key=key)
    answer: dict[str, Any] = msgspec.json.decode(row[1])
    return answer


def require_earlier(who: str, after: str | None) -> None:
    """An offline chain names its own previous key; `OutOfOrder` while that has not arrived."""
    if after and sql.row(_ANSWER, who=who, key=after) is None:
        raise OutOfOrder(after=after)
