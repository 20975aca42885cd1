"""Messages of an application of WeCom (企业微信自建应用) to a department, as the vendor documents them: text of 2,048
bytes, the department by its number."""

from datetime import datetime
from typing import Final

from django.conf import settings

from yizhi.groups.rules import Outcome, shortened
from yizhi.notices.platforms import Refused, Unreachable, wecom

#: It was called too often.
_LATER: Final = frozenset((45009, 45033))


def say(department: str, text: str, *, at: datetime) -> Outcome:
    """To everybody of a department who may see the application."""
    body = {
        "toparty": department,
        "msgtype": "text",
        "agentid": int(settings.WECOM_AGENT),
        "text": {"content": shortened(text)},
    }
    try:
        told = wecom().send("message/send", body, at=at)
    except Refused as refused:
        return Outcome(False, str(refused), again=refused.code in _LATER)
    except Unreachable as error:
        return Outcome(False, str(error), again=True)
    if told.get("invalidparty"):
        return Outcome(False, f"department {department} is not known there, or may not see the application")
    return Outcome(True)
