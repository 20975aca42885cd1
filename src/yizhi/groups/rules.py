"""Robots in groups of WeCom, DingTalk and Feishu: how each wants to be called, signed and heard, as they document it.

WeCom: the key alone, text of 2,048 bytes, 20 messages a minute. DingTalk: milliseconds and an HMAC-SHA256 of them in
the address, 20 a minute, then ten minutes of silence. Feishu: seconds and an HMAC-SHA256 in the body, 100 a minute. The
time of a signature may be an hour off. All of them answer 200 and say in the body what went wrong.
"""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from yizhi.core.errors import N_, BadFact

#: "app": not a robot but an application of WeCom, which speaks to a department.
Vendor = Literal["wecom", "dingtalk", "feishu", "app"]
VENDORS: Final[tuple[Vendor, ...]] = ("wecom", "dingtalk", "feishu")
NAMES: Final[Mapping[str, str]] = {"wecom": N_("WeCom"), "dingtalk": N_("DingTalk"), "feishu": N_("Feishu")}
#: Where they are called, unless an installation has a gateway of its own.
USUAL: Final[Mapping[str, str]] = {
    "wecom": "https://qyapi.weixin.qq.com",
    "dingtalk": "https://oapi.dingtalk.com",
    "feishu": "https://open.feishu.cn",
}
_PATHS: Final[Mapping[str, str]] = {
    "wecom": "/cgi-bin/webhook/send",
    "dingtalk": "/robot/send",
    "feishu": "/open-apis/bot/v2/hook/",
}
_KEYS: Final[Mapping[str, str]] = {"wecom": "key", "dingtalk": "access_token"}
_KEY = re.compile(r"[A-Za-z0-9-]{16,128}")
_DEPARTMENT = re.compile(r"[0-9]{1,10}")
_SECRET = re.compile(r"[\x21-\x7e]{8,128}")
#: The smallest of the three limits is enough for all.
MOST_BYTES: Final = 2048
_TOO_MANY: Final[Mapping[str, frozenset[int]]] = {
    "wecom": frozenset((45009, -1)),
    "dingtalk": frozenset((130101, 410100, -1)),
    "feishu": frozenset((9499, 11232, 1000)),
}


class NoRobot(BadFact):
    message = N_("This is no address of a robot of WeCom, DingTalk or Feishu: please copy it whole from the group.")


class NoApp(BadFact):
    message = N_("A department's number needs the application of WeCom: your system administrator sets it up first.")


class NoSecret(BadFact):
    message = N_("{vendor} needs the secret too: choose signatures (加签, 签名校验) when the robot is set up.")


@dataclass(frozen=True, slots=True)
class Robot:
    """`key` opens the group to whoever has it; `secret` signs (WeCom has none)."""

    vendor: Vendor
    key: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    url: str
    body: bytes


def robot(address: str, secret: str, bases: Mapping[str, str], *, app: bool = False) -> Robot:
    """From the address that a group shows, or the number of a department of WeCom when there is an application (`app`).
    Only the vendors' own hosts are taken, so nothing else is ever called.

    Raises `NoRobot`, `NoSecret`, `NoApp`.
    """
    address, secret = address.strip(), secret.strip()
    if _DEPARTMENT.fullmatch(address):
        if not app:
            raise NoApp
        return Robot("app", address)
    parts = urlsplit(address)
    for vendor in VENDORS:
        if f"{parts.scheme}://{parts.netloc}" == bases[vendor] and parts.path.startswith(_PATHS[vendor]):
            key = _key(vendor, parts.path, parts.query)
            if not _KEY.fullmatch(key):
                raise NoRobot
            if vendor != "wecom" and not _SECRET.fullmatch(secret):
                raise NoSecret(vendor=NAMES[vendor])
            return Robot(vendor, key, secret if vendor != "wecom" else "")
    raise NoRobot


def _key(vendor: Vendor, path: str, query: str) -> str:
    if vendor == "feishu":
        return path.removeprefix(_PATHS[vendor])
    return parse_qs(query).get(_KEYS[vendor], [""])[0]


def call(robot: Robot, text: str, bases: Mapping[str, str], now: float) -> Call:
    """What is sent to have a text said in the group."""
    address, said = f"{bases[robot.vendor]}{_PATHS[robot.vendor]}", shortened(text)
    usual = {"msgtype": "text", "text": {"content": said}}
    match robot.vendor:
        case "wecom":
            return Call(f"{address}?{urlencode({'key': robot.key})}", _json(usual))
        case "dingtalk":
            stamp = str(int(now * 1000))
            signed = {"access_token": robot.key, "timestamp": stamp, "sign": dingtalk_sign(stamp, robot.secret)}
            return Call(f"{address}?{urlencode(signed)}", _json(usual))
        case _:
            stamp = str(int(now))
            body = {"timestamp": stamp, "sign": feishu_sign(stamp, robot.secret)}
            return Call(f"{address}{robot.key}", _json({**body, "msg_type": "text", "content": {"text": said}}))


def dingtalk_sign(stamp: str, secret: str) -> str:
    return b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256")).decode()


def feishu_sign(stamp: str, secret: str) -> str:
    """Unlike DingTalk's: time and secret are the key, and nothing is what is signed."""
    return b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", "sha256")).decode()


def shortened(text: str) -> str:
    """To the vendors' limit, which counts bytes; no character is cut in two."""
    raw = text.encode()
    return text if len(raw) <= MOST_BYTES else raw[: MOST_BYTES - 3].decode(errors="ignore") + "…"


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sent`, or why not; `again`: it may go through later, else the robot's own settings are wrong."""

    sent: bool
    why: str = ""
    again: bool = False


def outcome(vendor: Vendor, status: int, body: bytes) -> Outcome:
    try:
        told = json.loads(body)
        code = told.get("code", told.get("errcode")) if vendor == "feishu" else told.get("errcode")
        said = str(told.get("msg") or told.get("errmsg") or "")[:100]
    except (ValueError, AttributeError):
        return Outcome(False, f"status {status}, and nothing that can be read", again=True)
    if status == 200 and code == 0:
        return Outcome(True)
    return Outcome(False, f"{code} {said}".strip(), again=code in _TOO_MANY[vendor] or status >= 500 or status == 429)
