"""Partner bodies of the sample city, a few telephones that joined, and what these saw lately."""

import csv
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.timezone import localdate

from yizhi.cases.actions import Report
from yizhi.cases.city import current
from yizhi.couriers import actions, queries
from yizhi.people import queries as people


def fill(path: Path, *, at: datetime) -> None:
    """From `sample_reporters.csv`; a real city's profile has none, and nothing happens."""
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                _body(row, at)


def _body(row: Mapping[str, str], at: datetime) -> None:
    by = people.actor_of(people.account_id(row["login"]) or 0, at)
    if by is None:
        return
    body = actions.hand_out(
        row["name"],
        sort=row["sort"],
        area=queries.posts(by)[0].scope.include[0],
        until=localdate(at) + timedelta(days=int(row["days"])),
        most=int(row["most"]),
        by=by,
        at=at,
        key=f"sample {row['name']}",
    )
    code = queries.body(by, body, at).code
    tokens = [actions.join(code, at=at, key=f"sample {code} {one}") for one in range(int(row["joined"]))]
    sights = {sight.code: sight for sight in current().profile.reporters}
    for number, token in enumerate(tokens[: len(row["matters"].split())], start=1):
        sight = sights[row["matters"].split()[number - 1]]
        what = Report(sight.title["zh"], row["grid"], category=sight.category)
        actions.report(what, token=token, at=at - timedelta(minutes=20 * number), key=f"sample {code} {number}")
