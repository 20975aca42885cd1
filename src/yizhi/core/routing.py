"""Routing: an ordered list of matchers on named fields. The first rule that matches wins; its name is
recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

RoutingMove = Literal["route", "offer"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at: the report as it came in.

    `hour` (0 to 23) and `weekday` (ISO: Monday is 1) are local time; `source` is how the report came in (a `source.*`
    word of the profile).
    """

    kind: str
    category: str
    area: str
    hour: int
    weekday: int
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Where a report goes. An empty field matches everything.

    `to` is a unit role; `kind` turns the case into this kind. "route" hands it over with no desk in between,
    "offer" only proposes the unit to the desk. `assists` are the roles of units that help whoever leads.
    `categories` and `areas` are prefixes; `hours` is (from, until), until not included, and may pass midnight; of
    `keywords` any one in the text is enough.
    """

    name: str
    to: str
    kind: str = ""
    move: RoutingMove = "offer"
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    hours: tuple[int, int] | None = None
    weekdays: tuple[int, ...] = ()
    keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    assists: tuple[str, ...] = ()

    def matches(self, facts: Facts) -> bool:
        return (
            (not self.kinds or facts.kind in self.kinds)
            and (not self.categories or facts.category.startswith(self.categories))
            and (not self.areas or facts.area.startswith(self.areas))
            and (self.hours is None or _within(facts.hour, *self.hours))
            and (not self.weekdays or facts.weekday in self.weekdays)
            and (not self.sources or facts.source in self.sources)
            and (not self.keywords or _mentions(facts.text, self.keywords))
        )

    def covers(self, other: "RoutingRule") -> bool:
        """Whether every report that `other` matches is matched by this rule too: placed before it, it hides
        it.
        """
        return (
            _covers(self.kinds, other.kinds)
            and _covers_prefixes(self.categories, other.categories)
            and _covers_prefixes(self.areas, other.areas)
            and self.hours in (None, other.hours)
            and _covers(self.weekdays, other.weekdays)
            and _covers(self.sources, other.sources)
            and _covers(self.keywords, other.keywords)
        )


def first_match(rules: Iterable[RoutingRule], facts: Facts) -> RoutingRule | None:
    """The first rule that matches, or None: then a desk decides. As long as nobody has said what sort of matter it is
    a rule may propose, but hands nothing over: the unit would work on what no clock and no duty list knows."""
    known = bool(facts.category)
    return next((rule for rule in rules if (known or rule.move != "route") and rule.matches(facts)), None)


def _within(hour: int, start: int, end: int) -> bool:
    return start <= hour < end if start < end else hour >= start or hour < end


def _mentions(text: str, keywords: tuple[str, ...]) -> bool:
    folded = text.casefold()
    return any(word.casefold() in folded for word in keywords)


def _covers(wide: tuple[object, ...], narrow: tuple[object, ...]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _covers_prefixes(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return not wide or (bool(narrow) and all(prefix.startswith(wide) for prefix in narrow))
