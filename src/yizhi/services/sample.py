"""A sample city's services, visits and an errand: invented, so that whoever looks around sees the pages alive."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.timezone import localdate

from yizhi.cases.actions import Contact, Report
from yizhi.core.actor import Actor
from yizhi.people import queries as people
from yizhi.services import actions
from yizhi.services.actions import Offer
from yizhi.services.queries import Person
from yizhi.services.rules import Wished, sort_of


def fill(folder: Path, *, at: datetime) -> None:
    """By the accounts that the files name. A real city has no such files, and nothing happens."""
    for row in _rows(folder / "sample_services.csv"):
        if by := _actor(row, at):
            _offer(row, by, at)
    for number, row in enumerate(_rows(folder / "sample_visits.csv")):
        if by := _actor(row, at):
            _agree(row, number, by, at)
    for number, row in enumerate(_rows(folder / "sample_errands.csv")):
        if by := _actor(row, at):
            _take_on(row, number, by, at)


def _offer(row: dict[str, str], by: Actor, at: datetime) -> None:
    said = {name: row[name] for name in ("kind", "area", "name", "what", "who", "hours", "address", "bring", "phone")}
    lon, lat = (float(row[name]) if row[name] else None for name in ("lon", "lat"))
    actions.offer(Offer(**said, lon=lon, lat=lat), by=by, at=at)


def _agree(row: dict[str, str], number: int, by: Actor, at: datetime) -> None:
    today = localdate(at)
    days = {name: today + timedelta(days=int(row[name])) for name in ("day", "until") if row[name]}
    wished = Wished(row["agreed"], tuple(row["topics"].split()), days.get("day"), days.get("until"), row["every"])
    person = Person(row["name"], row["phone"], row["door"], row["wish"], row["body"])
    key = f"sample {number}"
    actions.agree_here(sort_of(row["sort"]), row["area"], row["place"], wished, person, by=by, at=at, key=key)


def _take_on(row: dict[str, str], number: int, by: Actor, at: datetime) -> None:
    wanted = (localdate(at) + timedelta(days=int(row["wanted"]))).isoformat()
    report = Report(
        text=row["text"],
        area=row["area"],
        source="field",
        contact=Contact(row["name"], row["phone"]),
        place=row["place"],
        facts={"agreed": row["agreed"], "wanted": wanted},
    )
    actions.take_on(report, row["papers"].split(), by=by, at=at, key=f"sample errand {number}")


def _actor(row: dict[str, str], at: datetime) -> Actor | None:
    return people.actor_of(people.account_id(row["login"]) or 0, at)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
