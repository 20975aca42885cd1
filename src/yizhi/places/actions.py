"""Every write to areas, outlines and codes. The system administrator's work, or the machine's."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils.timezone import localdate
from psycopg.types.json import Jsonb

from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.errors import N_, BadFact, NotFound
from yizhi.core.town import WIDTHS
from yizhi.places import rules
from yizhi.places.rules import BadBoundary, said_name
from yizhi.sql import row, rows, run

#: A list of official codes does not say since when: since before anything that Yizhi knows.
LONG_SINCE = date(2000, 1, 1)


class AreaRow(Protocol):
    """What `load_areas` reads; `core.profile`'s seeds look like this."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def lon(self) -> float | None: ...
    @property
    def lat(self) -> float | None: ...


class BadAreaCode(BadFact):
    """Facts: code."""

    message = N_("“{code}” is no area code: it needs 2, 4, 6, 9, 12, 15 or 18 digits.")


class AreaAboveMissing(BadFact):
    """Facts: code, above."""

    message = N_("The area {above}, in which {code} lies, is not there.")


class BadBoundaries(BadFact):
    """A file of outlines with faults is refused as a whole. Facts: count, faults (all of them)."""

    message = N_("The file has {count} faults; nothing was changed.")

    def __init__(self, faults: list[BadBoundary | NotFound]) -> None:
        super().__init__(count=len(faults), faults=faults)
        self.faults = faults


class NoCentre(BadFact):
    """Facts: area."""

    message = N_("Nothing tells where {area} lies: give a centre (longitude, latitude).")


# ----- areas

_LOAD = """
INSERT INTO places_area (code, name, lon, lat, valid_from)
SELECT code, name, lon, lat, %(since)s
FROM jsonb_to_recordset(%(areas)s) AS area(code text, name text, lon float8, lat float8)
ON CONFLICT (code) DO {known}
RETURNING code
"""
_RENAME = "UPDATE SET name = excluded.name WHERE places_area.name <> excluded.name"


@transaction.atomic
def load_areas(areas: Iterable[AreaRow], *, by: Actor, at: datetime, rename: bool = False) -> int:
    """Brings areas and grids into the register; known ones stay as they are, or get the new name.

    Every area but the topmost needs the one above it, loaded or in the same list. Returns how many rows changed.
    Raises `BadAreaCode`, `AreaAboveMissing`, `ForAdministrators`.
    """
    require(by, "system")
    new = {area.code: area for area in areas}
    _expect_above(new)
    values = [
        {"code": area.code, "name": said_name(area.name), "lon": area.lon, "lat": area.lat} for area in new.values()
    ]
    changed = rows(_LOAD.format(known=_RENAME if rename else "NOTHING"), areas=Jsonb(values), since=LONG_SINCE)
    return len(changed)


def _expect_above(new: Mapping[str, AreaRow]) -> None:
    for code in new:
        if not (code.isascii() and code.isdecimal() and len(code) in WIDTHS):
            raise BadAreaCode(code=code)
    known = {code for (code,) in rows("SELECT code FROM places_area")} | new.keys()
    top = min((len(code) for code in known), default=0)
    for code in sorted(new):
        above = _above(code)
        if len(code) > top and above not in known:
            raise AreaAboveMissing(code=code, above=above)


def _above(code: str) -> str:
    return code[: max((width for width in WIDTHS if width < len(code)), default=0)]


_SUCCEED = """
INSERT INTO places_areasuccession (old_id, new_id, valid_from) VALUES (%(old)s, %(new)s, %(day)s)
ON CONFLICT (old_id, new_id) DO NOTHING
"""
_END = """
UPDATE places_area SET valid_until = %(day)s
WHERE code = %(old)s AND (valid_until IS NULL OR valid_until > %(day)s)
"""


@transaction.atomic
def succeed(old: str, new: str, *, from_day: date, by: Actor, at: datetime) -> None:
    """From a day on, `old` is (part of) `new`; `old` is in force no longer. A split is several calls, so is a merger.

    Doing it twice is doing it once. Cases keep the code they were reported under. Raises `NotFound`.
    """
    require(by, "system")
    if old == new or len(rows("SELECT FROM places_area WHERE code IN (%(old)s, %(new)s)", old=old, new=new)) < 2:
        raise NotFound
    run(_SUCCEED, old=old, new=new, day=from_day)
    run(_END, old=old, day=from_day)


# ----- outlines

_OUTLINE = "UPDATE places_area SET boundary = %(outline)s, sketch = %(sketch)s WHERE code = %(area)s"


@transaction.atomic
def set_boundary(area: str, geojson: object, *, by: Actor, at: datetime, sketch: bool = False) -> None:
    """Gives an area its outline, a GeoJSON Polygon or MultiPolygon in WGS-84. Raises `BadBoundary`, `NotFound`."""
    require(by, "system")
    if not run(_OUTLINE, area=area, outline=Jsonb(rules.checked_outline(area, geojson)), sketch=sketch):
        raise NotFound(area=area)


