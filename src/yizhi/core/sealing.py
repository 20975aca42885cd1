"""Sealing personal fields: one key a case, itself sealed under the installation's key.

Destroying the case's key erases its sealed fields for good, in every copy. Another cipher (SM4-GCM on certified
hardware, GB/T 39786-2021 section 8.4) takes the place of this one class.
"""

import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Sealer:
    """AES-256-GCM. `master` is any secret of 32 bytes or more."""

    def __init__(self, master: bytes) -> None:
        self._wrap = AESGCM(hmac.digest(master, b"wrap", "sha256"))
        self._index = hmac.digest(master, b"index", "sha256")

    def new_key(self) -> tuple[bytes, bytes]:
        """A fresh key, and the same sealed for keeping."""
        key = AESGCM.generate_key(256)
        return key, _seal(self._wrap, key, b"key")

    def open_key(self, sealed: bytes) -> bytes:
        """`cryptography.exceptions.InvalidTag` when it was sealed elsewhere or changed."""
        return _open(self._wrap, sealed, b"key")

    def index(self, kind: str, value: str) -> bytes:
        """A keyed hash by which a phone or a number is found without being kept: 32 bytes."""
        return hmac.digest(self._index, f"{kind}:{value}".encode(), "sha256")

    @staticmethod
    def seal(key: bytes, text: str, label: str) -> bytes:
        """`label` names the field: a sealed text moved to another field does not open."""
        return _seal(AESGCM(key), text.encode(), label.encode())

    @staticmethod
    def open(key: bytes, cipher: bytes, label: str) -> str:
        """`InvalidTag` when key, label or content do not belong together."""
        return _open(AESGCM(key), cipher, label.encode()).decode()


def _seal(cipher: AESGCM, content: bytes, label: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, content, label)


def _open(cipher: AESGCM, sealed: bytes, label: bytes) -> bytes:
    return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], label)
