"""Writing addresses: one, or a city's, with whatever stands above each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from yizhi import sql
from yizhi.core.errors import N_, BadFact
from yizhi.places.addresses.queries import known as known
from yizhi.places.addresses.rules import Place, grams

_COLUMNS = ("id", "code", "level", "parent_id", "building", "area", "name", "full", "key", "grams", "lon", "lat")


class InTwoGrids(BadFact):
    """Facts: address, here, there."""

    message = N_("“{address}” lies in grid {there} already, not in {here}. Write that grid, or correct the address.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address of a sheet: `area` is its grid."""

    place: Place
    area: str
    lon: float | None = None
    lat: float | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Put:
    """Where it stands now: its number, its building's, its grid; `new` when it was not there."""

    id: int
    building: int
    area: str
    new: bool


def put(wanted: Sequence[Wanted]) -> list[Put]:
    """Bring addresses in, each with its building and entrance; known ones stay. Raises `InTwoGrids`."""
    with transaction.atomic():
        steps = {(one.area[:12], step.key): (step, one) for one in wanted for step in one.place.steps}
        there = known(list(steps))
        for pair, (step, one) in steps.items():
            if pair in there and there[pair][2] != one.area:
                raise InTwoGrids(address=step.full, here=one.area, there=there[pair][2])
        missing = [pair for pair in steps if pair not in there]
        numbers = dict(zip(missing, _new_ids(len(missing)), strict=True))
        _copy(_lines(missing, steps, numbers, there))
    return [_put(one, numbers, there) for one in wanted]


def _put(one: Wanted, numbers: dict[tuple[str, str], int], there: dict[tuple[str, str], tuple[int, int, str]]) -> Put:
    own, building = (one.area[:12], one.place.key), (one.area[:12], one.place.steps[0].key)
    if own in there:
        return Put(*there[own], new=False)
    return Put(numbers[own], numbers.get(building) or there[building][0], one.area, new=True)


def _lines(
    missing: Iterable[tuple[str, str]],
    steps: dict[tuple[str, str], tuple[Place, Wanted]],
    numbers: dict[tuple[str, str], int],
    there: dict[tuple[str, str], tuple[int, int, str]],
) -> Iterable[tuple[object, ...]]:
    def number(community: str, step: Place) -> int:
        pair = (community, step.key)
        return numbers[pair] if pair in numbers else there[pair][0]

    for pair in missing:
        step, one = steps[pair]
        above = step.steps[-2] if len(step.steps) > 1 else None
        last = step == one.place
        yield (
            numbers[pair], one.code or None if last else None, step.level, number(pair[0], above) if above else None,
            number(pair[0], step.steps[0]), one.area, step.name, step.full, pair[1],
            grams(pair[1]) if step.level == "building" else None, one.lon if last else None, one.lat if last else None,
        )  # fmt: skip


def _new_ids(count: int) -> list[int]:
    statement = "SELECT nextval('places_address_id_seq') FROM generate_series(1, %(count)s)"
    return [number for (number,) in sql.rows(statement, count=count)]


def _copy(lines: Iterable[tuple[object, ...]]) -> None:
    """The building before what lies in it: a reference holds at the end of the statement."""
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY places_address ({', '.join(_COLUMNS).replace('full', chr(34) + 'full' + chr(34))}) FROM STDIN"
        ) as copy,
    ):
        for line in lines:
            copy.write_row(line)
