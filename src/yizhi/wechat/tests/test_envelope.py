"""Signing and sealing, against the vendor's own example and a library that others have written."""

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from yizhi.wechat import envelope
from yizhi.wechat.envelope import Account, Forged
from yizhi.wechat.testing import AES_KEY, APPID, TOKEN, Telephone

ACCOUNT = Account(APPID, TOKEN, AES_KEY)
NOW = 1_714_037_059.0
HELLO = {"MsgType": "text", "Content": "路灯不亮"}


def letter(**more: Any) -> tuple[dict[str, str], bytes]:
    query, body = Telephone().letter(HELLO, now=NOW, **more)
    return dict(pair.split("=", 1) for pair in query.split("&")), body.encode()


def test_signs_as_the_vendor_documents() -> None:
    assert envelope.signature("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_opens_what_the_platform_sealed() -> None:
    assert envelope.opened(ACCOUNT, *letter(), NOW)["Content"] == "路灯不亮"


@given(st.binary(max_size=200))
def test_what_we_seal_another_library_opens(content: bytes) -> None:
    """Of every length: the padding is never left out."""
    text = b64encode(content)
    made = envelope.sealed(ACCOUNT, text, nonce="n", now=NOW).decode()
    told = {name: made.split(f"<{name}>")[1].split(f"</{name}>")[0] for name in ("MsgSignature", "TimeStamp")}
    signed = told["MsgSignature"].removeprefix("<![CDATA[").removesuffix("]]>")
    assert WeChatCrypto(TOKEN, AES_KEY, APPID).decrypt_message(made, signed, told["TimeStamp"], "n") == text.decode()


def test_words_that_look_like_markup_stay_words() -> None:
    made = envelope.text_answer({"ToUserName": "a", "FromUserName": "b"}, "</Content><x>&\x00 1 < 2", NOW)
    assert b"&lt;/Content&gt;&lt;x&gt;&amp; 1 &lt; 2" in made


@pytest.mark.parametrize("wrong", ["token", "appid", "aes_key", "old", "early", "body", "signed", "plain", "nothing"])
def test_refuses(wrong: str) -> None:
    """Each guard for itself: what passes all others is refused by this one."""
    other = {"token": "another", "appid": "wxanotheraccount", "aes_key": AES_KEY[::-1]}
    asked, body = letter(**{wrong: other[wrong]} if wrong in other else {})
    now = {"old": NOW + 301, "early": NOW - 301}.get(wrong, NOW)
    match wrong:
        case "body":
            body = body.replace(b"<![CDATA[", b"<![CDATA[AAAA", 2)
        case "signed":
            asked["msg_signature"] = "0" * 40
        case "plain":
            asked["encrypt_type"] = "raw"
        case "nothing":
            body = b"<xml><Content>hello</Content></xml>"
    with pytest.raises(Forged):
        envelope.opened(ACCOUNT, asked, body, now)


def test_a_small_letter_cannot_unfold_into_a_large_one() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><xml><Content>&a;</Content></xml>"
    sealed = WeChatCrypto(TOKEN, AES_KEY, APPID).encrypt_message(bomb, "n", str(int(NOW)))
    signed = sealed.split("<MsgSignature><![CDATA[")[1].split("]]")[0]
    asked = {"encrypt_type": "aes", "timestamp": str(int(NOW)), "nonce": "n", "msg_signature": signed}
    with pytest.raises(Forged, match="plain"):
        envelope.opened(ACCOUNT, asked, sealed.encode(), NOW)


def test_only_the_platform_is_greeted() -> None:
    right = envelope.signature(TOKEN, "1", "2")
    asked = {"timestamp": "1", "nonce": "2", "echostr": "x", "signature": right}
    assert envelope.greeting(ACCOUNT, asked, NOW) == "x"
    with pytest.raises(Forged):
        envelope.greeting(ACCOUNT, asked | {"nonce": "3"}, NOW)
