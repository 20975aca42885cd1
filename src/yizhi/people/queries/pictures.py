"""The picture of all units, kept in memory, and what tells its age."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any

import msgspec
from django.conf import settings
from django.utils.timezone import localdate

from yizhi.core.town import Town, Unit
from yizhi.people.rules import LINK_ACTS
from yizhi.people.sql import POST_IN_FORCE, SERVING, UNIT_IN_FORCE
from yizhi.sql import hot_row, row

_EPOCH = date(2000, 1, 1)
_DAYS = 65_536  # the day is the lower part of a version

#: What a picture's age is told by, to be selected by any statement: the registers' counter and the local day in
#: one number, because who serves where also changes at midnight.
TOWN_VERSION_SQL = (
    # own time: the caller's statement selects it, and midnight must not need a time passed in to be noticed
    f"coalesce((SELECT version * {_DAYS} + ((current_timestamp AT TIME ZONE '{settings.TIME_ZONE}')::date"
    f" - date '{_EPOCH}') FROM people_townversion), 0)"
)

#: A grid is named with its community: 治东社区第三网格.
AREA_NAME = """
    CASE WHEN length(area.code) > 12 AND above.name IS NOT NULL AND NOT starts_with(area.name, above.name)
         THEN above.name || area.name ELSE area.name END
"""

#: Lists that Python puts together: joined here, a database that has not counted its fresh tables yet would go
#: through all posts once for each unit (seen: minutes).
_TOWN = f"""
SELECT
    coalesce((SELECT version FROM people_townversion), 0),
    coalesce((
        SELECT jsonb_agg(jsonb_build_array(unit.code, unit.name, unit.kind, unit.role, unit.area_id,
                                           unit.superior_id, unit.covers, unit.phone, unit.by_link) ORDER BY unit.code)
        FROM people_unit AS unit WHERE {UNIT_IN_FORCE}
    ), '[]'),
    coalesce((
        SELECT jsonb_agg(DISTINCT jsonb_build_array(post.unit_id, post.acts, post.kinds))
        FROM people_service AS service
        JOIN people_account AS account ON account.id = service.account_id AND account.is_active
        JOIN people_post AS post ON post.id = service.post_id
        WHERE {SERVING} AND {POST_IN_FORCE}
    ), '[]'),
    coalesce((
        SELECT jsonb_object_agg(area.code, {AREA_NAME})
        FROM places_area AS area LEFT JOIN places_area AS above ON above.code = area.parent
    ), '{{}}')
"""

#: The posts served today: unit, what may be done, for which kinds of matter.
_Served = Sequence[tuple[str, list[str], list[str]]]
#: An act with a kind of matter for which it can be done.
_Bound = frozenset[tuple[str, str]]

_pictures: dict[int, Town] = {}
_building = Lock()
_KEPT_PICTURES = 4


def town_version() -> int:
    """The version of the picture that is right now."""
    found = hot_row(f"SELECT {TOWN_VERSION_SQL}")
    return int(found[0]) if found else 0


def town(version: int | None = None, *, at: datetime | None = None) -> Town:
    """All units in force, with what somebody who serves there today may do.

    The picture is kept in memory and made anew when a register or the local day changed. With `version` (selected
    by the caller's own statement: `TOWN_VERSION_SQL`) a kept picture costs no statement. `at` gives the day;
    without it the database's clock does.
    """
    version = town_version() if version is None else version
    if at is not None:
        version = _on_day(version, localdate(at))
    picture = _pictures.get(version)
    if picture is None:
        with _building:
            picture = _pictures.get(version) or _build(_EPOCH.toordinal() + version % _DAYS)
    return picture


def _on_day(version: int, day: date) -> int:
    return version - version % _DAYS + (day - _EPOCH).days


def _build(ordinal: int) -> Town:
    """Reads counter and registers in one statement, so that both belong together."""
    day = date.fromordinal(ordinal)
    found = row(_TOWN, day=day)
    assert found is not None  # a SELECT without FROM has one row
    counter, units_text, served, names = found
    posts = msgspec.json.decode(served)
    acts, bound = _acts_by_unit(posts), _bound_by_unit(posts)
    units = [_unit(values, acts, bound) for values in msgspec.json.decode(units_text)]
    picture = Town(
        units={unit.code: unit for unit in units},
        root=_root(units),
        version=_on_day(counter * _DAYS, day),
        area_names=msgspec.json.decode(names),
    )
    if counter:  # 0: the registers were emptied from outside, and the counter with them
        while len(_pictures) >= _KEPT_PICTURES:
            _pictures.pop(next(iter(_pictures)))
        _pictures[picture.version] = picture
    return picture


def _unit(values: Sequence[Any], acts: Mapping[str, frozenset[str]], bound: Mapping[str, _Bound]) -> Unit:
    code, name, kind, role, area, superior, covers, phone, by_link = values
    can, only = acts.get(code, frozenset()), bound.get(code, frozenset())
    can = can | LINK_ACTS if by_link else can
    return Unit(code, name, kind, role, area, superior, tuple(covers), can, phone, only)


def _bound_by_unit(served: _Served) -> dict[str, _Bound]:
    """What no post of a unit does for all kinds of matter, with the kinds for which one does."""
    found: dict[str, set[tuple[str, str]]] = {}
    free = {(unit, act) for unit, acts, kinds in served if "*" in kinds for act in acts}
    for unit, acts, kinds in served:
        pairs = {(act, kind) for act in acts if (unit, act) not in free for kind in kinds}
        if pairs:
            found.setdefault(unit, set()).update(pairs)
    return {unit: frozenset(pairs) for unit, pairs in found.items()}


def _acts_by_unit(served: _Served) -> dict[str, frozenset[str]]:
    """What somebody who serves in a unit may do there; equal sets are one object."""
    known: dict[frozenset[str], frozenset[str]] = {}
    found: dict[str, frozenset[str]] = {}
    for unit, acts, _ in served:
        together = found.get(unit, frozenset()).union(acts)
        found[unit] = known.setdefault(together, together)
    return found


def _root(units: Sequence[Unit]) -> str:
    """The desk above every other: of those without a superior the one for the widest area."""
    tops = [unit for unit in units if unit.kind == "desk" and unit.superior is None]
    return min(tops, key=lambda unit: (len(unit.area), unit.code)).code if tops else ""
