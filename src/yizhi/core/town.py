"""Who and where, as values: the units of a city and how they stand to one another.

A `Town` is an immutable picture of the registers (`people.queries.town()` builds it from the database and
keeps it in memory); with it every decision of the loop stays pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

UnitKind = Literal["desk", "grid", "station", "department", "other"]

#: Official widths of area codes: province, city, district, street, community; then grid, and what lies in it.
WIDTHS = (2, 4, 6, 9, 12, 15, 18)
Rank = Literal["province", "city", "district", "street", "community", "grid", "spot"]
RANKS: dict[int, Rank] = dict(zip(WIDTHS, get_args(Rank), strict=True))


def rank(area: str) -> Rank:
    """The rank that an area code's width gives; `KeyError` for a width that is not official."""
    return RANKS[len(area)]


def rank_width(level: Rank) -> int:
    """How many digits the code of an area of this rank has."""
    return next(width for width, name in RANKS.items() if name == level)


def ancestors(area: str) -> Iterator[str]:
    """The area itself, then every area above it, nearest first."""
    for width in reversed(WIDTHS):
        if width <= len(area):
            yield area[:width]


@dataclass(frozen=True, slots=True)
class Unit:
    """An office that can hold a case.

    `role` is what it is there for ("desk", "grid", "station", "urban_management", …): profiles name roles, the
    town finds the unit. `covers` are area prefixes. `acts` are the moves that somebody who serves there today
    may make: an empty set means that every post is vacant. `bound` are those that can be made on certain kinds of
    matter only, each with such a kind.
    """

    code: str
    name: str
    kind: UnitKind
    role: str
    area: str
    superior: str | None
    covers: tuple[str, ...] = ()
    acts: frozenset[str] = frozenset()
    phone: str = ""
    bound: frozenset[tuple[str, str]] = frozenset()

    def can(self, act: str, kind: str = "") -> bool:
        """Whether somebody who serves here today may make a move; with `kind`, on a matter of that kind."""
        bound = kind and any(act == one for one, _ in self.bound)
        return act in self.acts and (not bound or (act, kind) in self.bound)

    @property
    def rank(self) -> Rank:
        return rank(self.area)


@dataclass(frozen=True, eq=False)
class Town:
    """All units of a city. `root` is the desk above every other desk."""

    units: Mapping[str, Unit]
    root: str
    version: int = 0
    area_names: Mapping[str, str] = field(default_factory=dict)

    def unit(self, code: str) -> Unit:
        """`KeyError` when there is no such unit."""
        return self.units[code]

    def chain(self, code: str) -> Iterator[Unit]:
        """The unit, its superior, and so on up to the root. A cycle in bad data ends the walk."""
        seen: set[str] = set()
        step: str | None = code
        while step and step in self.units and step not in seen:
            seen.add(step)
            yield self.units[step]
            step = self.units[step].superior

    def is_above(self, upper: str, lower: str) -> bool:
        """Whether `upper` commands `lower`, directly or through others (never itself)."""
        return upper != lower and any(unit.code == upper for unit in self.chain(lower))

    def touched(self, about: frozenset[str]) -> frozenset[str]:
        """The units that a report is about, with all their subordinates."""
        return frozenset().union(*(self._with_below.get(code, ()) for code in about))

    def find(
        self, role: str, area: str, *, able: str = "", kind: str = "", without: frozenset[str] = frozenset()
    ) -> Unit | None:
        """The unit with this role that covers the area most closely.

        With `able`, only a unit where somebody who serves today may make that move, on a matter of this `kind`;
        `without` leaves units out.
        """
        for prefix in ancestors(area):
            for unit in self._covering.get((role, prefix), ()):
                if unit.code not in without and (not able or unit.can(able, kind)):
                    return unit
        return None

    def desk_for(
        self, area: str, *, able: str = "accept", kind: str = "", without: frozenset[str] = frozenset()
    ) -> Unit:
        """The desk that answers for an area: the nearest that is staffed, in the end the root."""
        return self.find("desk", area, able=able, kind=kind, without=without) or self.units[self.root]

    def desk_above(
        self, code: str, *, able: str = "accept", kind: str = "", without: frozenset[str] = frozenset()
    ) -> Unit:
        """The next staffed desk up the chain of command; the root's own answer is the root."""
        for unit in list(self.chain(code))[1:]:
            if unit.kind == "desk" and unit.code not in without and (not able or unit.can(able, kind)):
                return unit
        return self.units[self.root]

    @cached_property
    def _with_below(self) -> dict[str, set[str]]:
        """Every unit with all its subordinates: asked at every step of every case."""
        index: dict[str, set[str]] = {}
        for code in self.units:
            for up in self.chain(code):
                index.setdefault(up.code, set()).add(code)
        return index

    @cached_property
    def _covering(self) -> dict[tuple[str, str], list[Unit]]:
        index: dict[tuple[str, str], list[Unit]] = {}
        for unit in self.units.values():
            for prefix in unit.covers or (unit.area,):
                index.setdefault((unit.role, prefix), []).append(unit)
        return index
