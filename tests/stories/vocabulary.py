"""The vocabulary of the stories: the real sample city, its seats, and time that passes when a story says so."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from yizhi.cases import actions, city, queries
from yizhi.cases.queries import Filter
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.profile import load, profiles_folder
from yizhi.people import queries as people
from yizhi.site import profiles
from yizhi.site.kinds import KINDS

#: A Tuesday morning at a quarter past eight.
MORNING = datetime(2026, 3, 3, 8, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
SAMPLE = profiles_folder() / "bagongshan"


@dataclass
class Story:
    """One matter on its way. Seats are logins of the sample city; "resident" holds the tracking code."""

    at: datetime = MORNING
    receipt: actions.Receipt = field(init=False)

    def seat(self, login: str) -> Actor:
        if login == "resident":
            return Actor(reporter_of=self.receipt.case_id, door="scan")
        account = people.account_id(login)
        assert account is not None, f"no account {login} in the sample city"
        actor = people.actor_of(account, self.at)
        assert actor is not None
        return actor

    def report(self, text: str, area: str, *, by: str = "", **more: Any) -> actions.Receipt:
        actor = self.seat(by) if by else Actor(door="scan")
        self.receipt = actions.report(actions.Report(text=text, area=area, **more), by=actor, at=self.at)
        return self.receipt

    def move(self, seat: str, move: str, **facts: Any) -> actions.Done:
        return actions.move(self.receipt.number, move, facts, by=self.seat(seat), at=self.at)

    def pass_(self, **span: float) -> None:
        """Time passes, and the clocks ring on the way, minute by minute where any is due."""
        until = self.at + timedelta(**span)
        while (fires := self.case.fires) and fires <= until:
            actions.fire_due(fires)
        self.at = until

    @property
    def case(self) -> Case:
        return queries.state(self.receipt.case_id)

    def seen_by(self, seat: str, **wanted: Any) -> list[str]:
        return [row.number for row in queries.inbox(self.seat(seat), Filter(**wanted), at=self.at).rows]

    def moves(self) -> list[str]:
        return [step.move for step in queries.tracked(self.receipt.code).steps]

    def open_to(self, seat: str) -> list[str]:
        return [move.name for move, _ in queries.case(self.seat(seat), self.receipt.number).moves]


@pytest.fixture
def story(db: None) -> Story:
    profile = load(SAMPLE)
    city.install(profile, KINDS)
    profiles.bring_in(SAMPLE, profile, at=MORNING)
    return Story()
