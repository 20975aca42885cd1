"""A form that was filled in without a line and sent later. The page that takes it is the same: it asks here when it was
filled in, and after which form."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Sent:
    """`later`: the telephone kept it first. `happened` is when it was filled in, None for just now; `after` is the key
    of the form before it in the same matter, "" for none."""

    later: bool = False
    happened: datetime | None = None
    after: str = ""


_AT_ONCE = Sent()
_SENT = "yizhi_sent"


def sent(request: HttpRequest) -> Sent:
    found: Sent = getattr(request, _SENT, _AT_ONCE)
    return found


def mark(request: HttpRequest, how: Sent) -> None:
    setattr(request, _SENT, how)
