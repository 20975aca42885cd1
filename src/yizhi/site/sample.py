"""The sample city's seats: a few accounts to look around with, each by a link that signs in once.

A profile has them when its folder holds `sample_seats.csv`; a real city's has none, and nothing here happens.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from yizhi.core.actor import AdminRole
from yizhi.core.admin import MACHINE
from yizhi.people import actions, queries

#: Long enough to look around, short enough for a terminal that scrolls by on a shared screen.
LINK_MINUTES = 8 * 60


@dataclass(frozen=True, slots=True)
class Seat:
    login: str
    seat_zh: str
    seat_en: str
    admin: AdminRole


def seats(folder: Path) -> list[Seat]:
    """The seats that a sample profile offers; none for a real one."""
    path = folder / "sample_seats.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Seat(r["login"], r["seat_zh"], r["seat_en"], cast(AdminRole, r["admin"])) for r in rows]


def links(folder: Path, *, at: datetime) -> Iterator[tuple[Seat, str]]:
    """A fresh one-time link's secret for each seat; the administrators' accounts are made when they are missing."""
    for seat in seats(folder):
        account = queries.account_id(seat.login) or _make(seat, at)
        yield seat, actions.make_link(account, by=MACHINE, at=at, minutes=LINK_MINUTES)


def _make(seat: Seat, at: datetime) -> int:
    account = actions.make_account(seat.login, title=seat.seat_zh, by=MACHINE, at=at)
    if seat.admin:
        actions.set_admin_role(account, role=seat.admin, by=MACHINE, at=at)
    return account
