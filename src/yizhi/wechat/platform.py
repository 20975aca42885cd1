"""The two platforms' own interfaces, as the vendors document them: what somebody sent, and messages back. An official
account tells by customer service or by a template, an application of WeCom by a card."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Final

from django.conf import settings

from yizhi.notices.platforms import Platform, Refused, Unreachable, wecom
from yizhi.wechat import rules
from yizhi.wechat.rules import Line

__all__ = ["Platform", "Refused", "Unreachable", "card", "check", "is_open", "notify", "photo", "say"]

#: A token that is not good any more, for whatever reason.
_OLD_TOKEN: Final = frozenset((40001, 40014, 42001))
#: They do not follow the account, have blocked it, have not written for 48 hours, or such a person is not known.
_FOR_GOOD: Final = frozenset((40003, 43004, 43019, 45015, 45047, 50005))


def is_open(line: Line) -> bool:
    """Whether this installation has it."""
    return bool(settings.WECHAT_APPID if line == "account" else settings.WECOM_AES_KEY)


def photo(line: Line, media_id: str, *, at: datetime) -> BytesIO:
    """What somebody sent as a picture. Raises `Refused`, `Unreachable`."""
    return _platform(line).media(media_id, at=at)


def say(openid: str, text: str, *, at: datetime) -> None:
    """A message of the customer service: allowed for 48 hours after they wrote. Raises `Refused`, `Unreachable`."""
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    _official().send("message/custom/send", body, at=at)


def notify(openid: str, template: str, data: Mapping[str, str], link: str, *, at: datetime) -> None:
    """A template message. Raises `Refused`, `Unreachable`."""
    values = {key: {"value": value} for key, value in data.items()}
    body = {"touser": openid, "template_id": template, "url": link, "data": values}
    _official().send("message/template/send", body, at=at)


def card(member: str, title: str, text: str, link: str, button: str, *, at: datetime) -> None:
    """A card of the application. Who may not see it any more is named in an answer that sounds good. Raises
    `Refused`, `Unreachable`."""
    said = {"title": rules.cut(title, 128), "description": rules.cut(text, 512), "url": link, "btntxt": button[:4]}
    body = {"touser": member, "msgtype": "textcard", "agentid": int(settings.WECOM_AGENT), "textcard": said}
    if wecom().send("message/send", body, at=at).get("invaliduser"):
        raise Refused(81013, "invaliduser", for_good=True)


def check(line: Line, *, at: datetime) -> None:
    """For `yizhi doctor`. Raises `Refused`, `Unreachable`."""
    _platform(line).check(at=at)


def _platform(line: Line) -> Platform:
    return _official() if line == "account" else wecom()


def _official() -> Platform:
    """The stable token: asking for it again does not end the one that others hold."""
    asks = (
        ("grant_type", "client_credential"),
        ("appid", settings.WECHAT_APPID),
        ("secret", settings.WECHAT_SECRET),
        ("force_refresh", False),
    )
    inside = settings.WECHAT_API != settings.WECHAT_API_USUAL
    return Platform(settings.WECHAT_API, "stable_token", _OLD_TOKEN, _FOR_GOOD, asks, inside)
