"""Areas, their names, the grid under a point, the place behind a code."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from threading import Lock
from typing import Any

import shapely
from django.conf import settings
from django.utils.timezone import localdate

from yizhi.core.town import RANKS, Rank, ancestors, rank
from yizhi.places.rules import Atlas, Located, clean_code
from yizhi.sql import row, rows


@dataclass(frozen=True, slots=True)
class Area:
    """An area as it is shown; dates are half-open. `sketch`: its outline is a placeholder, or it has none."""

    code: str
    name: str
    parent: str | None
    lon: float | None
    lat: float | None
    sketch: bool
    valid_from: date
    valid_until: date | None

    @property
    def rank(self) -> Rank:
        return rank(self.code)


_AREAS = """
SELECT code, name, parent, lon, lat, sketch OR boundary IS NULL, valid_from, valid_until FROM places_area
"""
_VALID = "valid_from <= %(day)s AND (valid_until IS NULL OR valid_until > %(day)s)"


def area(code: str) -> Area | None:
    """The area with this code, in force or not."""
    found = row(f"{_AREAS} WHERE code = %(code)s", code=code)
    return Area(*found) if found else None


def children(code: str, at: datetime) -> list[Area]:
    """What an area is divided into on the day of `at`; the topmost areas for ""."""
    found = rows(
        f"{_AREAS} WHERE parent IS NOT DISTINCT FROM %(code)s AND {_VALID} ORDER BY code",
        code=code or None,
        day=localdate(at),
    )
    return [Area(*values) for values in found]


def codes_under(code: str, at: datetime) -> list[str]:
    """The area itself and all below it, in force on the day of `at`."""
    sql = f"SELECT code FROM places_area WHERE starts_with(code, %(code)s) AND {_VALID} ORDER BY code"
    return [found for (found,) in rows(sql, code=code, day=localdate(at))]


def name_path(code: str, *, since: Rank = "district") -> str:
    """ "八公山区 新庄孜街道 治东社区 第三网格": names from `since` down, without what a name repeats of the one above.

    The code itself when nothing is known of it.
    """
    return name_paths([code], since=since)[code]


def name_paths(codes: Iterable[str], *, since: Rank = "district") -> dict[str, str]:
    """`name_path` of many areas, in one statement."""
    wanted = {code: list(ancestors(code))[::-1] for code in codes}
    above = {step for steps in wanted.values() for step in steps}
    names = dict(rows("SELECT code, name FROM places_area WHERE code = ANY(%(codes)s)", codes=list(above)))
    return {
        code: _path([(step, names[step]) for step in steps if step in names], since) or code
        for code, steps in wanted.items()
    }


_WIDTH = {name: width for width, name in RANKS.items()}


def _path(steps: Sequence[tuple[str, str]], since: Rank) -> str:
    shown = [name for code, name in steps if len(code) >= _WIDTH[since]] or [name for _, name in steps]
    return " ".join(name.removeprefix(above) or name for above, name in pairwise(["", *shown]))


def successors(code: str, at: datetime) -> list[str]:
    """The areas in force that an area has become, through several changes if need be; itself while in force."""
    found = rows(
        f"""
        WITH RECURSIVE line(code) AS (
            SELECT %(code)s::varchar COLLATE "C"
            UNION
            SELECT succession.new_id FROM places_areasuccession AS succession
            JOIN line ON succession.old_id = line.code AND succession.valid_from <= %(day)s
        )
        SELECT area.code FROM line JOIN places_area AS area USING (code) WHERE {_VALID} ORDER BY area.code
        """,
        code=code,
        day=localdate(at),
    )
    return [new for (new,) in found]


def centres(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The middles (lon, lat) of areas that were surveyed; of a sketch nobody knows where it really lies."""
    found = rows(
        "SELECT code, lon, lat FROM places_area WHERE code = ANY(%(codes)s) AND boundary IS NOT NULL AND NOT sketch"
        " AND lon IS NOT NULL AND lat IS NOT NULL",
        codes=list(codes),
    )
    return {code: (lon, lat) for code, lon, lat in found}


# ----- the grid under a point

_DAYS = 65_536  # the day is the lower part of a version, as in people.queries
_EPOCH = date(2000, 1, 1)

