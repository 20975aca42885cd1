"""The platform's own interface, as the vendor documents it: access token, media, messages of the customer service,
template messages. Addresses and keys come from the installation's settings.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from yizhi.core.errors import Refusal
from yizhi.notices import outgoing
from yizhi.notices.outgoing import Answer, NoAnswer

log = logging.getLogger(__name__)

_SECONDS: Final = 8.0
#: The platform hands out the next token five minutes before the last one ends, and both are good meanwhile.
_EARLY: Final = timedelta(minutes=5)
_MOST_MEDIA: Final = 10 * 1024 * 1024 + 1
#: A token that is not good any more, for whatever reason.
_OLD_TOKEN: Final = frozenset((40001, 40014, 42001))
#: They do not follow the account, have blocked it, have not written for 48 hours, or such a person is not known.
_FOR_GOOD: Final = frozenset((40003, 43004, 43019, 45015, 45047, 50005))


class Refused(Exception):
    """The platform said no. `for_good`: it will say so tomorrow."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code} {said}"[:200])
        self.code, self.for_good = code, code in _FOR_GOOD


class Unreachable(Exception):
    """No answer, or none that can be read: worth another try. Neither keys nor words stand in it."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    until: datetime


#: By account; the platform gives every process the same one as long as it is good.
_tokens: dict[str, _Token] = {}
_lock = Lock()


def photo(media_id: str, *, at: datetime) -> BytesIO:
    """What somebody sent as a picture; it is there for three days. Raises `Refused`, `Unreachable`."""
    for token in _tries(at):
        query = urlencode({"access_token": token, "media_id": media_id})
        answer = _reach(lambda query=query: outgoing.get(
            f"{settings.WECHAT_API}/cgi-bin/media/get?{query}", {}, timeout=_SECONDS, allow_private=_inside(),
            most=_MOST_MEDIA,
        ))  # fmt: skip
        kind = answer.headers.get("content-type", "")
        if answer.good and not kind.startswith(("application/json", "text/plain")):
            return BytesIO(answer.body)
        code = _code(_read(answer))
        if code not in _OLD_TOKEN:
            break
    raise Refused(code, "media")


def say(openid: str, text: str, *, at: datetime) -> None:
    """A message of the customer service: allowed for 48 hours after they wrote. Raises `Refused`, `Unreachable`."""
    _post("message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}}, at)


def notify(openid: str, template: str, data: Mapping[str, str], link: str, *, at: datetime) -> None:
    """A template message. Raises `Refused`, `Unreachable`."""
    values = {key: {"value": value} for key, value in data.items()}
    _post("message/template/send", {"touser": openid, "template_id": template, "url": link, "data": values}, at)


def check(*, at: datetime) -> None:
    """Whether number and secret are good, for `yizhi doctor`. Raises `Refused`, `Unreachable`."""
    _fetch_token(at)


def _post(path: str, body: Mapping[str, Any], at: datetime) -> None:
    code, said = 0, ""
    for token in _tries(at):
        address = f"{settings.WECHAT_API}/cgi-bin/{path}?{urlencode({'access_token': token})}"
        told = _read(_send(address, body))
        code, said = _code(told), str(told.get("errmsg", ""))
        if code not in _OLD_TOKEN:
            break
    if code:
        raise Refused(code, said)


def _tries(at: datetime) -> Any:
    """The token that is known, and after a refusal a fresh one."""
    yield _token(at)
    with _lock:
        _tokens.pop(settings.WECHAT_APPID, None)
    yield _token(at)


def _token(at: datetime) -> str:
    with _lock:
        known = _tokens.get(settings.WECHAT_APPID)
    if known and at < known.until:
        return known.value
    fresh = _fetch_token(at)
    with _lock:
        _tokens[settings.WECHAT_APPID] = fresh
    return fresh.value


def _fetch_token(at: datetime) -> _Token:
    """The stable one: asking for it again does not end the one that others hold."""
    body = {
        "grant_type": "client_credential",
        "appid": settings.WECHAT_APPID,
        "secret": settings.WECHAT_SECRET,
        "force_refresh": False,
    }
    told = _read(_send(f"{settings.WECHAT_API}/cgi-bin/stable_token", body))
    if "access_token" not in told:
        raise Refused(_code(told), str(told.get("errmsg", "")))
    lasts = timedelta(seconds=int(told.get("expires_in", 0)))
    return _Token(str(told["access_token"]), at + max(lasts - _EARLY, timedelta()))


def _send(address: str, body: Mapping[str, Any]) -> Answer:
    # The platform shows "\u4e2d" as it stands: characters go out as they are.
    raw, headers = json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
    return _reach(lambda: outgoing.post(address, raw, headers, timeout=_SECONDS, allow_private=_inside()))


def _reach(call: Any) -> Answer:
    try:
        answer: Answer = call()
    except (NoAnswer, Refusal) as error:
        raise Unreachable(str(error)) from None
    return answer


def _inside() -> bool:
    """A gateway of one's own may stand in between; whoever names it in the settings may name any."""
    return bool(settings.WECHAT_API != settings.WECHAT_API_USUAL)


def _read(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        raise Unreachable(f"status {answer.status}, and nothing that can be read") from None
    if not answer.good or not isinstance(told, dict):
        raise Unreachable(f"status {answer.status}")
    return told


def _code(told: Mapping[str, Any]) -> int:
    code = told.get("errcode", 0)
    return code if isinstance(code, int) else -1
