"""Whether the work goes on: what waits to be sent, time limits, the calendar, the city's rules."""

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases import city as cities
from yizhi.connect import queries as connect
from yizhi.core.faults import city_faults
from yizhi.insight import queries as insight
from yizhi.notices import queries as notices
from yizhi.notices.senders import specs
from yizhi.site.doctor.said import Said, Visit, bad, good, warn

_WAITS = """
SELECT subscriber, count(*), min(since), max(tries), (array_agg(trouble ORDER BY tries DESC))[1]
FROM notices_outbox GROUP BY subscriber ORDER BY subscriber
"""
_LONG = timedelta(minutes=10)


def outbox(visit: Visit) -> Iterator[Said]:
    found = sql.rows(_WAITS)
    for subscriber, waiting, since, tries, trouble in found:
        said = f"{waiting} wait for “{subscriber}”, the oldest for {_minutes(visit.at - since)} minutes"
        said += f"; tried {tries} times: {trouble}" if trouble else ""
        yield _late(visit, said) if visit.at - since > _LONG else good(said)
    if not found:
        yield good("nothing waits")


def mail(visit: Visit) -> Iterator[Said]:
    """Whether mail can go out at all, and whose could not be delivered."""
    if not settings.EMAIL_HOST:
        yield good("no mail is sent; to have it, set YIZHI_SMTP_URL and YIZHI_MAIL_FROM (docs/operations.md)")
        return
    found = notices.state()
    if not visit.fast and (trouble := _server_trouble()):
        yield bad(f"the mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not take mail: {trouble}")
    else:
        yield good(f"{settings.EMAIL_HOST} takes mail; {found.addresses} people have an address")
    if found.given_up:
        yield warn(f"mail to {found.given_up} people was given up: the reason stands on their page of notices")


def senders(visit: Visit) -> Iterator[Said]:
    """Who carries messages beside the mail server, and who of them is set aside."""
    named = {channel: [spec.name for spec in specs(channel)] for channel in ("mail", "sms")}
    if not named["sms"]:
        yield good("no short messages are sent; to have them, write senders.toml (docs/operations.md)")
    for channel, names in named.items():
        known = notices.senders(channel)
        for name in names:
            if name in known and known[name].out:
                yield warn(f"{channel}: “{name}” is set aside, others carry its messages: {known[name].trouble}")
    if named["sms"]:
        yield good(f"short messages go by {', '.join(named['sms'])}")


def departments(visit: Visit) -> Iterator[Said]:
    """Whether departments' systems take what they are told."""
    day, found = localdate(visit.at), connect.connections()
    for one in found:
        if one.since and not one.is_on(day):
            yield warn(f"the agreement with “{one.name}” of {one.unit} has run out: nothing is told any more")
        elif one.since and one.oldest and visit.at - one.oldest > _LONG:
            said = f"{one.waiting} events wait for “{one.name}” of {one.unit}, the oldest for "
            yield warn(f"{said}{_minutes(visit.at - one.oldest)} minutes: {one.trouble or 'refused'}")
    if not any(one.waiting for one in found if one.since):
        yield good(f"{sum(one.is_on(day) for one in found)} systems are told; nothing waits")


def _server_trouble() -> str:
    try:
        with get_connection():
            return ""
    except (OSError, SMTPException) as error:
        return f"{type(error).__name__}: {error}"[:200]


_OVERDUE = "SELECT count(*), min(fires) FROM cases_case WHERE fires < %(long_ago)s"


def overdue(visit: Visit) -> Iterator[Said]:
    ((late, since),) = sql.rows(_OVERDUE, long_ago=visit.at - timedelta(minutes=5))
    if late:
        minutes = _minutes(visit.at - since)
        yield _late(visit, f"{late} have passed and nothing happened, since {minutes} minutes: does the worker run?")
    else:
        yield good("none has passed unheard")


def calendar(visit: Visit) -> Iterator[Said]:
    known = cities.current().profile.calendar.known_until
    if known < (visit.at + timedelta(days=60)).date():
        yield warn(f"official holidays are known until {known}: later time limits in working days are provisional")
    else:
        yield good(f"official holidays are known until {known}")


def figures(visit: Visit) -> Iterator[Said]:
    """A sample of what the supervisor's pages count, counted once more."""
    told = insight.reading(visit.at)
    if told is None:
        yield warn("nothing is counted yet; the worker does it")
        return
    marks, counts = insight.differences()
    if marks or counts:
        yield bad(f"of a sample {marks} marks and {counts} counts are wrong: `yizhi figures rebuild`")
    if visit.at - told.upto > _LONG:
        yield _late(visit, f"{_minutes(visit.at - told.upto)} minutes behind the log: does the worker run?")
    if not told.whole:
        yield warn(f"the past is being counted: {told.share:.0%}")
    if not marks and not counts:
        yield good("a sample equals the full count")


def city(visit: Visit) -> Iterator[Said]:
    found = city_faults(cities.current())
    yield from (bad(said) for said in found.refusals)
    yield from (warn(said) for said in found.warnings)
    if not found.refusals:
        yield good("every case can be brought to its end")


def _late(visit: Visit, what: str) -> Said:
    return warn(what) if visit.stopped else bad(what)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
