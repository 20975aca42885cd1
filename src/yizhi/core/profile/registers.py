"""The registers that a profile brings along: areas, grids, units, posts. Afterwards they are edited
elsewhere.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from yizhi.core.errors import BadProfile
from yizhi.core.profile.loading import load
from yizhi.core.profile.model import Profile
from yizhi.core.profile.source import Entry, Source
from yizhi.core.town import WIDTHS, UnitKind, rank

_UNIT_KINDS: tuple[UnitKind, ...] = get_args(UnitKind)
_UNIT_COLUMNS = ("code", "name", "kind", "role", "area", "covers", "superior", "phone")
_POST_COLUMNS = (
    "unit", "role", "title", "account", "include", "exclude", "valid_from", "valid_until", "deputy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaSeed:
    """An official area, or a grid; lon, lat in WGS-84 when its centre is known."""

    code: str
    name: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class UnitSeed:
    """As `core.town.Unit`, without the people."""

    code: str
    name: str
    kind: UnitKind
    role: str
    area: str
    covers: tuple[str, ...]
    superior: str | None
    phone: str


@dataclass(frozen=True, slots=True)
class PostSeed:
    """A post of a unit and who serves there: `account` is a login, "" a vacancy. Scopes are area prefixes.

    `deputy`: the account stands in for whoever is missing.
    """

    unit: str
    role: str
    title: str
    account: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True)
class Seeds:
    """`areas` go from the top down, `grids` lie in communities, `units` stand in any order."""

    areas: tuple[AreaSeed, ...]
    grids: tuple[AreaSeed, ...]
    units: tuple[UnitSeed, ...]
    posts: tuple[PostSeed, ...]


def seeds(folder: Path) -> Seeds:
    """Read and check the registers of a profile. Raises `BadProfile` with every fault, those of the rules
    first.
    """
    profile, source = load(folder), Source(folder)
    areas = _areas(source, profile)
    grids = _grids(source, areas)
    places = areas.keys() | grids.keys()
    units = _units(source, profile, places)
    posts = _posts(source, profile, units, places)
    _expect_roles(source, profile, units.values())
    if source.faults:
        raise BadProfile(source.faults)
    return Seeds(tuple(areas.values()), tuple(grids.values()), tuple(units.values()), posts)


# -- areas ------------------------------------------------------------------------------------------------------


def _areas(source: Source, profile: Profile) -> dict[str, AreaSeed]:
    found: dict[str, AreaSeed] = {}
    for entry in source.csv("areas.csv", "code", "name"):
        code = _area_code(entry, found)
        if not code:
            continue
        above = max((width for width in WIDTHS if width < len(code)), default=0)
        if above and code[:above] not in found:
            entry.fault(f"the area above it, {code[:above]}, does not stand above this line.")
        found[code] = AreaSeed(code, entry.text("name"))
    if found and profile.root_area not in found:
        source.faults.append(f"areas.csv: the city's own area, {profile.root_area}, is missing.")
    return found


def _grids(source: Source, areas: Collection[str]) -> dict[str, AreaSeed]:
    found: dict[str, AreaSeed] = {}
    for entry in source.csv("grids.csv", "code", "name", "lon", "lat"):
        code = _area_code(entry, found)
        if code and (rank(code) != "grid" or code[:-3] not in areas):
            entry.fault(f"{code} must be the code of a community in areas.csv and three digits more.")
        lon, lat = entry.decimal("lon", -180, 180), entry.decimal("lat", -90, 90)
        if code:
            found[code] = AreaSeed(code, entry.text("name"), lon, lat)
    return found


def _area_code(entry: Entry, found: Collection[str]) -> str:
    """The code of this line; "" when it cannot be one."""
    code = entry.text("code")
    if code in found:
        entry.fault(f"the code {code} stands in an earlier line too.")
    if code.isascii() and code.isdecimal() and len(code) in WIDTHS:
        return code
    if code:
        entry.fault(f"“{code}” is no area code: it needs {', '.join(map(str, WIDTHS))} digits.")
    return ""


# -- units ------------------------------------------------------------------------------------------------------


def _units(source: Source, profile: Profile, places: Collection[str]) -> dict[str, UnitSeed]:
    found: dict[str, UnitSeed] = {}
    lines: dict[str, Entry] = {}
    for entry in source.csv("units.csv", *_UNIT_COLUMNS):
        unit = _unit(entry, profile.words.names("unit"), places)
        if unit.code in found:
            entry.fault(f"the code {unit.code} stands in an earlier line too.")
        found[unit.code], lines[unit.code] = unit, entry
    for code, entry in lines.items():
        _expect_superior(entry, code, found, profile.root_unit)
    if found and profile.root_unit not in found:
        source.faults.append(f"units.csv: the desk above all others, {profile.root_unit}, is missing.")
    return found


def _unit(entry: Entry, roles: Collection[str], places: Collection[str]) -> UnitSeed:
    unit = UnitSeed(
        code=entry.text("code"),
        name=entry.text("name"),
        kind=entry.choice("kind", _UNIT_KINDS),
        role=entry.text("role"),
        area=entry.text("area"),
        covers=entry.known("covers", places, "area"),
        superior=entry.text("superior", required=False) or None,
        phone=entry.text("phone", required=False),
    )
    entry.expect("role", unit.role, roles, "unit role")
    entry.expect("area", unit.area, places, "area")
    return unit


def _expect_superior(entry: Entry, code: str, units: Mapping[str, UnitSeed], root: str) -> None:
    """The chain of command must end at the root, and only there."""
    superior = units[code].superior
    if superior is None and code != root:
        entry.fault(f"{code} has no superior; only {root} may have none.")
    elif superior is not None and superior not in units:
        entry.fault(f"“superior” names the unit “{superior}”, which does not exist.")
    elif code in _above(code, units):
        entry.fault(f"{code} stands above itself: its superiors form a circle.")


def _above(code: str, units: Mapping[str, UnitSeed]) -> set[str]:
    """The units above a unit, itself among them when they form a circle."""
    above: set[str] = set()
    step = units[code].superior
    while step is not None and step in units and step not in above:
        above.add(step)
        step = units[step].superior
    return above


def _expect_roles(source: Source, profile: Profile, units: Iterable[UnitSeed]) -> None:
    """A role that a rule names, but that no unit has, would leave a matter without anybody to lead it."""
    served = {unit.role for unit in units}
    asked = {
        "categories.csv": {
            role for category in profile.categories.values() for role in (category.lead, *category.assists)
        },
        "duties.csv": {line.lead for line in profile.duties},
        "routing.toml": {role for rule in profile.routing for role in (rule.to, *rule.assists)},
    }
    for file, roles in asked.items():
        for role in sorted(roles - served - {""}):
            source.faults.append(f"{file}: the role “{role}” is asked for, but no unit in units.csv has it.")


# -- posts ------------------------------------------------------------------------------------------------------


def _posts(source: Source, profile: Profile, units: Collection[str], places: Collection[str]) -> tuple[PostSeed, ...]:
    found = []
    for entry in source.csv("posts.csv", *_POST_COLUMNS):
        post = _post(entry, places)
        entry.expect("unit", post.unit, units, "unit")
        entry.expect("role", post.role, profile.roles, "role")
        if post.valid_until and post.valid_until < post.valid_from:
            entry.fault("“valid_until” is before “valid_from”.")
        if post.deputy and not post.account:
            entry.fault("a deputy needs an account.")
        found.append(post)
    return tuple(found)


def _post(entry: Entry, places: Collection[str]) -> PostSeed:
    return PostSeed(
        unit=entry.text("unit"),
        role=entry.text("role"),
        title=entry.text("title"),
        account=entry.text("account", required=False),
        include=entry.known("include", places, "area"),
        exclude=entry.known("exclude", places, "area"),
        valid_from=entry.optional_day("valid_from", required=True) or date.min,
        valid_until=entry.optional_day("valid_until"),
        deputy=entry.flag("deputy"),
    )
