"""What the worker repeats for groups: reads the log, says so often and in such hours as people may be disturbed."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from prometheus_client import Counter

from yizhi.cases import city
from yizhi.cases.actions import following
from yizhi.cases.actions.following import Change
from yizhi.core.errors import Refusal
from yizhi.groups import actions, app, queries, rules
from yizhi.groups.actions import Said
from yizhi.groups.rules import Outcome, Robot
from yizhi.notices import outgoing
from yizhi.notices import rules as notices
from yizhi.notices.outgoing import NoAnswer

log = logging.getLogger(__name__)
MESSAGES: Final = Counter("yizhi_groups", "Messages in groups, by what became of them", ["outcome"])
_NEWS: Final = timedelta(days=1)
#: After this long it is no news; what is new since then is said with the next one.
_GIVE_UP: Final = timedelta(hours=12)
_SECONDS: Final = 8.0


class NotTaken(Exception):
    """To be tried again."""


def follow(at: datetime) -> int:
    """What is new in the log, for units with a group; the number of events read."""
    return following.follow("groups", partial(_read, at=at), since=at - _NEWS)


def _read(changes: Sequence[Change], at: datetime) -> None:
    groups, present = queries.by_unit(), city.current()
    if not groups:
        return
    said = []
    for one in changes:
        if one.case.secret:
            continue
        kept_out = present.off_limits(one.case)
        for telling in notices.tellings(one.event, one.case, present):
            weight = notices.weight(telling, one.case, present.profile.notices)
            late = telling.cause == "fell"
            for unit in telling.units - kept_out:
                said += [Said(group, one.number, telling.cause, weight, late) for group in groups.get(unit, ())]
    done = {(one.number, one.event.unit) for one in changes if one.event.unit in groups}
    actions.say(said, done, at)


def compose(at: datetime) -> int:
    return actions.compose(city.profile(), at)


def send(payload: dict[str, Any], at: datetime) -> None:
    """A message from the outbox. Returns when nothing is left to try; raises to be asked again later."""
    group = payload["group"]
    robot = queries.robot(group)
    if robot is None:
        return
    found = _told(robot, payload, at)
    actions.note(group, found.why)
    if found.sent:
        MESSAGES.labels("sent").inc()
    elif found.again and at - datetime.fromisoformat(payload["since"]) < _GIVE_UP:
        MESSAGES.labels("failed").inc()
        raise NotTaken(found.why)
    else:
        MESSAGES.labels("given_up").inc()
        log.error("group_given_up", extra={"group": group, "reason": found.why.partition(" ")[0]})


def _told(robot: Robot, payload: dict[str, Any], at: datetime) -> Outcome:
    link = str(settings.YIZHI_PUBLIC_URL).rstrip("/") + reverse("desk")
    event = "digest" if payload["count"] else "trial"
    wording = city.profile().messages.find(event, "group", settings.LANGUAGE_CODE)
    if wording is None:
        return Outcome(True)
    text = wording.filled({"count": payload["count"], "late": payload["late"], "link": link}).text
    if robot.vendor == "app":
        return app.say(robot.key, text, at=at) if settings.WECOM_CORP else Outcome(False, "no application is set up")
    call = rules.call(robot, text, settings.ROBOTS, at.timestamp())
    inside = settings.ROBOTS[robot.vendor] != rules.USUAL[robot.vendor]
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        answer = outgoing.post(call.url, call.body, headers, timeout=_SECONDS, allow_private=inside)
    except (NoAnswer, Refusal) as error:
        return Outcome(False, str(error), again=True)
    return rules.outcome(robot.vendor, answer.status, answer.body)
