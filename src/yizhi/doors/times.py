"""Times as people say them: 今天 14:30, 剩 3 小时. The full date stands behind, for hover and print."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_noop as N_

from yizhi.doors.said import gettext as _
from yizhi.doors.said import ngettext, pgettext

Level = Literal["ok", "near", "late"]

#: From here on a clock is shown as falling.
NEAR = timedelta(hours=4)
#: From here on people count days.
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a promise, in words; `level` chooses shape and colour."""

    text: str
    level: Level


def when(moment: datetime, at: datetime) -> str:
    """The nearer the day, the shorter."""
    return short_and_full(moment, at)[0]


def short_and_full(moment: datetime, at: datetime) -> tuple[str, str]:
    """As `when` and as `full`."""
    local, now = _local(moment), _local(at)
    whole, days = _said(_whole(), local), local.toordinal() - now.toordinal()
    if -1 <= days <= 1:
        return _(_NAMED[days]).format(time=_clock(local)), whole
    return (_said(pgettext("date", "{month:02}-{day:02} {time}"), local) if local.year == now.year else whole), whole


_NAMED = {-1: N_("yesterday {time}"), 0: N_("today {time}"), 1: N_("tomorrow {time}")}


def full(moment: datetime) -> str:
    """Day and minute with the year."""
    return _said(_whole(), _local(moment))


def day(one: date) -> str:
    """A day with its year, without a time."""
    return pgettext("date", "{year}-{month:02}-{day:02}").format(year=one.year, month=one.month, day=one.day)


def _whole() -> str:
    return pgettext("date", "{year}-{month:02}-{day:02} {time}")


def _said(pattern: str, local: datetime) -> str:
    """Not by Django's `date_format`: a list says a hundred times."""
    return pattern.format(year=local.year, month=local.month, day=local.day, time=_clock(local))


def _local(moment: datetime) -> datetime:
    """A city has one time; Django's `localtime` asks first whether somebody chose another."""
    return moment.astimezone(get_default_timezone())


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def clock_time(moment: datetime) -> str:
    """14:30, for what is of today anyway."""
    return _clock(_local(moment))


def left(due: datetime, at: datetime) -> Left:
    """How long a promise still has, or by how much it is late."""
    if due < at:
        return Left(_("{span} late").format(span=span(at - due)), "late")
    return Left(_("{span} left").format(span=span(due - at)), "near" if due - at <= NEAR else "ok")


def span(length: timedelta) -> str:
    """A length in its largest fitting unit, rounded down; less than a minute is one minute."""
    if length >= _DAY:
        days = length.days
        return ngettext("{n} day", "{n} days", days).format(n=days)
    minutes = max(int(length.total_seconds()) // 60, 1)
    if minutes >= 60:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
