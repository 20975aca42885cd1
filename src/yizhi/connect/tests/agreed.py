"""A connection that is on, for the tests."""

from datetime import date
from typing import Any

from yizhi.cases.testing import Town, rows
from yizhi.connect import actions, rules, tasks
from yizhi.connect.tests.receiver import Receiver
from yizhi.core.actor import Actor, AdminRole
from yizhi.people.testing import URBAN, make_admins

ALL = tuple(rules.FIELDS)


class Agreed:
    """The urban department's system, told everything that can be agreed; `settle` lets the worker run."""

    def __init__(self, town: Town, receiver: Receiver | None = None, unit: str = URBAN, **agreed: Any) -> None:
        self.town, self.receiver = town, receiver
        self.admins: dict[AdminRole, Actor] = make_admins()
        url = receiver.url if receiver else agreed.pop("url", "")
        told: dict[str, Any] = {"purpose": "派单同步", "contract": "数据共享协议 2026-03", "fields": ALL, "url": url}
        told |= {"expires": date(2100, 1, 1)}
        self.draft = actions.Draft(name="城管案件系统", **(told | agreed))
        self.settle()  # as a worker that has been running: a follower begins at the present
        self.number, self.secret = actions.make(unit, self.draft, by=self.admins["system"], at=town.at)
        if receiver:
            receiver.secret = self.secret
        actions.switch_on(self.number, by=self.admins["security"], at=town.at)

    def settle(self) -> int:
        """What the worker does until there is nothing to do now."""
        tasks.take(self.town.at)
        tasks.take(self.town.at)
        sent = 0
        while now := tasks.deliver(self.town.at):
            sent += now
        return sent

    def waiting(self) -> int:
        return int(rows("SELECT count(*) FROM connect_delivery WHERE sent IS NULL AND dropped IS NULL")[0][0])


def assigned(town: Town, unit: str = URBAN) -> str:
    """A matter that the street has assigned to a unit; its number."""
    number = town.report().number
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=unit, note="请今天处理")
    return number
