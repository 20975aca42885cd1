"""Which cases somebody may see, as ways into the tables: equality on the scope's own width, or a unit's hand.

Each way can be walked in the order of an index, due first or newest first; fifty rows cost fifty rows, however many
there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yizhi.core.actor import Actor, Post
from yizhi.core.city import City

#: Widths of area codes that have a column of their own.
COLUMNS = (6, 9, 12, 15)


@dataclass(slots=True)
class Condition:
    """A case is found when it comes by one of the `ways` and all `parts` hold. `c` is the case's row; `walked` the
    one whose index gives the order: the same, or (`by_hand`) a unit's hand in the case."""

    ways: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    by_hand: bool = False

    def add(self, part: str, **values: Any) -> None:
        self.parts.append(part)
        self.values |= values

    @property
    def walked(self) -> str:
        return "h" if self.by_hand else "c"

    @property
    def walked_id(self) -> str:
        return "h.case_id" if self.by_hand else "c.id"

    @property
    def source(self) -> str:
        """What stands after FROM."""
        return "cases_hand AS h JOIN cases_case AS c ON c.id = h.case_id" if self.by_hand else "cases_case AS c"

    def where(self, *ways: str) -> str:
        """What stands after WHERE, for one way or for all."""
        either = " OR ".join(f"({way})" for way in ways or self.ways) or "false"
        return " AND ".join([f"({either})", *self.parts])


def in_sight(who: Actor, city: City, scope: str = "") -> Condition:
    """The cases of the areas that `who` looks after, narrowed to `scope`. Cases about their own unit, or one above
    it, and secret ones are never among them."""
    found = Condition()
    for number, post in enumerate(post for post in who.posts if "see" in post.acts):
        found.ways += _post_ways(post, number, scope, city, found)
    found.add("NOT c.secret")
    not_about_us(who, city, found)
    return found


def in_hand(who: Actor, city: City, *, holding: bool = True) -> Condition:
    """The cases that a unit of `who` holds, or (not `holding`) has any hand in."""
    found = Condition(by_hand=not holding)
    column = "c.holder" if holding else "h.unit"
    for number, unit in enumerate(sorted(who.units)):
        found.ways.append(f"{column} = %(u{number})s")
        found.values[f"u{number}"] = unit
    not_about_us(who, city, found)
    return found


def waiting_for(who: Actor, city: City) -> Condition:
    """The cases in which somebody waits for a word from a unit of `who` that need not hold them: an assistant's
    feedback, a ruling, a decision on an extension, a report-in, an opinion, a second person, an answer to a leader."""
    found = Condition()
    found.ways.append("cases_waiting(c.state) && %(mine)s")
    found.add("c.due IS NOT NULL AND cases_waits(c.state)", mine=sorted(who.units))
    not_about_us(who, city, found)
    return found


def not_about_us(who: Actor, city: City, found: Condition) -> None:
    above_me = sorted({up.code for unit in who.units for up in city.town.chain(unit)})
    if above_me:
        found.add("NOT (c.about && %(above_me)s)", above_me=above_me)


def _post_ways(post: Post, number: int, scope: str, city: City, found: Condition) -> Iterator[str]:
    """What one post may see, area by area; none when the wanted scope lies outside it."""
    parts = []
    for place, area in enumerate(post.scope.exclude):
        parts.append(f"NOT starts_with(c.area, %(x{number}_{place})s)")
        found.values[f"x{number}_{place}"] = area
    open_kinds = sorted(code for code, kind in city.kinds.items() if not kind.secret and post.kinds & {code, "*"})
    if len(open_kinds) < len(city.kinds):
        parts.append(f"c.kind = ANY(%(k{number})s)")
        found.values[f"k{number}"] = open_kinds
    wanted = [met for include in post.scope.include if (met := _meet(include, scope)) is not None]
    for place, area in enumerate(code for each in wanted for code in _columned(each, city)):
        yield " AND ".join([_area(area, f"p{number}_{place}", found), *parts])


def _meet(include: str, scope: str) -> str | None:
    """The narrower of two areas, or None when they do not overlap."""
    if include.startswith(scope):
        return include
    return scope if scope.startswith(include) else None


def _columned(area: str, city: City) -> list[str]:
    """An area too wide for a column: itself (what was reported for no district), and the districts in it."""
    if len(area) >= COLUMNS[0]:
        return [area]
    names = city.town.area_names
    return [area, *(code for code in names if len(code) == COLUMNS[0] and code.startswith(area))]


def _area(area: str, name: str, found: Condition) -> str:
    """Equality on the widest column that fits; what lies between two widths is compared in full as well."""
    width = max((width for width in COLUMNS if width <= len(area)), default=COLUMNS[0])
    found.values[name] = area[:width]
    if len(area) <= width:
        return f"c.a{width} = %({name})s"
    found.values[f"{name}_all"] = area
    return f"c.a{width} = %({name})s AND starts_with(c.area, %({name}_all)s)"
