"""Which place is meant by words or by a point, and one's own matters."""

from collections.abc import Sequence

import msgspec

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.town import Rank, rank
from yizhi.doors.words import place_name
from yizhi.places import queries as places
from yizhi.places.rules import said_name
from yizhi.wechat.rules import Found, Line

LISTENER = "wechat listener"
_SUFFIXES = ("社区", "村", "街道", "镇", "乡")
#: Shorter names would be found in words that mean something else.
_SHORTEST = 2
#: The digits from which on a place is named: everybody knows which district they are in.
_STREET = 9


class Known(msgspec.Struct, frozen=True):
    """What is sealed of a listener."""

    openid: str
    code: str
    line: Line = "account"


def named(said: str) -> Sequence[Found]:
    """Communities and villages that words name, and the grid when that is named too; else a street. An area's or a
    sticker's code names it as well."""
    city, text = current(), said.strip()
    if text in city.town.area_names and text.startswith(city.profile.root_area):
        return [_found(text, city)]
    if (scan := places.scan_code(text)) is not None:
        return [_found(scan.area, city)]
    matched = _matched("community", text, city) or _matched("street", text, city)
    if len(matched) == 1:
        return [_found(_grid(matched[0], text, city), city)]
    return [_found(code, city) for code in matched]


def _matched(sort: Rank, text: str, city: City) -> list[str]:
    """The areas of a sort whose name stands in the text; else those in whose name the text stands."""
    names, root = city.town.area_names, city.profile.root_area
    areas = [code for code in sorted(names) if rank(code) == sort and code.startswith(root)]
    inside = [code for code in areas if _short(names[code]) in text]
    return inside or [code for code in areas if len(text) >= _SHORTEST and text in names[code]]


def _short(official: str) -> str:
    """治东 of 治东社区居委会; a name that would be too short without its ending keeps it."""
    name = said_name(official)
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= _SHORTEST:
            return name.removesuffix(suffix)
    return name


def _grid(community: str, text: str, city: City) -> str:
    names = city.town.area_names
    inside = (code for code in names if code.startswith(community) and rank(code) == "grid")
    return next((code for code in inside if names[code] in text), community)


def located(lon: float, lat: float) -> Found | None:
    """The grid, or the smallest area of the city, that holds a point."""
    city, atlas = current(), places.atlas()
    hit = atlas.locate(lon, lat) or atlas.enclosing(lon, lat)
    return _found(hit.area, city) if hit and hit.area.startswith(city.profile.root_area) else None


def _found(area: str, city: City) -> Found:
    return Found(area, place_name(city.town.area_names, area, since=_STREET))


_MINE = """
SELECT c.number, c.state, l.key, l.cipher FROM wechat_listener AS l JOIN cases_case AS c ON c.id = l.case_id
WHERE l.who = %(who)s ORDER BY l.case_id DESC LIMIT %(limit)s
"""


def mine(who: bytes, *, limit: int = 3) -> list[tuple[str, Case, str]]:
    """The latest matters of whoever asks: number, how it stands, tracking code."""
    rows = sql.rows(_MINE, who=who, limit=limit)
    found = ((number, msgspec.json.decode(state, type=Case), opened(*sealed)) for number, state, *sealed in rows)
    return [(number, case, known.code) for number, case, known in found]


def listener(case_id: int) -> Known | None:
    """Whom to tell of a case."""
    row = sql.row("SELECT key, cipher FROM wechat_listener WHERE case_id = %(case)s", case=case_id)
    return opened(*row) if row else None


def listened(case_ids: Sequence[int]) -> set[int]:
    """Those of some cases of which somebody is told here."""
    rows = sql.rows("SELECT case_id FROM wechat_listener WHERE case_id = ANY(%(cases)s)", cases=list(case_ids))
    return {case for (case,) in rows}


def opened(key: bytes, cipher: bytes) -> Known:
    plain = sealer().open(sealer().open_key(bytes(key)), bytes(cipher), LISTENER)
    return msgspec.json.decode(plain, type=Known)
