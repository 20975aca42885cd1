"""Done twice is done once: the same key with the same content gets the first answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from yizhi import sql
from yizhi.cases.keys import sealer
from yizhi.core.actor import Actor
from yizhi.core.errors import KeyReused, OutOfOrder

_encoder = msgspec.json.Encoder(order="deterministic")
#: Longer keys are refused at the doors.
KEY_LIMIT = 200

_CONFLICT = "conflict"
_KEEP = """
INSERT INTO cases_conflict (case_id, who, key, digest, at, sealed, cipher)
VALUES (%(case)s, %(who)s, %(key)s, %(digest)s, %(at)s, %(sealed)s, %(cipher)s) ON CONFLICT DO NOTHING
"""
_ANSWER = "SELECT content, answer, case_id FROM cases_idempotency WHERE who = %(who)s AND key = %(key)s"


def sender(by: Actor) -> str:
    """Whose key it is: keys of different senders never meet."""
    if by.account is not None:
        return f"account:{by.account}"
    return f"case:{by.reporter_of}" if by.reporter_of is not None else f"door:{by.door}"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What somebody sent under a key of their own; `asked` in a form in which the order of fields does not matter."""

    who: str
    key: str
    asked: bytes

    @property
    def digest(self) -> bytes:
        return sha256(self.asked).digest()


def keyed(by: Actor, key: str | None, asked: Mapping[str, Any]) -> Keyed | None:
    """None without a key: then a repeat is another one."""
    return Keyed(sender(by), key, _encoder.encode(asked)) if key else None


def first_answer(sent: Keyed | None, at: datetime) -> dict[str, Any] | None:
    """The answer that this key got before; None when it is new. When it came with other content that is kept for a
    person to look at, and `KeyReused` is raised."""
    row = sql.row(_ANSWER, who=sent.who, key=sent.key) if sent else None
    if sent is None or row is None:
        return None
    if bytes(row[0]) != sent.digest:
        _keep(sent, row[2], at)
        raise KeyReused(key=sent.key)
    answer: dict[str, Any] = msgspec.json.decode(row[1])
    return answer


def _keep(sent: Keyed, case_id: int, at: datetime) -> None:
    """Sealed: what was sent may hold a name and a telephone."""
    key, sealed_key = sealer().new_key()
    cipher = sealer().seal(key, sent.asked.decode(), _CONFLICT)
    sql.run(
        _KEEP, case=case_id, who=sent.who, key=sent.key, digest=sent.digest, at=at, sealed=sealed_key, cipher=cipher
    )


def kept(sealed_key: bytes, cipher: bytes) -> str:
    """What was sent the second time, as JSON; for the administrator of the trails."""
    return sealer().open(sealer().open_key(sealed_key), cipher, _CONFLICT)


def require_earlier(who: str, after: str | None) -> int:
    """An offline chain names its own previous key; `OutOfOrder` while that has not arrived. The version at which that
    left its matter; 0 without one."""
    if not after:
        return 0
    row = sql.row(_ANSWER, who=who, key=after)
    if row is None:
        raise OutOfOrder(after=after)
    answer: dict[str, Any] = msgspec.json.decode(row[1])
    return int(answer.get("version", 0))
