"""The one way in which the personal fields of a record are sealed and opened. Another cipher takes the place of
`core.sealing.Sealer`, and nothing here changes."""

from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag

from yizhi.doors.keys import sealer
from yizhi.registry.rules import index_name

_VALUES, _NOTE = "record", "note"
_decoder = msgspec.json.Decoder(dict[str, str])


def new_key() -> tuple[bytes, bytes]:
    """A key, and the same as it is kept."""
    return sealer().new_key()


def open_key(kept: bytes) -> bytes:
    return sealer().open_key(bytes(kept))


def seal(key: bytes, values: Mapping[str, str]) -> bytes:
    return sealer().seal(key, msgspec.json.encode(values).decode(), _VALUES)


def opened(kept: bytes | None, cipher: bytes | None) -> dict[str, str]:
    """Nothing when the key is gone."""
    if kept is None or cipher is None:
        return {}
    return _decoder.decode(sealer().open(open_key(kept), bytes(cipher), _VALUES))


def seal_note(key: bytes, note: Mapping[str, str]) -> bytes:
    """What was before, and words: for the log and for proposals."""
    return sealer().seal(key, msgspec.json.encode(note).decode(), _NOTE)


def note(kept: bytes | None, cipher: bytes | None) -> dict[str, str]:
    if kept is None or cipher is None:
        return {}
    try:
        return _decoder.decode(sealer().open(open_key(kept), bytes(cipher), _NOTE))
    except InvalidTag:
        return {}


def digest(register: str, field: str, value: str) -> bytes:
    """By what a value is found without being kept."""
    return sealer().index(index_name(register, field), value)
