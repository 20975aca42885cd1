"""The rules on matters: categories, the duty list, routing, clocks; and what they say about one another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from yizhi.core.calendar import Span, TimeUnit
from yizhi.core.profile.model import CLOCK_NAMES, OWNERS, Category, ClockRule, DutyLine, nearest_duty
from yizhi.core.profile.source import Entry, Source
from yizhi.core.routing import RoutingMove, RoutingRule
from yizhi.core.town import RANKS, Rank

_TIME_UNITS: tuple[TimeUnit, ...] = get_args(TimeUnit)
_ROUTING_MOVES: tuple[RoutingMove, ...] = get_args(RoutingMove)
_RANKS: tuple[Rank, ...] = tuple(RANKS.values())
#: The clocks that a category may set, each with the column of its figure and of the figure's ground.
_FIGURES = {
    "arrive": ("arrive_hours", "arrive_ground"),
    "reply": ("reply_hours", "reply_ground"),
    "handle": ("finish_workdays", "finish_ground"),
}
_CATEGORY_COLUMNS = (
    "code", "parent", "name_zh", "name_en", "lead", "assists", "grid",
    *(column for pair in _FIGURES.values() for column in pair), "sensitive", "emergency", "note",
)  # fmt: skip
_DUTY_COLUMNS = ("category", "lead", "level", "clause", "line")


@dataclass(frozen=True, slots=True)
class Names:
    """What the rules of this city may name."""

    kinds: Collection[str]
    units: Collection[str]
    sources: Collection[str]
    categories: Mapping[str, Category]
    root_area: str

    def kinds_in(self, entry: Entry) -> tuple[str, ...]:
        return entry.known("kinds", self.kinds, "kind")

    def categories_in(self, entry: Entry) -> tuple[str, ...]:
        prefixes = entry.names("categories")
        for prefix in prefixes:
            self.expect_category(entry, "categories", prefix)
        return prefixes

    def areas_in(self, entry: Entry) -> tuple[str, ...]:
        prefixes = entry.names("areas")
        for prefix in prefixes:
            if not prefix.startswith(self.root_area):
                entry.fault(f"“areas” names {prefix}, which does not lie in {self.root_area}.")
        return prefixes

    def expect_category(self, entry: Entry, key: str, prefix: str) -> None:
        if self.categories and not any(code.startswith(prefix) for code in self.categories):
            entry.fault(f"“{key}” names the category “{prefix}”, which does not exist.")


# -- categories and duties --------------------------------------------------------------------------------------


def categories(source: Source, units: Collection[str]) -> dict[str, Category]:
    """Groups before their categories. A group has a name only; a category says who leads, and by when."""
    found: dict[str, Category] = {}
    for entry in source.csv("categories.csv", *_CATEGORY_COLUMNS):
        category = _category(entry, units)
        if category.code in found:
            entry.fault(f"the code {category.code} stands in an earlier line too.")
        if category.parent and category.parent not in found:
            entry.fault(f"the parent {category.parent} does not stand above this line.")
        if not category.code.startswith(category.parent):
            entry.fault(f"the code must begin with its parent's, {category.parent}.")
        found[category.code] = category
    return found


def _category(entry: Entry, units: Collection[str]) -> Category:
    parent = entry.text("parent", required=False)
    if not parent and (entry.has("lead") or any(entry.has(figure) for figure, _ in _FIGURES.values())):
        entry.fault("a group of categories has neither a lead nor time limits.")
    lead = entry.text("lead", required=bool(parent))
    entry.expect("lead", lead, units, "unit role")
    return Category(
        code=entry.text("code"),
        parent=parent,
        name_zh=entry.text("name_zh"),
        name_en=entry.text("name_en"),
        lead=lead,
        assists=entry.known("assists", units, "unit role"),
        grid=entry.flag("grid"),
        arrive_hours=entry.optional_number("arrive_hours"),
        reply_hours=entry.optional_number("reply_hours"),
        finish_workdays=entry.optional_number("finish_workdays"),
        sensitive=entry.flag("sensitive"),
        note=entry.text("note", required=False),
        emergency=entry.text("emergency", required=False),
        grounds={clock: _ground(entry, *columns) for clock, columns in _FIGURES.items()},
    )


def _ground(entry: Entry, figure: str, column: str) -> str:
    """Where a figure comes from; required as soon as there is one."""
    if entry.has(column) and not entry.has(figure):
        entry.fault(f"“{column}” is given, but “{figure}” is not.")
    return entry.text(column, required=entry.has(figure))


def duties(source: Source, names: Names) -> tuple[DutyLine, ...]:
    lines: dict[str, DutyLine] = {}
    for entry in source.csv("duties.csv", *_DUTY_COLUMNS):
        line = DutyLine(
            category=entry.text("category"),
            lead=entry.text("lead"),
            level=entry.choice("level", _RANKS),
            clause=entry.text("clause"),
            line=entry.text("line"),
        )
        names.expect_category(entry, "category", line.category)
        entry.expect("lead", line.lead, names.units, "unit role")
        if line.category in lines:
            entry.fault(f"the category {line.category} stands in an earlier line too.")
        lines[line.category] = line
    found = tuple(lines.values())
    _expect_agreement(source, names, found)
    return found


def _expect_agreement(source: Source, names: Names, lines: tuple[DutyLine, ...]) -> None:
    """The lead that a category proposes must be the one that the duty list demands."""
    for category in names.categories.values():
        line = nearest_duty(lines, category.code)
        if line and category.lead in names.units and category.lead != line.lead:
            source.faults.append(
                f"duties.csv, category {line.category}: {line.lead} must lead {category.code},"
                f" but categories.csv proposes {category.lead}."
            )


# -- routing and clocks -----------------------------------------------------------------------------------------


def about_places(categories: Mapping[str, Category], routing: Iterable[RoutingRule]) -> frozenset[str]:
    """Categories about places: somebody goes and looks, nothing in them is anybody's own affair, and no rule makes
    them a matter of another kind, as of the police."""
    turned = tuple(prefix for rule in routing if rule.kind not in ("", "matter") for prefix in rule.categories or ("",))
    calm = {code for code, one in categories.items() if not one.sensitive and not code.startswith(turned)}
    return frozenset(
        code for code in calm if categories[code].parent in calm and categories[code].arrive_hours is not None
    )


def routing(source: Source, names: Names) -> tuple[RoutingRule, ...]:
    rules: list[RoutingRule] = []
    root = source.toml("routing.toml")
    for entry in root.tables("rule"):
        rule = _routing_rule(entry, names)
        for earlier in rules:
            if earlier.name == rule.name:
                entry.fault("an earlier rule has the same name.")
            elif earlier.covers(rule):
                entry.fault(f"it can never match: “{earlier.name}” stands before it and takes all its reports.")
        rules.append(rule)
    root.finish()
    return tuple(rules)


def _routing_rule(entry: Entry, names: Names) -> RoutingRule:
    to, kind = entry.text("to"), entry.text("kind", required=False)
    entry.expect("to", to, names.units, "unit role")
    entry.expect("kind", kind, names.kinds, "kind")
    rule = RoutingRule(
        name=entry.text("name"),
        to=to,
        kind=kind,
        move=entry.choice("move", _ROUTING_MOVES),
        kinds=names.kinds_in(entry),
        categories=names.categories_in(entry),
        areas=names.areas_in(entry),
        hours=_hours(entry),
        weekdays=entry.numbers("weekdays"),
        keywords=entry.names("keywords"),
        sources=entry.known("sources", names.sources, "source"),
        assists=entry.known("with", names.units, "unit role"),
    )
    if rule.assists and rule.move != "route":
        entry.fault("“with” belongs to a rule that routes: where a desk decides, the desk names who assists.")
    if not set(rule.weekdays) <= set(range(1, 8)):
        entry.fault("“weekdays” must be numbers from 1 (Monday) to 7.")
    entry.finish()
    return rule


def _hours(entry: Entry) -> tuple[int, int] | None:
    match entry.numbers("hours"):
        case ():
            return None
        case (start, end) if start != end and max(start, end) <= 24:
            return start, end
        case _:
            entry.fault("“hours” must be two different hours from 0 to 24: from, and until (not included).")
            return None


def clocks(source: Source, names: Names) -> tuple[ClockRule, ...]:
    root = source.toml("clocks.toml")
    rules = tuple(_clock_rule(entry, names) for entry in root.tables("clock"))
    root.finish()
    return rules


def _clock_rule(entry: Entry, names: Names) -> ClockRule:
    rule = ClockRule(
        clock=entry.choice("name", CLOCK_NAMES),
        span=Span(entry.number("amount"), entry.choice("unit", _TIME_UNITS)),
        ground=entry.text("ground"),
        owner=entry.choice("owner", OWNERS),
        breaches=entry.number("breaches", default=0),
        kinds=names.kinds_in(entry),
        categories=names.categories_in(entry),
        areas=names.areas_in(entry),
    )
    entry.finish()
    return rule
