"""A town with places and rounds, for the tests of this folder."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from yizhi.cases import city
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.profile.patrols import Patrols, PointKind, RoundPlan
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.patrols import actions, queries
from yizhi.patrols.queries import Walk
from yizhi.people.testing import GRID, make_town
from yizhi.places.points.actions import PointRow

PLAN = Patrols(
    kinds={
        "fire_lane": PointKind("fire_lane", {"zh": "消防通道", "en": "Fire lane"}, "0401", {"zh": "没有停车堆物"}),
        "lift": PointKind("lift", {"zh": "电梯", "en": "Lift"}),
    },
    rounds={
        "daily": RoundPlan("daily", {"zh": "日常巡查", "en": "Daily round"}, ("fire_lane",), "", times=2),
        "weekly": RoundPlan("weekly", {"zh": "每周看一遍", "en": "Weekly round"}, ("lift",), "", every="week"),
    },
    out_of_reach={"locked": {"zh": "门锁着", "en": "Locked"}},
    unmade={"weather": {"zh": "天气恶劣", "en": "Bad weather"}},
)


@dataclass
class Rounds:
    """The town, with two fire lanes in grid 1. Wei makes rounds there, Chen keeps the community's register."""

    town: Town
    lanes: list[int]

    @property
    def at(self) -> datetime:
        return self.town.at

    def first(self) -> int:
        """The number of today's first round."""
        return int(rows("SELECT min(id) FROM patrols_round WHERE state = 'open' AND plan = 'daily'")[0][0])

    def walk(self, number: int) -> Walk:
        return queries.walk(self.town.cast.wei, number)

    def browser(self, login: str) -> Client:
        return signed_in(self.town.cast.ids[login], timezone.now())


@pytest.fixture
def rounds(town: Town) -> Rounds:
    return _rounds(town)


@pytest.fixture
def today(now: Town) -> Rounds:
    """For tests of pages: the day that they read."""
    return _rounds(now)


def _rounds(town: Town) -> Rounds:
    city.install(replace(XINGHE, patrols=PLAN), KINDS.values())
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id LIKE 'grid%%'", ["patrol"])
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id LIKE 'desk-%%'", ["patrol", "points"])
    town.cast = make_town()
    lanes = [
        actions.keep(None, PointRow("fire_lane", GRID, name), by=town.cast.chen, at=town.at)
        for name in ("三号楼消防通道", "市场东口消防通道")
    ]
    actions.make(town.at)
    return Rounds(town, lanes)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def hidden(page: str, name: str = "key") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]
