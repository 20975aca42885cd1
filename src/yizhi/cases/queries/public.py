"""What anybody may know of: matters about places, some time after they came in.

Never secret kinds, sensitive categories, what somebody asks of an office, what is about a unit, nor what was withdrawn
or handed to a court or another office. The words of a report are told only when they came through a door that says so
to whoever writes (`SPOKEN`), and when somebody at a desk has read them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from yizhi import sql
from yizhi.cases.queries.seeing import Condition, in_sight
from yizhi.core.actor import Actor, Post, Scope
from yizhi.core.case import OPEN, Stage
from yizhi.core.city import City
from yizhi.core.profile import Profile

#: So long after it came in nobody can tell any more from it who has just stood there with a telephone.
DELAY = timedelta(hours=1)
UNDER_WAY: frozenset[Stage] = OPEN
OVER: frozenset[Stage] = frozenset(("closed", "declined", "merged"))
#: Doors that tell whoever writes that the words will be read by everybody.
SPOKEN = ("open311",)
#: To a community: a finer place could be somebody's home. About a hundred metres: a building, a street.
_AREA_WIDTH, _DECIMALS = 12, 3

_COLUMNS = """
    c.id, c.number, c.kind, c.stage, coalesce(c.category, ''), c.area, coalesce(c.lead, ''), c.desk, c.reported,
    coalesce((c.state->>'moved')::timestamptz, c.reported),
    coalesce(jsonb_path_query_first(c.state, '$.clocks[*] ? (@.key == "handle").due'),
             jsonb_path_query_first(c.state, '$.clocks[*] ? (@.key == "whole").due')) #>> '{}',
    coalesce(c.lon, a.lon), coalesce(c.lat, a.lat), coalesce(c.state->>'source', ''),
    coalesce(c.state->>'result', ''), c.secret OR c.about <> '{}', t.body
"""
_JOINED = """
LEFT JOIN places_area AS a ON a.code = left(c.area, %(width)s)
LEFT JOIN cases_text AS t ON t.case_id = c.id AND t.seq = 1 AND t.field = 'text'
    AND c.state->>'source' = ANY(%(spoken)s) AND c.stage NOT IN ('reported', 'declined')
    AND EXISTS (SELECT FROM cases_event AS e WHERE e.case_id = c.id AND e.account IS NOT NULL)
"""
#: One way along the index; ways never meet, for each has a district and a stage of its own.
_WAY = "SELECT c.id, c.reported FROM cases_case AS c WHERE {where} ORDER BY c.reported DESC, c.id DESC LIMIT %(limit)s"
#: What is told is looked up for the rows that are shown, not for those of all ways: a case's state is long.
_LIST = f"""
SELECT {_COLUMNS} FROM (
    SELECT w.id FROM (<ways>) AS w ORDER BY w.reported DESC, w.id DESC LIMIT %(limit)s OFFSET %(skip)s
) AS f JOIN cases_case AS c ON c.id = f.id {_JOINED} ORDER BY c.reported DESC, c.id DESC
"""
_NUMBERED = f"SELECT {_COLUMNS} FROM cases_case AS c {_JOINED} WHERE c.number = ANY(%(numbers)s) ORDER BY c.id DESC"


class Public(msgspec.Struct, frozen=True):
    """A matter as anybody may see it. `promised` (ISO 8601) is when it should be done; `lon` and `lat` are rounded, or
    the middle of the area; `text` is None where the words are not told. `kept_back`: not for everybody."""

    id: int
    number: str
    kind: str
    stage: str
    category: str
    area: str
    lead: str
    desk: str
    reported: datetime
    moved: datetime
    promised: str | None
    lon: float | None
    lat: float | None
    source: str
    result: str
    kept_back: bool
    text: str | None


@dataclass(frozen=True, slots=True)
class PublicFilter:
    """`area` and `categories` narrow; `since` and `before` bound when it was reported; `stages` out of `UNDER_WAY` and
    `OVER`. `skip` and `limit` cut the list, newest first."""

    area: str = ""
    categories: Collection[str] = ()
    stages: Collection[str] = UNDER_WAY | OVER
    since: datetime | None = None
    before: datetime | None = None
    skip: int = 0
    limit: int = 50


def public_categories(profile: Profile) -> frozenset[str]:
    """Those about places, where somebody goes and looks (`arrive_hours`): what one asks of an office is one's own
    affair. Never sensitive ones, nor those of a sensitive group."""
    shown = {code for code, category in profile.categories.items() if not category.sensitive}
    return frozenset(
        code for code in shown if (known := profile.categories[code]).parent in shown and known.arrive_hours is not None
    )


def is_public(matter: Public, city: City, at: datetime) -> bool:
    """Whether everybody may know of it now."""
    return (
        not matter.kept_back
        and city.kinds[matter.kind].public
        and matter.category in public_categories(city.profile)
        and matter.stage in UNDER_WAY | OVER
        and matter.reported <= at - DELAY
    )


def public(wanted: PublicFilter, city: City, *, at: datetime) -> list[Public]:
    """The newest first."""
    found = _condition(wanted, city, at)
    ways = " UNION ALL ".join(f"({_WAY.format(where=found.where(way))})" for way in found.ways)
    statement = _LIST.replace("<ways>", ways)
    values = found.values | _told() | {"limit": wanted.skip + wanted.limit, "skip": wanted.skip}
    return [_matter(row) for row in sql.hot_rows(statement, **values)] if ways else []


def public_by_number(numbers: Sequence[str]) -> list[Public]:
    """Those of these numbers that there are; whether they may be told is for the caller to ask (`is_public`)."""
    return [_matter(row) for row in sql.hot_rows(_NUMBERED, numbers=list(numbers), **_told())]


def _told() -> dict[str, object]:
    return {"width": _AREA_WIDTH, "spoken": list(SPOKEN)}


def _matter(row: tuple[object, ...]) -> Public:
    found = Public(*row)  # type: ignore[arg-type]  # the columns of the statement above
    area, lon, lat = found.area[:_AREA_WIDTH], _rounded(found.lon), _rounded(found.lat)
    return msgspec.structs.replace(found, area=area, lon=lon, lat=lat)


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, _DECIMALS)


def _condition(wanted: PublicFilter, city: City, at: datetime) -> Condition:
    """Each stage is a walk of its own along the index, so that order costs nothing."""
    found = in_sight(_everybody(city), city, wanted.area)
    stages = sorted(set(wanted.stages) & (UNDER_WAY | OVER))
    found.ways = [f"{way} AND c.stage = '{stage}'" for way in found.ways for stage in stages]
    categories = public_categories(city.profile)
    chosen = categories & set(wanted.categories) if wanted.categories else categories
    found.add(
        "c.about = '{}' AND c.category IS NOT NULL AND c.category = ANY(%(categories)s)", categories=sorted(chosen)
    )
    found.add("c.reported <= %(until)s", until=min(at - DELAY, wanted.before or at))
    if wanted.since:
        found.add("c.reported >= %(since)s", since=wanted.since)
    return found


def _everybody(city: City) -> Actor:
    """Whoever looks from outside: the whole city, and nothing but the kinds that are public."""
    kinds = frozenset(code for code, kind in city.kinds.items() if kind.public)
    return Actor(posts=(Post("", "", frozenset(("see",)), kinds, Scope((city.profile.root_area,))),))