#: What an atlas' age is told by, to be selected by any statement.
PLACES_VERSION_SQL = (
    # own time: as people.queries.TOWN_VERSION_SQL
    f"coalesce((SELECT version * {_DAYS} + ((current_timestamp AT TIME ZONE '{settings.TIME_ZONE}')::date"
    f" - date '{_EPOCH}') FROM places_placesversion), 0)"
)

_OUTLINES = f"""
SELECT coalesce((SELECT version FROM places_placesversion), 0), code, boundary::text, sketch
FROM (SELECT) AS always LEFT JOIN places_area ON boundary IS NOT NULL AND {_VALID}
"""

_atlas = Atlas()
_building = Lock()


def atlas(version: int | None = None) -> Atlas:
    """The outlines in force, in memory; made anew when an area or the local day changed.

    With `version` (selected by the caller's own statement: `PLACES_VERSION_SQL`) a kept atlas costs no statement.
    """
    version = _version() if version is None else version
    if _atlas.version != version or not version:
        with _building:
            if _atlas.version != version or not version:
                _build(version)
    return _atlas


def _version() -> int:
    found = row(f"SELECT {PLACES_VERSION_SQL}")
    return int(found[0]) if found else 0


def _build(version: int) -> None:
    global _atlas  # one atlas for the process; replaced as a whole, so readers need no lock
    day = date.fromordinal(_EPOCH.toordinal() + version % _DAYS)
    found = rows(_OUTLINES, day=day)
    codes = [values for values in found if values[1] is not None]
    outlines = shapely.from_geojson([boundary for _, _, boundary, _ in codes])
    _atlas = Atlas(
        ((code, outline, sketch) for (_, code, _, sketch), outline in zip(codes, outlines, strict=True)),
        version=found[0][0] * _DAYS + version % _DAYS,
    )


def locate(lon: float, lat: float, *, version: int | None = None) -> Located | None:
    """The grid that a point (WGS-84) lies in; None outside every grid: see `enclosing`. For many points take
    `atlas()` once and ask it."""
    return atlas(version).locate(lon, lat)


def enclosing(lon: float, lat: float, *, version: int | None = None) -> Located | None:
    """The smallest area above the grids whose outline holds the point; None when it lies in none."""
    return atlas(version).enclosing(lon, lat)


# ----- codes on stickers


@dataclass(frozen=True, slots=True)
class Scan:
    """Where a sticker hangs."""

    code: str
    area: str
    label: str
    lon: float | None
    lat: float | None


_SCANS = "SELECT code, area_id, label, lon, lat FROM places_scancode WHERE active"


def scan_code(typed: str) -> Scan | None:
    """The place behind a code, however it was typed; None when there is none or it was taken down."""
    found = row(f"{_SCANS} AND code = %(code)s", code=clean_code(typed))
    return Scan(*found) if found else None


def labelled(words: str, most: int) -> list[str]:
    """The areas where stickers hang whose label has these words."""
    sql = f"SELECT DISTINCT area_id FROM ({_SCANS} AND strpos(label, %(words)s) > 0) AS s ORDER BY 1 LIMIT %(most)s"
    return [area for (area,) in rows(sql.replace("code, area_id", "area_id"), words=words, most=most)]


def scan_codes(area: str) -> list[Scan]:
    """All codes that hang in an area."""
    return [
        Scan(*values)
        for values in rows(f"{_SCANS} AND starts_with(area_id, %(area)s) ORDER BY area_id, label", area=area)
    ]


# ----- outlines out


def export_boundaries(prefix: str, at: datetime) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of the areas under a code that have an outline."""
    sql = f"""
        SELECT code, name, sketch, boundary::text FROM places_area
        WHERE boundary IS NOT NULL AND starts_with(code, %(prefix)s) AND {_VALID} ORDER BY code
    """
    return {
        "type": "FeatureCollection",
        "features": [_feature(*values) for values in rows(sql, prefix=prefix, day=localdate(at))],
    }


def _feature(code: str, name: str, sketch: bool, boundary: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": code,
        "properties": {"code": code, "name": name, "sketch": sketch},
        "geometry": json.loads(boundary),
    }
