"""Messages of an official account in safe mode and of an application of WeCom, as the platforms document them: signed
with SHA-1 over the sorted parts, sealed with AES-256-CBC, padded to 32 bytes, with the account's or the corporation's
own number at the end. Pure.
"""

import hmac
import os
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha1
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: How far a message's time may lie from ours; the platform asks again within seconds.
FRESH_SECONDS: Final = 300
#: A message holds some lines; photos come by another way.
MOST_BYTES: Final = 64 * 1024
_BLOCK, _NOISE, _LENGTH = 32, 16, 4
#: The outer letter is looked at before anything is known of its sender: no parser touches it.
_ENCRYPTED: Final = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+)(?:\]\]>)?\s*</Encrypt>")
_CLEAN: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Forged(Exception):
    """Not from the platform, not for this account, or not fresh. The text says why, for the log alone."""


@dataclass(frozen=True, slots=True)
class Account:
    """An official account. `token` and `aes_key` (43 characters) as they were typed into the platform's page."""

    appid: str
    token: str
    aes_key: str

    @property
    def key(self) -> bytes:
        return b64decode(f"{self.aes_key}=")


@dataclass(frozen=True, slots=True)
class Application(Account):
    """Of WeCom: `appid` is the corporation's number (CorpID), `agent` its own (AgentId). Everything is sealed, even
    what is asked when the address is set up."""

    agent: str


def signature(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  # the platform's own choice


def greeting(account: Account, asked: Mapping[str, str], now: float) -> str:
    """What the platform wants to hear when the address is set up. Raises `Forged`."""
    if isinstance(account, Application):
        # Standard Base64 in a query: a plus that was not written %2B comes in as a space.
        return _unsealed(account, asked, asked.get("echostr", "").replace(" ", "+"), now).decode("utf-8", "replace")
    _expect(asked.get("signature", ""), signature(account.token, *_stamp(asked)))
    return asked.get("echostr", "")


def opened(account: Account, asked: Mapping[str, str], body: bytes, now: float) -> dict[str, str]:
    """The message inside. Raises `Forged`."""
    found = _ENCRYPTED.search(body)
    if found is None or not (isinstance(account, Application) or asked.get("encrypt_type") == "aes"):
        raise Forged("not in safe mode")
    message = _fields(_unsealed(account, asked, "".join(found[1].decode().split()), now))
    if isinstance(account, Application) and message.get("AgentID") != account.agent:
        raise Forged("another application")
    return message


def _unsealed(account: Account, asked: Mapping[str, str], encrypted: str, now: float) -> bytes:
    stamp = _stamp(asked)
    _expect(asked.get("msg_signature", ""), signature(account.token, *stamp, encrypted))
    if not stamp[0].isdecimal() or abs(now - int(stamp[0])) > FRESH_SECONDS:
        raise Forged("old")
    return _decrypted(account, encrypted)


def sealed(account: Account, message: bytes, *, nonce: str, now: float) -> bytes:
    """An answer as the platform takes it."""
    encrypted, stamp = _encrypted(account, message), str(int(now))
    signed = signature(account.token, stamp, nonce, encrypted)
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signed}]]></MsgSignature>"
        f"<TimeStamp>{stamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    ).encode()


def text_answer(heard: Mapping[str, str], text: str, now: float) -> bytes:
    """A text back to whoever wrote."""
    parts = {
        "ToUserName": heard["FromUserName"],
        "FromUserName": heard["ToUserName"],
        "CreateTime": str(int(now)),
        "MsgType": "text",
        "Content": text,
    }
    inside = "".join(f"<{name}>{escape(_CLEAN.sub('', value))}</{name}>" for name, value in parts.items())
    return f"<xml>{inside}</xml>".encode()


def _stamp(asked: Mapping[str, str]) -> tuple[str, str]:
    return asked.get("timestamp", ""), asked.get("nonce", "")


def _expect(told: str, right: str) -> None:
    if not hmac.compare_digest(told.encode(), right.encode()):
        raise Forged("signature")


def _decrypted(account: Account, encrypted: str) -> bytes:
    try:
        sealed_bytes = b64decode(encrypted, validate=True)
        if not sealed_bytes or len(sealed_bytes) % 16:
            raise Forged("length")
        opener = _cipher(account).decryptor()
        plain = opener.update(sealed_bytes) + opener.finalize()
    except NotBase64 as error:
        raise Forged("not base64") from error
    pad = plain[-1]
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise Forged("padding")
    begin = _NOISE + _LENGTH
    end = begin + int.from_bytes(plain[_NOISE:begin], "big")
    if plain[end:-pad] != account.appid.encode():
        raise Forged("another account")
    return plain[begin:end]


def _encrypted(account: Account, message: bytes) -> str:
    whole = os.urandom(_NOISE) + len(message).to_bytes(_LENGTH, "big") + message + account.appid.encode()
    pad = _BLOCK - len(whole) % _BLOCK
    sealer = _cipher(account).encryptor()
    return b64encode(sealer.update(whole + bytes([pad]) * pad) + sealer.finalize()).decode()


def _cipher(account: Account) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(account.key), modes.CBC(account.key[:16]))


def _fields(message: bytes) -> dict[str, str]:
    """The flat parts of a message. Raises `Forged` for what is none."""
    if b"<!" in message.replace(b"<![CDATA[", b""):  # no entities: a small letter must not unfold into a large one
        raise Forged("not a plain message")
    try:
        root = ElementTree.fromstring(message)
    except ElementTree.ParseError as error:
        raise Forged("not XML") from error
    return {part.tag: (part.text or "").strip() for part in root}
