"""Which cases somebody may see, as a condition on the table: equality on the scope's own width."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from yizhi.core.actor import Actor, Post
from yizhi.core.city import City

#: Widths that have a column of their own; a wider scope is the whole city, a narrower one is compared in full.
COLUMNS = (6, 9, 12, 15)


@dataclass(slots=True)
class Condition:
    """Parts of a WHERE over `cases_case AS c`, with their values."""

    parts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, part: str, **values: Any) -> None:
        self.parts.append(part)
        self.values |= values

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts) or "true"


def in_sight(who: Actor, city: City, scope: str = "") -> Condition:
    """The cases of the areas that `who` looks after, narrowed to `scope`. Cases about their own unit, or one above
    it, and secret ones are never among them."""
    found = Condition()
    areas = [part for number, post in enumerate(_seeing(who)) if (part := _post_part(post, number, scope, city, found))]
    found.add(f"({' OR '.join(areas)})" if areas else "false")
    found.add("NOT c.secret")
    not_about_us(who, city, found)
    return found


def in_hand(who: Actor, city: City, *, holding: bool = True) -> Condition:
    """The cases that a unit of `who` holds, or (not `holding`) has any hand in."""
    found = Condition()
    if not holding:
        found.add("c.hands && %(units)s", units=sorted(who.units))
    elif len(who.units) == 1:  # equality, not ANY: the index then gives them in order
        found.add("c.holder = %(unit)s", unit=next(iter(who.units)))
    else:
        found.add("c.holder = ANY(%(units)s)", units=sorted(who.units))
    not_about_us(who, city, found)
    return found


def not_about_us(who: Actor, city: City, found: Condition) -> None:
    above_me = sorted({up.code for unit in who.units for up in city.town.chain(unit)})
    found.add("NOT (c.about && %(above_me)s)", above_me=above_me)


def _seeing(who: Actor) -> Iterable[Post]:
    return (post for post in who.posts if "see" in post.acts)


def _post_part(post: Post, number: int, scope: str, city: City, found: Condition) -> str:
    """What one post may see; empty when the wanted scope lies outside it."""
    wanted = [area for include in post.scope.include if (area := _meet(include, scope)) is not None]
    if not wanted:
        return ""
    parts = [" OR ".join(_area_part(area, f"p{number}_{place}", city, found) for place, area in enumerate(wanted))]
    for place, area in enumerate(post.scope.exclude):
        parts.append(f"NOT starts_with(c.area, %(x{number}_{place})s)")
        found.values[f"x{number}_{place}"] = area
    open_kinds = sorted(code for code, kind in city.kinds.items() if not kind.secret and post.kinds & {code, "*"})
    if len(open_kinds) < len(city.kinds):
        parts.append(f"c.kind = ANY(%(k{number})s)")
        found.values[f"k{number}"] = open_kinds
    return f"({' AND '.join(f'({part})' for part in parts)})"


def _meet(include: str, scope: str) -> str | None:
    """The narrower of two areas, or None when they do not overlap."""
    if include.startswith(scope):
        return include
    return scope if scope.startswith(include) else None


def _area_part(area: str, name: str, city: City, found: Condition) -> str:
    width = len(area)
    if width not in COLUMNS and city.profile.root_area.startswith(area):
        return "true"
    found.values[name] = area
    return f"c.a{width} = %({name})s" if width in COLUMNS else f"starts_with(c.area, %({name})s)"
