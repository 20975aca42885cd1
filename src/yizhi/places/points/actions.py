"""Every write to the register of points of care. Who may keep it for an area is asked by the folder above, first."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from psycopg.types.json import Jsonb

from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, MissingFact, NotFound
from yizhi.places.models import Area, Point
from yizhi.sql import rows, run

LONGEST = 100
_NAME, _LABEL, _GRID = N_("Name of the place"), N_("Where exactly"), N_("Grid")


@dataclass(frozen=True, slots=True)
class PointRow:
    """What is said of a place. `label`: where exactly, in words."""

    kind: str
    area: str
    name: str
    label: str = ""
    lon: float | None = None
    lat: float | None = None


class KnownAlready(BadFact):
    """Facts: fact, label, name."""

    message = N_("“{name}” stands in the register of this grid already.")


def add(row: PointRow, *, by: Actor, at: datetime) -> int:
    """A new place; its number. Raises `MissingFact`, `BadFact`, `KnownAlready`."""
    check(row)
    with _once(row):
        return Point.objects.create(**asdict(row), since=localdate(at)).id


def change(point: int, row: PointRow, *, by: Actor, at: datetime) -> None:
    """What is said of a place is put right. Raises what `add` raises, and `NotFound` for one that is withdrawn."""
    check(row)
    with _once(row):
        if not Point.objects.filter(id=point, until__isnull=True).update(**asdict(row)):
            raise NotFound


def withdraw(point: int, *, by: Actor, at: datetime) -> None:
    """It is looked after no more; what was seen there stays. Twice is once."""
    Point.objects.filter(id=point, until__isnull=True).update(until=localdate(at))


_TAKE_IN = """
INSERT INTO places_point (kind, area, name, label, lon, lat, since)
SELECT kind, area, name, label, lon, lat, %(day)s
FROM jsonb_to_recordset(%(rows)s) AS new(kind text, area text, name text, label text, lon float8, lat float8)
ON CONFLICT (area, kind, name) WHERE until IS NULL DO UPDATE
SET label = excluded.label, lon = excluded.lon, lat = excluded.lat
WHERE (places_point.label, places_point.lon, places_point.lat)
    IS DISTINCT FROM (excluded.label, excluded.lon, excluded.lat)
RETURNING (xmax = 0)
"""


@transaction.atomic
def take_in(found: Iterable[PointRow], *, by: Actor, at: datetime) -> tuple[int, int]:
    """Many at once, each checked before by `check`: how many are new, and of how many something was put right."""
    new = [is_new for (is_new,) in rows(_TAKE_IN, rows=Jsonb([asdict(row) for row in found]), day=localdate(at))]
    return sum(new), len(new) - sum(new)


def seen(points: Iterable[int], *, at: datetime) -> None:
    """Somebody looked; later than before, or nothing changes."""
    run(
        "UPDATE places_point SET seen = %(at)s WHERE id = ANY(%(points)s) AND (seen IS NULL OR seen < %(at)s)",
        points=list(points),
        at=at,
    )


def check(row: PointRow) -> None:
    """Raises `MissingFact` or `BadFact` for what cannot stand in the register."""
    if not row.name:
        raise MissingFact(fact="name", label=_NAME)
    for fact, label, value in (("name", _NAME, row.name), ("label", _LABEL, row.label)):
        if len(value) > LONGEST:
            raise BadFact(fact=fact, label=label, why=N_("it is longer than {limit} characters"), limit=LONGEST)
    if len(row.area) != 15 or not Area.objects.filter(code=row.area, valid_until__isnull=True).exists():
        raise BadFact(fact="area", label=_GRID, why=N_("there is no such grid"))
    if (row.lon is None) != (row.lat is None):
        raise BadFact(fact="position", label=N_("Where on the map"), why=N_("give longitude and latitude, or neither"))
    if row.lon is not None and row.lat is not None and not (abs(row.lon) <= 180 and abs(row.lat) <= 90):
        raise BadFact(fact="position", label=N_("Where on the map"), why=N_("it does not lie on earth"))


@contextmanager
def _once(row: PointRow) -> Iterator[None]:
    """The register's own guard, told as a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise KnownAlready(fact="name", label=_NAME, name=row.name) from error
