"""A building at a glance: its entrances and rooms, and who or what is recorded in each, masked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.places.addresses import queries as places
from yizhi.places.addresses.queries import Address
from yizhi.registry import rules
from yizhi.registry.queries.one import RECORDS, Record, made


@dataclass(frozen=True, slots=True)
class Room:
    """A room, or the building or an entrance itself for what is recorded there. `records` by register."""

    address: Address
    records: dict[str, list[Record]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class House:
    """`asked` is the address that was asked for: the building or something in it. `counts` by register."""

    building: Address
    asked: Address
    rooms: list[Room]
    counts: Mapping[str, int]


def house(who: Actor, number: int) -> House:
    """The building that an address lies in, or is. Raises `NotFound`."""
    asked = places.address(number)
    if asked is None or rules.post_for(who, asked.area) is None:
        raise NotFound
    building = asked if asked.level == "building" else places.address(asked.building)
    assert building is not None  # what lies in a building has one
    inside = [building, *places.inside(building.id)]
    rooms = {one.id: Room(one) for one in inside}
    counts: dict[str, int] = {}
    for row in sql.rows(f"{RECORDS} r.building = %(building)s ORDER BY r.register, r.id", building=building.id):
        found = made(row)
        if found is None or found.address not in rooms:
            continue
        rooms[found.address].records.setdefault(found.register.code, []).append(found)
        counts[found.register.code] = counts.get(found.register.code, 0) + 1
    shown = [one for one in rooms.values() if one.records or one.address.level == "room"]
    return House(building, asked, shown, counts)
