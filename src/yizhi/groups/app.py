"""Messages of an application of WeCom (企业微信自建应用) to a department, as the vendor documents them: a token
from the corporation's number and the application's secret, text of 2,048 bytes, the department by its number."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from yizhi.core.errors import Refusal
from yizhi.groups.rules import USUAL, Outcome, shortened
from yizhi.notices import outgoing
from yizhi.notices.outgoing import Answer, NoAnswer

_SECONDS: Final = 8.0
_EARLY: Final = timedelta(minutes=5)
_OLD_TOKEN: Final = frozenset((40014, 42001))
#: The vendor is busy, or was called too often.
_LATER: Final = frozenset((-1, 45009, 45033))

#: By corporation and application; the vendor gives the same one as long as it is good.
_tokens: dict[tuple[str, str], tuple[str, datetime]] = {}
_lock = Lock()


class _Refused(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.why)
        self.outcome = outcome


def say(department: str, text: str, *, at: datetime) -> Outcome:
    """To everybody of a department who may see the application."""
    body = {
        "toparty": department,
        "msgtype": "text",
        "agentid": int(settings.WECOM_AGENT),
        "text": {"content": shortened(text)},
    }
    raw, headers = json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
    found = Outcome(False)
    try:
        for token in _tries(at):
            address = f"{settings.ROBOTS['wecom']}/cgi-bin/message/send?{urlencode({'access_token': token})}"
            told = _told(outgoing.post(address, raw, headers, timeout=_SECONDS, allow_private=_inside()))
            code = _code(told)
            found = Outcome(code == 0, "" if code == 0 else _why(told), again=code in _LATER)
            if code not in _OLD_TOKEN:
                break
        if found.sent and told.get("invalidparty"):
            return Outcome(False, f"department {department} is not known there, or may not see the application")
    except _Refused as refused:
        return refused.outcome
    except (NoAnswer, Refusal) as error:
        return Outcome(False, str(error), again=True)
    return found


def _tries(at: datetime) -> Iterator[str]:
    """The token that is known, and after a refusal a fresh one."""
    yield _token(at)
    with _lock:
        _tokens.clear()
    yield _token(at)


def _token(at: datetime) -> str:
    key = (settings.WECOM_CORP, settings.WECOM_SECRET)
    with _lock:
        value, until = _tokens.get(key, ("", at))
    if at < until:
        return value
    query = urlencode({"corpid": key[0], "corpsecret": key[1]})
    address = f"{settings.ROBOTS['wecom']}/cgi-bin/gettoken?{query}"
    told = _told(outgoing.get(address, {}, timeout=_SECONDS, allow_private=_inside()))
    if _code(told) != 0:
        raise _Refused(Outcome(False, _why(told), again=_code(told) in _LATER))
    lasts = timedelta(seconds=int(told.get("expires_in", 0)))
    with _lock:
        _tokens[key] = str(told["access_token"]), at + max(lasts - _EARLY, timedelta())
    return str(told["access_token"])


def _inside() -> bool:
    return bool(settings.ROBOTS["wecom"] != USUAL["wecom"])


def _told(answer: Answer) -> Mapping[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    if not answer.good or not isinstance(told, dict):
        raise _Refused(Outcome(False, f"status {answer.status}, and nothing that can be read", again=True))
    return told


def _code(told: Mapping[str, Any]) -> int:
    code = told.get("errcode")
    return code if isinstance(code, int) else -1


def _why(told: Mapping[str, Any]) -> str:
    return f"{_code(told)} {told.get('errmsg', '')}"[:200]
