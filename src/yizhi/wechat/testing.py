"""A stand-in for the platforms, which refuses what they refuse as their documents say: wrong and old tokens, signatures
that do not fit or are older than an hour, texts that are too long, too many in a minute. And a telephone that writes
to the account, sealed by a library that others have written.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.test import Client
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WorkCrypto
from wechatpy.utils import check_signature

from yizhi.doors.testing import serving

APPID, SECRET, TOKEN = "wx1234567890abcdef", "a-secret-of-the-account", "a token of ours"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SETTINGS = {"WECHAT_APPID": APPID, "WECHAT_SECRET": SECRET, "WECHAT_TOKEN": TOKEN, "WECHAT_AES_KEY": AES_KEY}

CORP, AGENT, WORK_SECRET = "ww0123456789abcdef", 1000002, "a-secret-of-the-application"
WORK_TOKEN = "another token of ours"
WORK_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
WORK_SETTINGS = {
    "WECOM_CORP": CORP,
    "WECOM_AGENT": str(AGENT),
    "WECOM_SECRET": WORK_SECRET,
    "WECOM_TOKEN": WORK_TOKEN,
    "WECOM_AES_KEY": WORK_KEY,
}

_TEXT_BYTES = 2048
#: WeCom's limits on a card: title, description, link, button.
_CARD = {"title": 128, "description": 512, "url": 2048, "btntxt": 12}
#: The platform's own limits on fields of templates.
_FIELD = {"thing": 20, "phrase": 5, "character_string": 32}


@dataclass
class Platforms:
    """`said` is what came in and was taken, by path. `media` are photos by their numbers. `deaf`: who does not follow
    the account; `quiet`: who has not written for 48 hours. `tokens` counts those given out; only the last is good."""

    url: str = ""
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)
    tokens: int = 0
    calls: list[str] = field(default_factory=list)
    busy: int = 0

    def end_token(self) -> None:
        """As when somebody asked for a new one by force."""
        self.tokens += 1

    def answer(self, path: str, query: Mapping[str, str], body: dict[str, Any]) -> tuple[str, bytes]:
        self.calls.append(path)
        if self.busy:
            self.busy -= 1
            return _told(-1, "system error")
        match path:
            case "/cgi-bin/stable_token":
                return self._token(body)
            case "/cgi-bin/gettoken":
                return self._work_token(query)
            case "/cgi-bin/message/send":
                return self._card(query, body)
            case "/cgi-bin/media/get" if query.get("access_token", "").startswith("work"):
                return self._media(query) if self._in_work(query) else _told(40014, "invalid access_token")
            case "/cgi-bin/media/get" | "/cgi-bin/message/custom/send" | "/cgi-bin/message/template/send":
                if query.get("access_token") != f"token-{self.tokens}":
                    return _told(40001, "invalid credential, access_token is invalid or not latest")
                return self._media(query) if path.endswith("get") else self._message(path, body)
        return "text/plain", b"404"

    def _token(self, body: Mapping[str, Any]) -> tuple[str, bytes]:
        if body.get("grant_type") != "client_credential" or body.get("appid") != APPID:
            return _told(40013, "invalid appid")
        if body.get("secret") != SECRET:
            return _told(40125, "invalid appsecret")
        self.tokens = self.tokens or 1
        return "application/json", json.dumps({"access_token": f"token-{self.tokens}", "expires_in": 7200}).encode()

    def _work_token(self, query: Mapping[str, str]) -> tuple[str, bytes]:
        if query.get("corpid") != CORP:
            return _told(40013, "invalid corpid")
        if query.get("corpsecret") != WORK_SECRET:
            return _told(40001, "invalid credential")
        self.tokens = self.tokens or 1
        given = {"errcode": 0, "errmsg": "ok", "access_token": f"work-{self.tokens}", "expires_in": 7200}
        return "application/json", json.dumps(given).encode()

    def _in_work(self, query: Mapping[str, str]) -> bool:
        return query.get("access_token") == f"work-{self.tokens}"

    def _card(self, query: Mapping[str, str], body: dict[str, Any]) -> tuple[str, bytes]:
        if not self._in_work(query):
            return _told(40014, "invalid access_token")
        if body.get("agentid") != AGENT:
            return _told(40056, "invalid agentid")
        if body.get("touser") in self.deaf:
            return _told(81013, "user & party & tag all invalid")
        card = body.get("textcard", {})
        if body.get("msgtype") != "textcard" or any(len(card[key].encode()) > most for key, most in _CARD.items()):
            return _told(40058, "invalid Request Parameter")
        gone = "|".join(self.quiet & {body["touser"]})
        if not gone:
            self.said.append(("/cgi-bin/message/send", body))
        return "application/json", json.dumps({"errcode": 0, "errmsg": "ok", "invaliduser": gone}).encode()

    def _media(self, query: Mapping[str, str]) -> tuple[str, bytes]:
        found = self.media.get(query.get("media_id", ""))
        return ("image/jpeg", found) if found else _told(40007, "invalid media_id")

    def _message(self, path: str, body: dict[str, Any]) -> tuple[str, bytes]:
        whom = body.get("touser", "")
        if whom in self.deaf:
            return _told(43004, "require subscribe")
        if path.endswith("custom/send"):
            if whom in self.quiet:
                return _told(45015, "response out of time limit or subscription is canceled")
            if len(body["text"]["content"].encode()) > _TEXT_BYTES:
                return _told(45002, "content size out of limit")
        for key, value in body.get("data", {}).items():
            if len(value["value"]) > _FIELD.get(key.rstrip("0123456789"), 32):
                return _told(47003, f"argument invalid! data.{key}.value is too long")
        self.said.append((path, body))
        return _told(0, "ok")

    def texts(self, whom: str) -> list[str]:
        """What somebody was told by the customer service."""
        return [body["text"]["content"] for _, body in self.said if body.get("touser") == whom and "text" in body]


def _told(code: int, said: str) -> tuple[str, bytes]:
    return "application/json; encoding=utf-8", json.dumps({"errcode": code, "errmsg": said}).encode()


@contextmanager
def platforms() -> Iterator[Platforms]:
    """While the block lasts."""
    found = Platforms()
    with serving(found.answer) as found.url:
        yield found


@dataclass
class Telephone:
    """Somebody who writes to the account; the platform in between seals and signs. `say` and its like return the text
    that comes back, opened by that same library."""

    openid: str = "oTelephoneOfSomebody01"
    client: Client = field(default_factory=Client)
    number: int = 100
    address: str = "/wechat/"
    whom: str = "gh_account"
    keys: tuple[str, str, str] = (TOKEN, AES_KEY, APPID)
    crypto: Any = WeChatCrypto

    def say(self, text: str, **more: str) -> str:
        return self.send({"MsgType": "text", "Content": text} | more)

    def photo(self, media_id: str) -> str:
        return self.send({"MsgType": "image", "MediaId": media_id, "PicUrl": "http://127.0.0.1:9/never-fetched.jpg"})

    def position(self, lon: float, lat: float, label: str = "") -> str:
        return self.send(
            {"MsgType": "location", "Location_X": str(lat), "Location_Y": str(lon), "Scale": "16", "Label": label}
        )

    def event(self, name: str) -> str:
        return self.send({"MsgType": "event", "Event": name})

    def send(self, parts: Mapping[str, str]) -> str:
        answer = self.post(*self.letter(parts))
        assert answer.status_code == 200, answer.content
        return self.opened(answer) if answer.content != b"success" else ""

    def letter(self, parts: Mapping[str, str], *, now: float | None = None, **other: str) -> tuple[str, str]:
        """The query and the body as the platform makes them."""
        self.number += 1
        # own time: the platform's
        given = {"ToUserName": self.whom, "FromUserName": self.openid, "CreateTime": str(int(time.time()))}
        number = {} if parts["MsgType"] == "event" else {"MsgId": str(self.number)}
        named = {**given, **number, **self.also(other), **parts}
        inside = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in named.items())
        # own time: the platform's
        stamp, nonce = str(int(now or time.time())), f"nonce{self.number}"
        token, key, appid = self.keys
        sealer = self.crypto(other.get("token", token), other.get("aes_key", key), other.get("appid", appid))
        made = ElementTree.fromstring(sealer.encrypt_message(f"<xml>{inside}</xml>", nonce, stamp))
        encrypted = f"<Encrypt><![CDATA[{made.findtext('Encrypt')}]]></Encrypt>"
        body = f"<xml><ToUserName><![CDATA[{self.whom}]]></ToUserName>{encrypted}</xml>"
        signed = {"timestamp": stamp, "nonce": nonce, "msg_signature": made.findtext("MsgSignature") or ""}
        return urlencode({**signed, **self.asked()}), body

    def also(self, other: Mapping[str, str]) -> dict[str, str]:
        """What this platform says in each letter beside what all say."""
        return {}

    def asked(self) -> dict[str, str]:
        """And what in each query."""
        return {"openid": self.openid, "encrypt_type": "aes"}

    def post(self, query: str, body: str) -> Any:
        return self.client.post(f"{self.address}?{query}", body, content_type="text/xml")

    def opened(self, answer: Any) -> str:
        """The text of an answer; the library refuses what is not signed and sealed as it has to be."""
        parts = {part.tag: part.text or "" for part in ElementTree.fromstring(answer.content)}
        opener = self.crypto(*self.keys)
        plain = opener.decrypt_message(answer.content, parts["MsgSignature"], parts["TimeStamp"], parts["Nonce"])
        message = ElementTree.fromstring(plain)
        assert message.findtext("ToUserName") == self.openid
        said = message.findtext("Content") or ""
        assert len(said.encode()) <= _TEXT_BYTES, "the platforms take no longer answer"
        return said


@dataclass
class Member(Telephone):
    """Somebody of the corporation who writes to its application of WeCom."""

    openid: str = "WangXiaoMin"
    address: str = "/wechat/work/"
    whom: str = CORP
    keys: tuple[str, str, str] = (WORK_TOKEN, WORK_KEY, CORP)
    crypto: Any = WorkCrypto

    def also(self, other: Mapping[str, str]) -> dict[str, str]:
        return {"AgentID": other.get("agent", str(AGENT))}

    def asked(self) -> dict[str, str]:
        return {}


def greeted(client: Client, token: str = TOKEN) -> Any:
    """The platform asks whether the address is the right one."""
    query = {"timestamp": "1714037059", "nonce": "486452656", "echostr": "a word to say back"}
    signed = _signature(token, query["timestamp"], query["nonce"])
    if token == TOKEN:
        check_signature(token, signed, query["timestamp"], query["nonce"])
    return client.get("/wechat/", {**query, "signature": signed})


def _signature(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode()).hexdigest()


def greeted_at_work(client: Client, *, token: str = WORK_TOKEN, corp: str = CORP, now: float | None = None) -> Any:
    """WeCom asks whether the address is the right one: what it wants to hear comes sealed."""
    # own time: the platform's
    stamp, nonce = str(int(now or time.time())), "263014780"
    sealer = WorkCrypto(token, WORK_KEY, corp)
    made = ElementTree.fromstring(sealer.encrypt_message("1616140317555161061", nonce, stamp))
    echo, signed = made.findtext("Encrypt") or "", made.findtext("MsgSignature") or ""
    if (token, corp) == (WORK_TOKEN, CORP):
        assert sealer.check_signature(signed, stamp, nonce, echo) == "1616140317555161061"
    return client.get("/wechat/work/", {"msg_signature": signed, "timestamp": stamp, "nonce": nonce, "echostr": echo})
