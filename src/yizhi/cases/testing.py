"""A town in the database and a case on its way, for the tests of every folder above."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from yizhi.cases import actions, city, queries
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.testing import KINDS, PROFILE
from yizhi.people.testing import GRID, MONDAY, Cast, make_town

XINGHE = replace(PROFILE, root_area="999901", root_unit="desk-999901")


@dataclass
class Town:
    """The cast, the time, and the case last reported. Each call is a real action at the town's own time."""

    cast: Cast
    at: datetime = MONDAY
    receipt: actions.Receipt = field(init=False)

    def report(self, text: str = "楼下堆了垃圾", *, by: Actor | None = None, **more: Any) -> actions.Receipt:
        key, draw = more.pop("key", None), more.pop("draw", 1.0)
        what = actions.Report(text=text, **{"area": GRID, **more})
        self.receipt = actions.report(what, by=by or self.cast.lin, at=self.at, key=key, draw=draw)
        return self.receipt

    def move(self, by: Actor, move: str, **more: Any) -> actions.Done:
        control = {name: more.pop(name) for name in ("expected", "key", "after", "happened", "photos") if name in more}
        return actions.move(self.receipt.number, move, more, by=by, at=self.at, **control)

    def pass_(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at

    @property
    def lin(self) -> Actor:
        """Lin with her tracking code in hand."""
        return Actor(reporter_of=self.receipt.case_id, door="scan")

    def case(self) -> Case:
        return queries.state(self.receipt.case_id)


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """For a test that looks at the tables from outside."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
    return found


@pytest.fixture
def town(db: None) -> Town:
    city.install(XINGHE, KINDS.values())
    return Town(make_town())


@pytest.fixture
def visited(now: Town) -> Town:
    """In a city where somebody goes and looks, whatever was reported: its matters are about places."""
    categories = {code: replace(one, arrive_hours=1) for code, one in XINGHE.categories.items() if one.parent}
    city.install(replace(XINGHE, categories=dict(XINGHE.categories) | categories), KINDS.values())
    return now


@pytest.fixture
def now(town: Town) -> Town:
    """What a test of pages does happens at the time that they read."""
    town.at = timezone.now()  # own time: pages read the clock on the wall
    return town


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    """No test leaves photos behind."""
    settings.MEDIA_ROOT = tmp_path
