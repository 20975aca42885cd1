"""What the sample cases are about: ordinary sentences by category, from the profile's `stories.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Story:
    """What is reported, where, what its handler says on the way, and what was done."""

    category: str
    text: str
    place: str
    progress: str
    result: str


def stories(folder: Path) -> Mapping[str, list[Story]]:
    """By category; `FileNotFoundError` when the profile has none: only a sample city can be simulated."""
    found: dict[str, list[Story]] = {}
    with (folder / "stories.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["category"], []).append(Story(**row))
    return found
