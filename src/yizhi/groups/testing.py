"""A stand-in for the three vendors' robots, which refuses what they refuse: a key that is not theirs, a signature that
does not fit or is more than an hour old, too long a text, too many in a minute."""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new as keyed
from typing import Any

from yizhi.doors.testing import serving

KEYS = {
    "wecom": "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa".replace("x", "0"),
    "dingtalk": "566cc69da782ec33" * 4,
    "feishu": "0f5e7b1c-2d3a-4b5c-8d9e-1f2a3b4c5d6e",
}
SECRETS = {"wecom": "", "dingtalk": "SEC0123456789abcdef", "feishu": "a-secret-of-feishu"}
CORP, AGENT, APP_SECRET, DEPARTMENT = "ww0123456789abcdef", 1000002, "a-secret-of-the-application", "12"
_PATHS = {"wecom": "/cgi-bin/webhook/send", "dingtalk": "/robot/send", "feishu": "/open-apis/bot/v2/hook/"}


@dataclass
class Vendors:
    """`said` are the texts that were taken, with the vendor. `now` is their clock; `most` what each takes in all."""

    now: float
    url: str = ""
    most: int = 20
    said: list[tuple[str, str]] = field(default_factory=list)
    tokens: int = 1
    tries: Counter[str] = field(default_factory=Counter)

    def address(self, vendor: str) -> str:
        """As the group shows it."""
        end = {"wecom": f"?key={KEYS[vendor]}", "dingtalk": f"?access_token={KEYS[vendor]}", "feishu": KEYS[vendor]}
        return f"{self.url}{_PATHS[vendor]}{end[vendor]}"

    def answer(self, path: str, query: Mapping[str, str], body: dict[str, Any]) -> tuple[str, bytes]:
        if path == _PATHS["wecom"]:
            return _told(self._wecom(query, body))
        if path == "/cgi-bin/gettoken":
            return self._token(query)
        if path == "/cgi-bin/message/send":
            return _told(self._app(query, body))
        if path == _PATHS["dingtalk"]:
            return _told(self._dingtalk(query, body))
        if path.startswith(_PATHS["feishu"]):
            code, said = self._feishu(path, body)
            return "application/json", json.dumps({"code": code, "msg": said, "data": {}}).encode()
        return "text/plain", b"404"

    def _wecom(self, query: Mapping[str, str], body: dict[str, Any]) -> tuple[int, str]:
        if query.get("key") != KEYS["wecom"]:
            return 93000, "invalid webhook url"
        return self._take("wecom", body.get("msgtype"), body["text"]["content"], 45009)

    def _token(self, query: Mapping[str, str]) -> tuple[str, bytes]:
        if query.get("corpid") != CORP or query.get("corpsecret") != APP_SECRET:
            return _told((40001, "invalid credential"))
        given = {"errcode": 0, "errmsg": "ok", "access_token": f"app-token-{self.tokens}", "expires_in": 7200}
        return "application/json", json.dumps(given).encode()

    def _app(self, query: Mapping[str, str], body: dict[str, Any]) -> tuple[int, str]:
        if query.get("access_token") != f"app-token-{self.tokens}":
            return 42001, "access_token expired"
        if body.get("agentid") != AGENT:
            return 40056, "invalid agentid"
        if body.get("toparty") != DEPARTMENT:
            return 81013, "user & party & tag all invalid"
        return self._take("app", body.get("msgtype"), body["text"]["content"], 45009)

    def _dingtalk(self, query: Mapping[str, str], body: dict[str, Any]) -> tuple[int, str]:
        if query.get("access_token") != KEYS["dingtalk"]:
            return 300001, "token is not exist"
        stamp, secret = query.get("timestamp", "0"), SECRETS["dingtalk"]
        right = b64encode(keyed(secret.encode(), f"{stamp}\n{secret}".encode(), sha256).digest()).decode()
        if query.get("sign") != right or abs(self.now * 1000 - int(stamp)) > 3_600_000:
            return 310000, "sign not match"
        return self._take("dingtalk", body.get("msgtype"), body["text"]["content"], 130101)

    def _feishu(self, path: str, body: dict[str, Any]) -> tuple[int, str]:
        if path.removeprefix(_PATHS["feishu"]) != KEYS["feishu"]:
            return 19001, "param invalid: incoming webhook access token invalid"
        stamp = str(body.get("timestamp", "0"))
        right = b64encode(keyed(f"{stamp}\n{SECRETS['feishu']}".encode(), b"", sha256).digest()).decode()
        if body.get("sign") != right or abs(self.now - int(stamp)) > 3600:
            return 19021, "sign match fail or timestamp is not within one hour from current time"
        return self._take("feishu", body.get("msg_type"), body["content"]["text"], 11232)

    def _take(self, vendor: str, kind: str | None, text: str, too_many: int) -> tuple[int, str]:
        self.tries[vendor] += 1
        if kind != "text" or len(text.encode()) > 2048:
            return 40058, "invalid Request Parameter"
        if self.tries[vendor] > self.most:
            return too_many, "too many"
        self.said.append((vendor, text))
        return 0, "ok"


def _told(said: tuple[int, str]) -> tuple[str, bytes]:
    return "application/json", json.dumps({"errcode": said[0], "errmsg": said[1]}).encode()


@contextmanager
def vendors(now: float) -> Iterator[Vendors]:
    found = Vendors(now)
    with serving(found.answer) as found.url:
        yield found
