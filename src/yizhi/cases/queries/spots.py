"""Where somebody stands who comes in by a code or chooses a place; where whoever works here may write down what they
were told. For every door that asks for a place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.core.town import Unit, ancestors, rank
from yizhi.doors import words
from yizhi.doors.forms import Group, Option
from yizhi.places import queries as places

#: What one may choose who has no sticker at hand.
_CHOOSABLE = ("community", "grid")
_STREET, _COMMUNITY, _GRID = 9, 12, 15


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stands who scanned a code or chose a place, and who is in charge there, nearest first."""

    scan: places.Scan
    city: City
    units: tuple[Unit, ...]
    source: Literal["scan", "page"] = "scan"

    @property
    def desk(self) -> Unit:
        """The office that keeps what is reported."""
        town = self.city.town
        return next((unit for unit in self.units if unit.kind == "desk" and unit.phone), town.units[town.root])

    @property
    def ring(self) -> Unit:
        """The nearest office that one can ring."""
        return next((unit for unit in self.units if unit.phone), self.desk)


def spot(code: str) -> Spot:
    """By a sticker's code, or by an area's. `NotFound` for a code that never hung anywhere, or was taken down."""
    city, scan = current(), places.scan_code(code)
    if scan:
        return Spot(scan, city, tuple(_in_charge(scan.area, city)))
    if code not in city.town.area_names or not choosable(code):
        raise NotFound
    return Spot(places.Scan(code, code, "", None, None), city, tuple(_in_charge(code, city)), "page")


def choosable(area: str) -> bool:
    """Whether an area's own code opens a form."""
    return rank(area) in _CHOOSABLE


def everywhere(city: City) -> places.Scan:
    """For whoever says by a point alone where they are."""
    return places.Scan("", city.profile.root_area, "", None, None)


def _in_charge(area: str, city: City) -> Iterator[Unit]:
    if grid := city.town.find("grid", area):
        yield grid
    yield from city.town.chain(city.town.desk_for(area).code)


def point(lon: str, lat: str) -> tuple[float, float] | None:
    """What a browser told in a form; None for what is no place on earth."""
    try:
        found = float(lon), float(lat)
    except ValueError:
        return None
    return found if abs(found[0]) <= 180 and abs(found[1]) <= 90 else None


def placed(scan: places.Scan, at_point: tuple[float, float] | None) -> tuple[str, float | None, float | None]:
    """Area and point of what is reported at a place. A sticker knows best where it hangs; else the point that the
    browser or a photo told, as long as it lies in the place that was chosen, and then the grid is known as well."""
    if at_point is None or scan.lon is not None:
        return scan.area, scan.lon, scan.lat
    atlas = places.atlas()
    found = atlas.locate(*at_point) or atlas.enclosing(*at_point)
    if found is None or not found.area.startswith(scan.area[:_COMMUNITY]):
        return scan.area, None, None
    return (found.area if found.area.startswith(scan.area) else scan.area), *at_point


def office(case: Case, city: City) -> Unit | None:
    """The nearest office of a matter's place that one can ring: none that the matter is about."""
    kept_out = city.town.touched(frozenset(case.about))
    return next((unit for unit in _in_charge(case.area, city) if unit.phone and unit.code not in kept_out), None)


@dataclass(frozen=True, slots=True)
class Place:
    """A place to choose: a street with its communities and villages, or one of these."""

    code: str
    name: str
    places: tuple["Place", ...] = ()


def streets() -> list[Place]:
    """Every street of the city with what lies in it, by code."""
    city = current()
    names = city.town.area_names
    inside: dict[str, list[Place]] = {}
    for code in sorted(names):
        if rank(code) == "community" and code.startswith(city.profile.root_area):
            _, street, *_ = ancestors(code)
            inside.setdefault(street, []).append(_place(code, names))
    return [replace(_place(street, names), places=tuple(below)) for street, below in inside.items()]


def _place(code: str, names: Mapping[str, str]) -> Place:
    return Place(code, words.place_name(names, code, since=len(code)))


#: Whoever gets more than these types more.
_MOST_FOUND = 20


def named(typed: str) -> list[Place]:
    """Communities and grids whose name has every word typed, or where a sticker hangs whose label has them."""
    city, parts = current(), typed.split()
    if not parts:
        return []
    names = city.town.area_names
    choosable = (code for code in sorted(names) if rank(code) in _CHOOSABLE and code.startswith(city.profile.root_area))
    called = {code: words.place_name(names, code, since=_STREET) for code in choosable}
    fitting = [code for code, name in called.items() if all(part in name for part in parts)]
    labelled = [area[:_GRID] for area in places.labelled(typed.strip(), _MOST_FOUND)]
    found = dict.fromkeys(code for code in [*labelled, *fitting] if code in called)
    return [Place(code, called[code]) for code in found][:_MOST_FOUND]


def reporting_places(who: Actor, at: datetime) -> list[Group]:
    """Communities and grids that somebody looks after, to report for."""
    names = current().town.area_names
    codes = sorted({code for include in _included(who) for code in places.codes_under(include, at)})
    groups: dict[str, list[Option]] = {}
    for code in codes:
        if len(code) in (_COMMUNITY, _GRID) and _looks_after(who, code):
            label = words.place_name(names, code, since=_GRID) if len(code) == _GRID else ""
            groups.setdefault(code[:_COMMUNITY], []).append(Option(code, label))
    return [Group(words.place_name(names, code, since=9), tuple(options)) for code, options in groups.items()]


def _looks_after(who: Actor, code: str) -> bool:
    return any("report" in post.acts and post.scope.holds(code) for post in who.posts)


def _included(who: Actor) -> Iterator[str]:
    return (area for post in who.posts if "report" in post.acts for area in post.scope.include)
