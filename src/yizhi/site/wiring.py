"""The one place that knows all folders: kinds, commands, recurring tasks. Nothing is found by scanning."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from yizhi.cases import actions as cases
from yizhi.cases import cli as case_commands
from yizhi.cases import guards, tasks, telling
from yizhi.connect import tasks as connect
from yizhi.couriers import actions as couriers
from yizhi.doors import effort, throttle
from yizhi.enterprise import tasks as enterprise
from yizhi.groups import tasks as groups
from yizhi.imports import tasks as imports
from yizhi.insight import actions as insight
from yizhi.insight import cli as insight_commands
from yizhi.matters import cli as matter_commands
from yizhi.matters import tasks as matters
from yizhi.notices.actions import Subscriber, drain
from yizhi.oidc import cli as oidc_commands
from yizhi.opendata import actions as opendata
from yizhi.patrols import actions as patrols
from yizhi.people import cli as people_commands
from yizhi.places import cli as place_commands
from yizhi.registry import tasks as records
from yizhi.services import actions as services
from yizhi.services import queries as service_queries
from yizhi.services import rules as service_rules
from yizhi.services.kinds import ERRAND
from yizhi.site import profiles, simulate
from yizhi.wechat import tasks as wechat
from yizhi.wishes import actions as wishes


@dataclass(frozen=True)
class Task:
    """Work that the worker repeats.

    `run` gets the time and returns how many things it did; when that is not 0 it is called again at once, otherwise
    after `every_seconds`. It may be called again after a crash in the middle: it must stand that.
    """

    name: str
    every_seconds: float
    run: Callable[[datetime], int]


AddCommands = Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]

# `add_commands` of each folder's cli.py; a command sets `func`, called with the parsed arguments, returning exit code.
COMMANDS: tuple[AddCommands, ...] = (
    profiles.add_commands,
    place_commands.add_commands,
    people_commands.add_commands,
    case_commands.add_commands,
    matter_commands.add_commands,
    insight_commands.add_commands,
    oidc_commands.add_commands,
    simulate.add_commands,
)

#: What happened, and who acts on it: names as in the outbox.
SUBSCRIBERS = (
    Subscriber("thumbnails", tasks.thumbnails),
    Subscriber("calendar", cases.recalendar),
    Subscriber("wechat_photo", wechat.fetch_photo, at_once=1),  # a slow platform must not outlast the lease
    Subscriber("wechat", wechat.send, at_once=1),
    Subscriber("groups", groups.send, at_once=1),
    *tasks.CHANNELS,
)

TASKS: tuple[Task, ...] = (
    Task("clocks", 0.5, cases.fire_due),
    Task("dissolved", 60, cases.hand_over),
    *(Task(one.name, 0.5, partial(drain, one)) for one in SUBSCRIBERS),
    Task("figures", 0.2, insight.follow),  # two readings when somebody writes just then; a second at most
    Task("notices", 0.5, tasks.tell),
    Task("alarms", 10, telling.ring),
    Task("mails", 20, tasks.compose),
    Task("forget_notices", 3600, tasks.forget_notices),
    Task("connect", 0.5, connect.take),
    Task("connect_send", 0.5, connect.deliver),
    Task("connect_forget", 3600, connect.forget),
    Task("wechat_follow", 0.5, wechat.follow),
    Task("wechat_forget", 600, wechat.sweep),
    Task("groups_follow", 0.5, groups.follow),
    Task("groups_compose", 10, groups.compose),
    Task("promises", 1, enterprise.promises),
    Task("remind", 600, enterprise.remind),
    Task("open_data", 600, opendata.count),
    Task("talks_turn", 30, wishes.turn),
    Task("talks_quiet", 60, wishes.end_quiet),
    Task("talks_forget", 3600, wishes.forget),
    Task("learn", 3600, matters.learn),
    Task("forget_followers", 3600, matters.forget_followers),
    Task("forget_sent", 3600, couriers.forget),
    Task("imports", 1, imports.work),
    Task("records", 1, records.work),
    Task("records_expire", 3600, records.expire),
    Task("visits_forget", 3600, services.forget),
    Task("rounds", 300, patrols.make),
    Task("rounds_end", 600, patrols.end),
    Task("rounds_forget", 3600, patrols.forget),
    Task("sign", 600, tasks.sign_daily),
    Task("forget_tries", 3600, throttle.sweep),
    Task("forget_effort", 3600, effort.sweep),
)


def install_city() -> None:
    """The city that the settings name, with the kinds offered. Raises `BadProfile` with every fault."""
    guards.install(guards.Guard(ERRAND.code, service_rules.ENDS, service_queries.still_out))
    profiles.install()
