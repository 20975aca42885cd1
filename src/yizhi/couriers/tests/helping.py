"""A courier station of the small town with its code, and phones that join by it."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from yizhi.cases import city
from yizhi.cases.actions import Receipt, Report
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.profile.reporters import Sight
from yizhi.core.testing import KINDS
from yizhi.couriers import actions, queries
from yizhi.people.testing import COMMUNITY, GRID, make_town

SIGHTS = (
    Sight("waste", "0401", {"zh": "垃圾成堆", "en": "Waste"}),
    Sight("lamp", "0502", {"zh": "路灯不亮", "en": "Street light"}),
)


@dataclass
class Station:
    """The body that Chen's desk gave a code; each call is a real action at the town's own time."""

    town: Town
    body: int

    @property
    def code(self) -> str:
        return queries.body(self.town.cast.chen, self.body, self.town.at).code

    def join(self, key: str = "one", token: str = "") -> str:
        return actions.join(self.code, at=self.town.at, key=key, token=token)

    def see(self, token: str, key: str = "k1", text: str = "垃圾成堆") -> Receipt:
        what = Report(text, GRID, category="0401")
        return actions.report(what, token=token, at=self.town.at, key=key)

    def shown(self) -> queries.Body:
        return queries.body(self.town.cast.chen, self.body, self.town.at)

    def close(self) -> None:
        actions.close(self.body, by=self.town.cast.chen, at=self.town.at)


def hand_out(town: Town, name: str = "柳荫快递驿站", *, most: int = 3, days: int = 30, key: str = "k") -> int:
    until = localdate(town.at) + timedelta(days=days)
    return actions.hand_out(
        name, sort="courier", area=COMMUNITY, until=until, most=most, by=town.cast.chen, at=town.at, key=key
    )


@pytest.fixture
def station(now: Town) -> Station:
    """Somebody goes and looks at what is reported: its matters are about places. The desks hand out codes."""
    categories = {code: replace(one, arrive_hours=1) for code, one in XINGHE.categories.items() if one.parent}
    city.install(replace(XINGHE, categories=dict(XINGHE.categories) | categories, reporters=SIGHTS), KINDS.values())
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id LIKE 'desk-99990100%%'", ["reporters"])
    now.cast = make_town()
    return Station(now, hand_out(now))


def phone(station: Station, code: str = "") -> Client:
    """A phone that joined, without asking for tokens of forms."""
    client = Client()
    assert client.post(f"/s/{code or station.code}").status_code == 302
    return client
