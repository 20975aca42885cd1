"""A sample city's points of care, so that whoever looks around finds rounds to make."""

import csv
from datetime import datetime
from pathlib import Path

from yizhi.core.actor import Actor
from yizhi.patrols import actions
from yizhi.places.points.actions import PointRow, take_in


def fill(path: Path, *, by: Actor, at: datetime) -> None:
    """The register from a file, and the rounds of the day. A real city has no such file, and nothing happens."""
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            found = [PointRow(r["kind"], r["area"], r["name"], r["label"]) for r in csv.DictReader(file)]
        take_in(found, by=by, at=at)
        actions.make(at)
