"""One's notices by day, and the form of how one wants to be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.core.profile import Notices
from yizhi.doors.answers import Answer, answer_for
from yizhi.notices import queries
from yizhi.notices.queries import Notice, Way
from yizhi.notices.rules import URGENT
from yizhi.notices.senders import ways_out
from yizhi.notices.words import sentence
from yizhi.seats import rules, showing


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as it is read."""

    id: int
    number: str
    sentence: str
    at: datetime
    due: datetime | None
    urgent: bool


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Page:
    """`count` are the unread ones; "all read" speaks of those that are `shown`, as they stood when they were `seen`."""

    unread: Sequence[Day]
    read: Sequence[Day]
    count: int
    older: int | None
    shown: str
    seen: str


def notices(who: Actor, skip: str, at: datetime) -> Page:
    found = queries.notices(who, skip=int(skip) if skip.isdecimal() and len(skip) < 6 else 0)
    days = _days(found.unread, at), _days(found.read, at)
    shown = ",".join(str(one.id) for one in found.unread)
    return Page(*days, count=len(found.unread), older=found.older, shown=shown, seen=at.isoformat())


def _days(found: Iterable[Notice], at: datetime) -> list[Day]:
    by_day = groupby(found, key=lambda one: localdate(one.at))
    return [Day(_named(day, localdate(at)), [_line(one) for one in some]) for day, some in by_day]


def _named(day: date, today: date) -> str:
    ago = (today - day).days
    if ago <= 0:
        return _("Today")
    return _("Yesterday") if ago == 1 else day.isoformat()


def _line(one: Notice) -> Line:
    return Line(one.id, one.number, sentence(one.cause, one.clock), one.at, one.due, one.weight == URGENT)


def seat_of(request: HttpRequest, who: Actor) -> rules.Seat:
    """Where somebody opens what they were told of."""
    return rules.home(showing.kinds_of(who), phone="Mobi" in request.headers.get("User-Agent", ""))


def shown_of(request: HttpRequest) -> list[int]:
    """Which ones the list showed; no more than a list has room for."""
    typed = request.POST.get("shown", "").split(",")[: queries.MOST_UNREAD]
    return [int(one) for one in typed if one.isdecimal() and len(one) < 19]


def seen_of(request: HttpRequest, at: datetime) -> datetime:
    """Up to when the list was read; nothing that has come since."""
    try:
        seen = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return at
    return min(seen, at) if seen.tzinfo else at


class BadTime(BadFact):
    message = N_("“{value}” is no time of day: please write it like 21:00.")


@dataclass
class WishForm:
    """`values` as they were typed; `answer` is what was refused, `done` what was just kept."""

    way: Way
    plan: Notices
    values: dict[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    done: str = ""

    @classmethod
    def of(cls, who: Actor, plan: Notices, done: str = "") -> "WishForm":
        way = queries.way(who)
        wish = way.wish
        values = {"mail": wish.mail, "sms": way.sms, "days_off": wish.days_off, "email": way.asked or way.email}
        values |= {"begins": _clock(wish.quiet_from), "ends": _clock(wish.quiet_to), "daily": _clock(wish.daily)}
        return cls(way, plan, values, done=done)

    def typed(self, request: HttpRequest) -> dict[str, Any]:
        """What `notices.actions.wish` wants. Raises `BadTime`."""
        posted = request.POST
        self.values |= {key: key in posted for key in ("mail", "sms", "days_off")}
        self.values |= {key: posted.get(key, "").strip() for key in ("begins", "ends", "daily")}
        return {
            "mail": self.values["mail"],
            "sms": self.values["sms"],
            "days_off": self.values["days_off"],
            "begins": _time(self.values["begins"]),
            "ends": _time(self.values["ends"]),
            "daily": _time(self.values["daily"]),
        }

    @property
    def phone_asked(self) -> bool:
        return self.way.phone_asked is not None

    @property
    def has_sms(self) -> bool:
        """Whether this installation can send short messages at all."""
        return "sms" in ways_out()

    def refuse(self, refusal: Refusal) -> int:
        self.answer = answer_for(refusal)
        return self.answer.status


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _time(typed: str) -> time | None:
    if not typed:
        return None
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise BadTime(value=typed) from error


def city_quiet(plan: Notices) -> str:
    """The city's own quiet hours in words."""
    said = _("Nothing is sent from %(begins)s to %(ends)s") % {
        "begins": f"{plan.quiet_from:%H:%M}",
        "ends": f"{plan.quiet_to:%H:%M}",
    }
    return said + _(", nor on days off") if plan.days_off else said
