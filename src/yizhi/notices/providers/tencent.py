"""Short messages by Tencent Cloud: action SendSms of 2021-01-11, signed as the vendor documents it (V3,
TC3-HMAC-SHA256).

The vendor keeps the words as templates that it has approved, whose gaps are filled in order: `templates` names for each
event the template and the values that it takes, as in "1110 count first".
"""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from yizhi.core.errors import Refusal
from yizhi.notices import outgoing
from yizhi.notices.outgoing import Answer, NoAnswer
from yizhi.notices.providers import Failed, Message, Report, Send, Spec
from yizhi.notices.providers.times import told_at

URL: Final = "https://sms.tencentcloudapi.com/"
REGION: Final = "ap-guangzhou"
#: What the gaps of a template may be filled with.
VALUES: Final = ("count", "late", "first", "code", "link", "token", "days")
_ALGORITHM: Final = "TC3-HMAC-SHA256"
_SERVICE: Final = "sms"
_TYPE: Final = "application/json; charset=utf-8"
_SECONDS: Final = 5.0
#: What will be said of the same number tomorrow, too.
_FOR_GOOD: Final = frozenset(("InvalidParameterValue.IncorrectPhoneNumber",))
#: A gap of a template is never left empty.
_EMPTY: Final = {"late": "0"}


class Tencent:
    """`options` of the spec: `key` (SecretId), `secret` (SecretKey), `app` (SmsSdkAppId), `sign` (the approved
    signature), `templates`, and `region`, `url`, `allow_private` for another way there."""

    at_once = 8

    def __init__(self, spec: Spec) -> None:
        self.name = spec.name
        self._key, self._secret = str(spec.options["key"]), str(spec.options["secret"])
        self._app, self._sign = str(spec.options["app"]), str(spec.options["sign"])
        self._templates: Mapping[str, str] = spec.options["templates"]
        self._region: str = spec.options.get("region") or REGION
        self._url: str = spec.options.get("url") or URL
        self._private = bool(spec.options.get("allow_private"))

    @contextmanager
    def open(self) -> Iterator[Send]:
        yield self._send

    def _send(self, message: Message) -> str:
        template, *gaps = self._templates.get(message.event, "").split() or [""]
        if not template:
            raise Failed(f"no template for “{message.event}”")
        asked = {
            "PhoneNumberSet": [message.to if message.to.startswith("+") else f"+86{message.to}"],
            "SmsSdkAppId": self._app,
            "SignName": self._sign,
            "TemplateId": template,
            "TemplateParamSet": [message.values.get(gap) or _EMPTY.get(gap, "-") for gap in gaps],
        }
        try:
            return _said(self._call(asked))
        except (NoAnswer, Refusal) as error:
            raise Failed(f"{type(error).__name__}: {error}") from error

    def _call(self, asked: Mapping[str, Any]) -> Answer:
        body = json.dumps(asked, ensure_ascii=False).encode()
        now = datetime.now(UTC)  # own time: the vendor takes no call whose time is more than five minutes off
        headers = {"content-type": _TYPE, "host": urlsplit(self._url).netloc}
        headers |= {"x-tc-action": "SendSms", "x-tc-version": "2021-01-11", "x-tc-region": self._region}
        headers |= {"x-tc-timestamp": str(int(now.timestamp()))}
        headers["Authorization"] = authorization(self._key, self._secret, _SERVICE, headers, body, now)
        return outgoing.post(self._url, body, headers, timeout=_SECONDS, allow_private=self._private)


def authorization(key: str, secret: str, service: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The header that signs a POST to "/"."""
    names = sorted(name for name in headers if name in ("content-type", "host", "x-tc-action"))
    said = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
    signed, day = ";".join(names), now.astimezone(UTC).strftime("%Y-%m-%d")
    request = "\n".join(["POST", "/", "", said, signed, sha256(body).hexdigest()])
    scope = f"{day}/{service}/tc3_request"
    to_sign = "\n".join([_ALGORITHM, headers["x-tc-timestamp"], scope, sha256(request.encode()).hexdigest()])
    by = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        by = hmac.digest(by, part.encode(), "sha256")
    signature = hmac.digest(by, to_sign.encode(), "sha256").hex()
    return f"{_ALGORITHM} Credential={key}/{scope}, SignedHeaders={signed}, Signature={signature}"


class _Problem(msgspec.Struct, rename="pascal"):
    code: str
    message: str = ""


class _Status(msgspec.Struct, rename="pascal"):
    code: str
    message: str = ""
    serial_no: str = ""


class _Response(msgspec.Struct, rename="pascal"):
    error: _Problem | None = None
    send_status_set: list[_Status] = []


class _Told(msgspec.Struct, rename="pascal"):
    response: _Response


def _said(answer: Answer) -> str:
    """The vendor's number of the message. Raises `Failed` when the vendor did not take it."""
    try:
        told = msgspec.json.decode(answer.body, type=_Told).response
        found = told.error or told.send_status_set[0]
    except (msgspec.MsgspecError, IndexError) as error:
        raise Failed(f"status {answer.status}, and nothing that can be read") from error
    if isinstance(found, _Status) and found.code == "Ok" and answer.good:
        return found.serial_no
    raise Failed(f"{found.code}: {found.message}"[:200], for_good=found.code in _FOR_GOOD)


class _Pushed(msgspec.Struct):
    """One entry of the status callback, which the vendor pushes as a list."""

    sid: str
    report_status: str
    errmsg: str = ""
    user_receive_time: str = ""


def reports(body: bytes) -> Sequence[Report]:
    """Raises `msgspec.MsgspecError` for what is no such list."""
    pushed = msgspec.json.decode(body, type=list[_Pushed])
    return [
        Report(one.sid, one.report_status == "SUCCESS", one.errmsg, told_at(one.user_receive_time)) for one in pushed
    ]


#: What the vendor wants to hear; without it, it pushes the same again.
TAKEN: Final = {"result": 0, "errmsg": "OK"}
