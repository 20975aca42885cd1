"""A house with two households in the fictional town, for the tests of every folder."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yizhi.cases import city
from yizhi.cases.testing import XINGHE, Town
from yizhi.core.actor import Actor
from yizhi.core.profile import load, profiles_folder
from yizhi.core.testing import KINDS
from yizhi.people import queries as people
from yizhi.people.testing import GRID
from yizhi.places.addresses import actions as places
from yizhi.places.addresses import rules as addresses
from yizhi.registry import actions
from yizhi.sql import run

#: Nobody's: the serial number 000 is not given out.
ID_CARD, PHONE, NAME = "340405195203180000", "13800001001", "陈国梁"


@dataclass
class House:
    """`rooms` are addresses by room; `chen`, `wei` and `qiu` use records, each in the areas of their posts."""

    town: Town
    building: int
    rooms: dict[str, int]
    chen: Actor
    wei: Actor
    qiu: Actor
    person: int = 0
    household: int = 0

    @property
    def at(self) -> datetime:
        return self.town.at


def make_house(town: Town) -> House:
    records = load(profiles_folder() / "bagongshan").records
    city.install(replace(XINGHE, records=records), KINDS.values())
    run("UPDATE people_post SET acts = acts || '{records}'::text[]")
    wanted = [
        places.Wanted(addresses.place("柳荫路12号3栋", "1", room), GRID, 116.805, 32.605) for room in ("101", "102")
    ]
    put = places.put(wanted)
    chen, wei, qiu = (_actor(town, login) for login in ("chen", "wei", "qiu"))
    rooms = dict(zip(("101", "102"), (one.id for one in put), strict=True))
    house = House(town, put[0].building, rooms, chen, wei, qiu)
    more: dict[str, Any] = {"lang": "zh", "by": house.wei, "at": town.at}
    house.household = actions.add(
        "household", {"number": "340405000001", "tenure": "own"}, rooms["101"], key="h", **more
    )
    typed = {"name": NAME, "id_card": ID_CARD, "phone": PHONE}
    house.person = actions.add("person", typed, rooms["101"], key="p", **more)
    return house


def _actor(town: Town, login: str) -> Actor:
    found = people.actor_of(town.cast.ids[login], town.at)
    assert found is not None
    return found
