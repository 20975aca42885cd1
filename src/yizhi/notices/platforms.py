"""Platforms whose every call bears a token, got with a secret and good for a while: the official account, WeCom.
Addresses and keys come from the installation's settings.
"""

import json
from collections.abc import Iterator, Mapping
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

_SECONDS: Final = 8.0
#: A new token is to be had five minutes before the last one ends, and both are good meanwhile.
_EARLY: Final = timedelta(minutes=5)
#: The platform is busy, and wants to be asked again.
_BUSY: Final = -1
_MOST_MEDIA: Final = 10 * 1024 * 1024 + 1
#: WeCom: a token that is not good any more; nobody of that name, or nobody who may see the application.
_WECOM_OLD: Final = frozenset((40014, 42001))
_WECOM_FOR_GOOD: Final = frozenset((60111, 81013, 82001))


class Refused(Exception):
    """The platform said no. `for_good`: it will say so tomorrow."""

    def __init__(self, code: int, said: str, *, for_good: bool = False) -> None:
        super().__init__(f"{code} {said}"[:200])
        self.code, self.for_good = code, for_good


class Unreachable(Exception):
    """No answer, none that can be read, or a busy platform: worth another try. Neither keys nor words stand in it."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    until: datetime


#: By platform; each gives every process the same one as long as it is good.
_tokens: dict["Platform", _Token] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Platform:
    """`token` is what is asked for a token: a path, with its query. `asks`: what is sent along, as JSON. `inside`: a
    gateway of one's own stands in between; whoever names it in the settings may name any. `old`: codes of a token that
    is not good any more."""

    base: str
    token: str
    old: frozenset[int]
    for_good: frozenset[int]
    asks: tuple[tuple[str, Any], ...] = ()
    inside: bool = False

    def send(self, path: str, body: Mapping[str, Any], *, at: datetime) -> Mapping[str, Any]:
        """What it answers. Raises `Refused`, `Unreachable`."""
        told: Mapping[str, Any] = {}
        for token in self._tries(at):
            told = _read(self._post(f"{path}?{urlencode({'access_token': token})}", body))
            if _code(told) not in self.old:
                break
        self._expect({"errcode": _BUSY, **told})
        return told

    def media(self, media_id: str, *, at: datetime) -> BytesIO:
        """What somebody sent as a picture; it is there for three days. Raises `Refused`, `Unreachable`."""
        told: Mapping[str, Any] = {}
        for token in self._tries(at):
            answer = self._get(f"media/get?{urlencode({'access_token': token, 'media_id': media_id})}", _MOST_MEDIA)
            kind = answer.headers.get("content-type", "")
            if answer.good and not kind.startswith(("application/json", "text/plain")):
                return BytesIO(answer.body)
            told = _read(answer)
            if _code(told) not in self.old:
                break
        self._expect(told)
        raise Refused(0, "no media")

    def check(self, *, at: datetime) -> None:
        """Whether number and secret are good, for `yizhi doctor`. Raises `Refused`, `Unreachable`."""
        self._fetch_token(at)

    def _tries(self, at: datetime) -> Iterator[str]:
        """The token that is known, and after a refusal a fresh one."""
        yield self._known_token(at)
        with _lock:
            _tokens.pop(self, None)
        yield self._known_token(at)

    def _known_token(self, at: datetime) -> str:
        with _lock:
            known = _tokens.get(self)
        if known and at < known.until:
            return known.value
        fresh = self._fetch_token(at)
        with _lock:
            _tokens[self] = fresh
        return fresh.value

    def _fetch_token(self, at: datetime) -> _Token:
        told = _read(self._post(self.token, dict(self.asks)) if self.asks else self._get(self.token))
        self._expect(told)
        if "access_token" not in told:
            raise Unreachable("it gives no token, and does not say why")
        lasts = timedelta(seconds=int(told.get("expires_in", 0)))
        return _Token(str(told["access_token"]), at + max(lasts - _EARLY, timedelta()))

    def _expect(self, told: Mapping[str, Any]) -> None:
        code, said = _code(told), str(told.get("errmsg", ""))
        if code == _BUSY:
            raise Unreachable(f"{code} {said}"[:200])
        if code:
            raise Refused(code, said, for_good=code in self.for_good)

    def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        # The platforms show "\u4e2d" as it stands: characters go out as they are.
        raw, headers = json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
        address = f"{self.base}/cgi-bin/{path}"
        try:
            return outgoing.post(address, raw, headers, timeout=_SECONDS, allow_private=self.inside)
        except (NoAnswer, Refusal) as error:
            raise Unreachable(str(error)) from None

    def _get(self, path: str, most: int = outgoing.MOST_BYTES) -> Answer:
        address = f"{self.base}/cgi-bin/{path}"
        try:
            return outgoing.get(address, {}, timeout=_SECONDS, allow_private=self.inside, most=most)
        except (NoAnswer, Refusal) as error:
            raise Unreachable(str(error)) from None


def wecom() -> Platform:
    """The application of WeCom that the settings name."""
    base, keys = settings.ROBOTS["wecom"], {"corpid": settings.WECOM_CORP, "corpsecret": settings.WECOM_SECRET}
    token, inside = f"gettoken?{urlencode(keys)}", base != settings.WECOM_USUAL
    return Platform(base, token, _WECOM_OLD, _WECOM_FOR_GOOD, inside=inside)


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
    return code if isinstance(code, int) else _BUSY
