"""Finding addresses, and what lies in a building."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from yizhi import sql
from yizhi.core.actor import Scope
from yizhi.places.addresses.rules import Level, grams, plain, readings

_MOST = 20
_COLUMNS = "a.id, a.level, a.parent_id, a.building, a.area, a.name, a.full, a.lon, a.lat, a.code"


@dataclass(frozen=True, slots=True)
class Address:
    """`building` is its own number for a building. `area` is the grid, where that is known."""

    id: int
    level: Level
    parent: int | None
    building: int
    area: str
    name: str
    full: str
    lon: float | None
    lat: float | None
    code: str | None


def address(number: int) -> Address | None:
    found = sql.row(f"SELECT {_COLUMNS} FROM places_address AS a WHERE a.id = %(id)s", id=number)
    return Address(*found) if found else None


def addresses(numbers: Collection[int]) -> dict[int, Address]:
    found = sql.rows(f"SELECT {_COLUMNS} FROM places_address AS a WHERE a.id = ANY(%(ids)s)", ids=list(numbers))
    return {row[0]: Address(*row) for row in found}


def inside(building: int) -> list[Address]:
    """Entrances and rooms of a building, as one walks through it."""
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM places_address AS a WHERE a.building = %(id)s AND a.id <> %(id)s", id=building
    )
    return sorted((Address(*row) for row in found), key=lambda one: (len(one.full), one.full))


_BUILDINGS = f"""
SELECT {_COLUMNS} FROM places_address AS a
WHERE a.level = 'building' AND a.grams IS NOT NULL AND a.grams @> %(grams)s AND strpos(a.key, %(key)s) > 0
  AND {{scope}} ORDER BY length(a.key), a.key LIMIT %(most)s
"""
_INSIDE = f"""
SELECT {_COLUMNS} FROM places_address AS a
WHERE a.building = ANY(%(buildings)s) AND a.level <> 'building' AND right(a.key, length(%(end)s)) = %(end)s
ORDER BY length(a.key), a.key LIMIT %(most)s
"""


def find(typed: str, scopes: Iterable[Scope]) -> list[Address]:
    """What somebody may mean, within these scopes; the shortest first."""
    within = list(scopes)
    for reading in readings(typed):
        found = _buildings(reading.building, within)
        if reading.inside and found:
            buildings = [one.id for one in found]
            rows = sql.rows(_INSIDE, buildings=buildings, end=reading.inside, most=_MOST)
            found = [one for one in (Address(*row) for row in rows) if _ends(one, reading.inside)]
        if found:
            return found
    return []


def _ends(one: Address, end: str) -> bool:
    """301 is not 1301."""
    before = plain(one.full).removesuffix(end)[-1:]
    return not (before.isdigit() and end[:1].isdigit())


def _buildings(key: str, scopes: list[Scope]) -> list[Address]:
    if len(key) < 2 or not scopes:
        return []
    values: dict[str, object] = {"key": key, "grams": grams(key), "most": _MOST}
    rows = sql.rows(_BUILDINGS.format(scope=scoped(scopes, "a.area", values)), **values)
    return [Address(*row) for row in rows]


_HERE = f"""
SELECT {_COLUMNS}, a.key FROM places_address AS a
WHERE a.level = 'building' AND a.area >= %(area)s AND a.area < %(area)s || ':' ORDER BY a.area, a.id LIMIT 5000
"""


@dataclass(frozen=True, slots=True)
class Buildings:
    """The buildings of an area by what people call them."""

    known: list[tuple[str, Address]]

    def spoken_of(self, words: str) -> Address | None:
        """The one that these words name; of several the one named most closely."""
        text = plain(words)
        named = [(len(key), address) for key, address in self.known if key and key in text]
        return max(named, key=lambda pair: pair[0])[1] if named else None


def buildings(area: str, names: Iterable[str]) -> Buildings:
    """Within an area; `names` are those of the street and the community, which people leave out."""
    left_out, known = [plain(name) for name in names], []
    for *columns, key in sql.rows(_HERE, area=area):
        for name in left_out:
            key = key.removeprefix(name)
        known.append((key, Address(*columns)))
    return Buildings(known)


def scoped(scopes: Iterable[Scope], column: str, values: dict[str, object]) -> str:
    """A condition on an area code that holds where one of the scopes does."""
    ways = []
    for place, scope in enumerate(scopes):
        values[f"in{place}"], values[f"out{place}"] = list(scope.include), list(scope.exclude)
        ways.append(
            f"(EXISTS (SELECT FROM unnest(%(in{place})s::text[]) AS i WHERE starts_with({column}, i))"
            f" AND NOT EXISTS (SELECT FROM unnest(%(out{place})s::text[]) AS o WHERE starts_with({column}, o)))"
        )
    return f"({' OR '.join(ways) or 'false'})"


def known(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, int, str]]:
    """Community and key → number, building and grid of the address, for those that there are."""
    rows = sql.rows(
        """SELECT a.community, a.key, a.id, a.building, a.area
        FROM unnest(%(communities)s::text[], %(keys)s::text[]) AS w(community, key)
        JOIN places_address AS a ON a.community = w.community COLLATE "C" AND a.key = w.key COLLATE "C" """,
        communities=[community for community, _ in pairs],
        keys=[key for _, key in pairs],
    )
    return {(community, key): (number, building, area) for community, key, number, building, area in rows}
