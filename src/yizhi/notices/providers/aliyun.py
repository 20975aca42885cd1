"""Short messages by Aliyun: action SendSms of 2017-05-25, signed as the vendor documents it (V3, ACS3-HMAC-SHA256).

The vendor keeps the words as templates that it has approved; `templates` names the one for each event. What is said in
`messages.toml` is what such a template should say.
"""

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

from yizhi.core.errors import Refusal
from yizhi.notices import outgoing
from yizhi.notices.outgoing import Answer, NoAnswer
from yizhi.notices.providers import Failed, Message, Report, Send, Spec
from yizhi.notices.providers.times import told_at

URL: Final = "https://dysmsapi.aliyuncs.com/"
_ALGORITHM: Final = "ACS3-HMAC-SHA256"
_VERSION: Final = "2017-05-25"
_SECONDS: Final = 5.0
#: What will be said of the same number tomorrow, too.
_FOR_GOOD: Final = frozenset(("isv.MOBILE_NUMBER_ILLEGAL",))
#: A value in a template of the vendor is at most so long.
_LONGEST_VALUE: Final = 35


class Aliyun:
    """`options` of the spec: `key`, `secret`, `sign` (the approved signature), `templates`, and `url` for another
    region or a gateway in one's own network (`allow_private`)."""

    at_once = 8

    def __init__(self, spec: Spec) -> None:
        self.name = spec.name
        self._key, self._secret = str(spec.options["key"]), str(spec.options["secret"])
        self._sign: str = spec.options["sign"]
        self._templates: Mapping[str, str] = spec.options["templates"]
        self._url: str = spec.options.get("url") or URL
        self._private = bool(spec.options.get("allow_private"))

    @contextmanager
    def open(self) -> Iterator[Send]:
        yield self._send

    def _send(self, message: Message) -> str:
        template = self._templates.get(message.event)
        if not template:
            raise Failed(f"no template for “{message.event}”")
        values = {name: value[:_LONGEST_VALUE] for name, value in message.values.items() if value}
        asked = {
            "PhoneNumbers": message.to,
            "SignName": self._sign,
            "TemplateCode": template,
            "TemplateParam": json.dumps(values, ensure_ascii=False, separators=(",", ":")),
        }
        try:
            return _said(self._call(asked))
        except (NoAnswer, Refusal) as error:
            raise Failed(f"{type(error).__name__}: {error}") from error

    def _call(self, asked: Mapping[str, str]) -> Answer:
        query = encoded(asked)
        headers = {
            "host": urlsplit(self._url).netloc,
            "x-acs-action": "SendSms",
            "x-acs-version": _VERSION,
            # own time: the vendor takes no call whose time is more than 15 minutes off
            "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-content-sha256": sha256(b"").hexdigest(),
        }
        headers["Authorization"] = authorization(self._key, self._secret, query, headers)
        url = f"{self._url}?{query}"
        return outgoing.post(url, b"", headers, timeout=_SECONDS, allow_private=self._private)


def encoded(asked: Mapping[str, str]) -> str:
    """In order, by RFC 3986."""
    return "&".join(f"{quote(name, safe='-_.~')}={quote(asked[name], safe='-_.~')}" for name in sorted(asked))


def authorization(key: str, secret: str, query: str, headers: Mapping[str, str]) -> str:
    """The header that signs a POST to "/" whose values are all in the query."""
    names = sorted(name for name in headers if name == "host" or name.startswith("x-acs-"))
    said = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    signed = ";".join(names)
    request = "\n".join(["POST", "/", query, said, signed, headers["x-acs-content-sha256"]])
    to_sign = f"{_ALGORITHM}\n{sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), to_sign.encode(), "sha256").hex()
    return f"{_ALGORITHM} Credential={key},SignedHeaders={signed},Signature={signature}"


def _said(answer: Answer) -> str:
    """The vendor's number of the message. Raises `Failed` when the vendor did not take it."""
    try:
        told = json.loads(answer.body)
        code, why = str(told["Code"]), str(told.get("Message", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(f"status {answer.status}, and nothing that can be read") from error
    if not (answer.good and code == "OK"):
        raise Failed(f"{code}: {why}"[:200], for_good=code in _FOR_GOOD)
    return str(told.get("BizId", ""))


class _Pushed(msgspec.Struct):
    """One entry of SmsReport, which the vendor pushes as a list."""

    biz_id: str
    success: bool
    err_code: str = ""
    report_time: str = ""


def reports(body: bytes) -> Sequence[Report]:
    """Raises `msgspec.MsgspecError` for what is no such list."""
    pushed = msgspec.json.decode(body, type=list[_Pushed])
    return [Report(one.biz_id, one.success, one.err_code, told_at(one.report_time)) for one in pushed]


#: What the vendor wants to hear; without it, it pushes the same again.
TAKEN: Final = {"code": 0, "msg": "OK"}
