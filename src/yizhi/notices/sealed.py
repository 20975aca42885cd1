"""Telephones and codes at rest: sealed, each row under a key of its own that goes with the row."""

from yizhi.doors.keys import sealer


def new_key() -> tuple[bytes, bytes]:
    """A key, and the same as it is kept."""
    return sealer().new_key()


def seal(key: bytes, text: str, label: str) -> bytes:
    return sealer().seal(key, text, label)


def opened(kept: bytes, cipher: bytes, label: str) -> str:
    return sealer().open(sealer().open_key(bytes(kept)), bytes(cipher), label)
