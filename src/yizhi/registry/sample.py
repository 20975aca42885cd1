"""A sample city's records: invented people in one building, so that whoever looks around sees the pages alive.

A profile has them when its folder holds `sample_records.csv`: register, grid, building, entrance, room, then the codes
of fields.
"""

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.places.addresses import actions as places
from yizhi.places.addresses import rules as addresses
from yizhi.registry import rules
from yizhi.registry.actions import New, write
from yizhi.registry.actions.recording import household

_PLACE = ("building", "entrance", "room")


@transaction.atomic
def fill(path: Path, *, by: Actor, at: datetime) -> int:
    """How many records it has; 0 for a profile without any."""
    if not path.is_file():
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = [places.Wanted(addresses.place(*(row[part] for part in _PLACE)), row["grid"]) for row in rows]
    for row, place in zip(rows, places.put(wanted), strict=True):
        if row["register"] in profile().records.registers:
            write([_new(row, place, at)], unit="", source="sample", by=by, at=at, today=localdate(at))
    return len(rows)


def _new(row: Mapping[str, str], place: places.Put, at: datetime) -> New:
    register = profile().records.registers[row["register"]]
    values = rules.read_all(register, {name: value or "" for name, value in row.items()}, today=localdate(at))
    return New(register, values, place.area, place.id, place.building, household(register, place.id, place.building))