@transaction.atomic
def import_boundaries(collection: object, *, by: Actor, at: datetime) -> int:
    """Outlines from a GeoJSON FeatureCollection; `properties.code` (or `id`) names the area, `properties.sketch`
    marks a placeholder. All or nothing: raises `BadBoundaries` with every fault. Returns how many were set."""
    require(by, "system")
    if not isinstance(collection, Mapping) or collection.get("type") != "FeatureCollection":
        raise BadBoundaries([rules.NoPolygon(area="?")])
    faults: list[BadBoundary | NotFound] = []
    features = collection.get("features") or []
    for feature in features:
        try:
            _import(feature if isinstance(feature, Mapping) else {}, by=by, at=at)
        except (BadBoundary, NotFound) as fault:
            faults.append(fault)
    if faults:
        raise BadBoundaries(faults)
    return len(features)


def _import(feature: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    properties = feature.get("properties") or {}
    area = str(properties.get("code") or feature.get("id") or "?")
    set_boundary(area, feature.get("geometry"), sketch=properties.get("sketch") is True, by=by, at=at)


_UNSURVEYED = """
SELECT code, parent, lon, lat FROM places_area
WHERE starts_with(code, %(prefix)s) AND length(code) <= 15 AND (boundary IS NULL OR sketch)
  AND valid_from <= %(day)s AND (valid_until IS NULL OR valid_until > %(day)s)
ORDER BY code
"""
_SKETCHED = """
UPDATE places_area AS area
SET boundary = cell.outline, sketch = true, lon = coalesce(area.lon, cell.lon), lat = coalesce(area.lat, cell.lat)
FROM jsonb_to_recordset(%(cells)s) AS cell(code text, outline jsonb, lon float8, lat float8)
WHERE area.code = cell.code AND (area.boundary IS NULL OR area.sketch)
"""


@transaction.atomic
def sketch(prefix: str, *, by: Actor, at: datetime, centre: tuple[float, float] | None = None) -> int:
    """Gives every area under a code that is not surveyed a placeholder outline, marked as one.

    `centre` is (lon, lat), by default where the area or one above it is known to lie. Returns how many outlines
    were drawn. Raises `NotFound`, `NoCentre`.
    """
    require(by, "system")
    unsurveyed = rows(_UNSURVEYED, prefix=prefix, day=localdate(at))
    if not unsurveyed:
        raise NotFound(area=prefix)
    spots = [rules.Spot(code, lon, lat) for code, _, lon, lat in unsurveyed]
    cells = rules.sketch(spots, {code: parent for code, parent, _, _ in unsurveyed}, centre or _centre(prefix))
    drawn = [
        {"code": cell.code, "outline": rules.as_geojson(cell.outline), "lon": cell.lon, "lat": cell.lat}
        for cell in cells
    ]
    return run(_SKETCHED, cells=Jsonb(drawn))


def _centre(prefix: str) -> tuple[float, float]:
    found = row(
        """
        SELECT lon, lat FROM places_area
        WHERE lon IS NOT NULL AND (starts_with(%(prefix)s, code) OR starts_with(code, %(prefix)s))
        ORDER BY abs(length(code) - length(%(prefix)s)), code LIMIT 1
        """,
        prefix=prefix,
    )
    if found is None:
        raise NoCentre(area=prefix)
    return float(found[0]), float(found[1])


# ----- codes

_NEW_CODES = """
INSERT INTO places_scancode (code, area_id, made_at)
SELECT new.code, new.area, %(at)s
FROM unnest(%(codes)s::text[], %(areas)s::text[]) AS new(code, area)
ON CONFLICT DO NOTHING RETURNING code
"""


@transaction.atomic
def make_codes(area: str, *, by: Actor, at: datetime, new_code: Callable[[], str] = rules.new_code) -> int:
    """A code for every grid under an area that has none; doing it again makes none. Returns how many are new."""
    require(by, "system")
    made = 0
    while missing := _without_code(area, at):
        made += len(rows(_NEW_CODES, codes=[new_code() for _ in missing], areas=missing, at=at))
    return made


def _without_code(area: str, at: datetime) -> list[str]:
    """Asked again after each round: a random code may have been taken already."""
    found = rows(
        """
        SELECT area.code FROM places_area AS area
        WHERE starts_with(area.code, %(area)s) AND length(area.code) = 15
          AND area.valid_from <= %(day)s AND (area.valid_until IS NULL OR area.valid_until > %(day)s)
          AND NOT EXISTS (SELECT FROM places_scancode WHERE area_id = area.code AND active AND label = '')
        """,
        area=area,
        day=localdate(at),
    )
    return [code for (code,) in found]


@transaction.atomic
def take_down(code: str, *, by: Actor, at: datetime) -> None:
    """A sticker that is gone, or that hangs wrong: its code opens nothing any more. Raises `NotFound`."""
    require(by, "system")
    if not run("UPDATE places_scancode SET active = false WHERE code = %(code)s", code=rules.clean_code(code)):
        raise NotFound


_AGAIN = """
INSERT INTO places_scancode (code, area_id, label, lon, lat, made_at)
SELECT %(new)s, area_id, label, lon, lat, %(at)s FROM places_scancode WHERE code = %(old)s
ON CONFLICT DO NOTHING RETURNING code
"""


@transaction.atomic
def replace_code(code: str, *, by: Actor, at: datetime, new_code: Callable[[], str] = rules.new_code) -> str:
    """Another code for the same place; the old one opens nothing any more. Raises `NotFound`."""
    old = rules.clean_code(code)
    take_down(old, by=by, at=at)
    while True:
        made = row(_AGAIN, new=new_code(), old=old, at=at)
        if made is not None:
            return str(made[0])
