"""Sealing personal fields: one key a case, itself sealed under the installation's key.

Destroying the case's key erases its sealed fields for good, in every copy. Another cipher (SM4-GCM on certified
hardware, GB/T 39786-2021 section 8.4) takes the place of this one class.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

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


_CURVE = ec.SECP256R1()
#: The order of P-256: private keys lie below it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT = 65


class NotForUs(Exception):
    """Sealed to another key, for another account, cut off or changed."""


class Letterbox:
    """Letters that anybody may seal and only this installation opens: P-256, HKDF, AES-256-GCM, which every browser
    with WebCrypto knows. The key follows from `master`, so that the backup of the keys holds it already.

    A letter: the sender's point of one use (65 bytes), a nonce (12), the sealed content.
    """

    def __init__(self, master: bytes) -> None:
        secret = int.from_bytes(hmac.digest(master, b"letterbox", "sha512")) % (_ORDER - 1) + 1
        self._key = ec.derive_private_key(secret, _CURVE)
        self.public = _point(self._key.public_key())

    def open(self, letter: bytes, label: bytes) -> bytes:
        """`label` says whose letter it is: another's does not open. Raises `NotForUs`."""
        point, nonce, content = letter[:_POINT], letter[_POINT : _POINT + _NONCE], letter[_POINT + _NONCE :]
        try:
            sender = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
            shared = self._key.exchange(ec.ECDH(), sender)
            return AESGCM(_agreed(shared, point, self.public)).decrypt(nonce, content, label)
        except (ValueError, InvalidTag) as error:
            raise NotForUs from error


def letter_to(public: bytes, content: bytes, label: bytes) -> bytes:
    """What a telephone does (frontend/field/sealing.js)."""
    once, nonce = ec.generate_private_key(_CURVE), os.urandom(_NONCE)
    point = _point(once.public_key())
    shared = once.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public))
    return point + nonce + AESGCM(_agreed(shared, point, public)).encrypt(nonce, content, label)


def _agreed(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=sender + receiver, info=b"yizhi outbox").derive(shared)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
