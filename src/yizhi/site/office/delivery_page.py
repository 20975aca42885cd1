"""What became of messages: how each sender does, what waits, and each day's share that went out within ten seconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from yizhi.notices import queries
from yizhi.notices.providers import Spec
from yizhi.notices.queries import Delivered, Sender
from yizhi.notices.senders import specs
from yizhi.office import now
from yizhi.site.office.frame import office, show

_DAYS: Final = 14
_CHANNELS = {"mail": pgettext_lazy("channel", "E-mail"), "sms": gettext_lazy("Short message")}
_KINDS = {
    "smtp": gettext_lazy("mail server"),
    "aliyun": gettext_lazy("Aliyun short messages"),
    "tencent": gettext_lazy("Tencent Cloud short messages"),
    "dry-run": gettext_lazy("practice: nothing goes out"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sender as it is set up, and as it does; `state` is None before its first message."""

    channel: str
    spec: Spec
    kind: str
    state: Sender | None


@dataclass(frozen=True, slots=True)
class Sum:
    """A channel over all days shown. `reached` is the share of what senders that report took; None without any."""

    channel: str
    sent: int
    share: float | None
    given_up: int
    reached: float | None


@office("office_delivery")
@require_safe
def delivery(request: HttpRequest) -> HttpResponse:
    """Counts alone: to whom a message went, and what of, is not kept."""
    at, present = now(), [channel for channel in _CHANNELS if specs(channel)]
    found = queries.delivered(_DAYS, at)
    context = {
        "senders": list(_senders(present)),
        "missing": [str(_CHANNELS[channel]) for channel in _CHANNELS if channel not in present],
        "waiting": [(str(_CHANNELS[one.channel]), one) for one in queries.waiting(list(_CHANNELS), at)],
        "days": [(one, str(_CHANNELS.get(one.channel, one.channel))) for one in found],
        "sums": list(_sums(found)),
        "count": _DAYS,
    }
    return show(request, "office/delivery.html", _("Messages sent"), context)


def _senders(present: Sequence[str]) -> Iterator[Line]:
    for channel in present:
        known = queries.senders(channel)
        for spec in specs(channel):
            yield Line(str(_CHANNELS[channel]), spec, str(_KINDS[spec.kind]), known.get(spec.name))


def _sums(found: Sequence[Delivered]) -> Iterator[Sum]:
    for channel, name in _CHANNELS.items():
        of = [one for one in found if one.channel == channel]
        sent = sum(one.sent for one in of)
        if of:
            share = sum(one.prompt for one in of) / sent if sent else None
            told = [one for one in of if one.reached is not None]
            reached = sum(one.delivered for one in told) / sum(one.sent for one in told) if told else None
            yield Sum(str(name), sent, share, sum(one.given_up for one in of), reached)
