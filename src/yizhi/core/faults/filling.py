"""Facts that a move may be made with: what a rehearsal types where a person would."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from yizhi.core.asked import Fact, FactKind
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.loop import Move

T = TypeVar("T")


@dataclass(slots=True)
class Choose:
    """Which of several possible values is taken: always the `n`th, and optional facts are filled in too."""

    n: int = 0

    def one(self, values: Sequence[T]) -> T:
        return values[min(self.n, len(values) - 1)]

    def skips(self) -> bool:
        """Whether an optional fact is left out."""
        return False


def filled(move: Move, case: Case, city: City, at: datetime, choose: Choose) -> dict[str, Any]:
    """One value for each fact that the move asks; facts without any possible value are left out."""
    facts: dict[str, Any] = {}
    for fact in city.kinds[case.kind].facts(move):
        values = _VALUES[fact.kind](fact, case, city, at)
        if values and (fact.required or not choose.skips()):
            facts[fact.key] = _several(values, choose) if fact.kind == "units" else choose.one(values)
    return facts


def _several(values: Sequence[Any], choose: Choose) -> list[Any]:
    return [choose.one(values) for _ in range(choose.one((1, 2, 3)))]


def _units(fact: Fact, case: Case, city: City, at: datetime) -> list[str]:
    """The unit that the category proposes, then all others that may take part."""
    off = city.off_limits(case)
    category = city.profile.category(case.category)
    lead = city.town.find(category.lead, case.area, able="sign", without=off) if category else None
    codes = [code for code, unit in city.town.units.items() if unit.acts and code not in off]
    return [lead.code, *codes] if lead else codes


def _categories(fact: Fact, case: Case, city: City, at: datetime) -> list[str]:
    leaves = [row.code for row in city.profile.categories.values() if row.parent]
    return [case.category, *leaves] if case.category else leaves


def _late(fact: Fact, case: Case, city: City, at: datetime) -> list[str]:
    return [name.removeprefix("late:") for name in case.counts if name.startswith("late:")]


#: In days; the last one is more than may be put off twice.
_PAUSES = (10, 1, 30, 61)

_VALUES: dict[FactKind, Callable[[Fact, Case, City, datetime], Sequence[Any]]] = {
    "text": lambda fact, case, city, at: ("as told",),
    "code": lambda fact, case, city, at: ("rehearsal",),
    "choice": lambda fact, case, city, at: fact.options,
    "unit": _units,
    "units": _units,
    "category": _categories,
    "area": lambda fact, case, city, at: (case.area,),
    "case": lambda fact, case, city, at: (1,),
    "number": lambda fact, case, city, at: (1, 2, 3),
    "date": lambda fact, case, city, at: [at + timedelta(days=days) for days in _PAUSES],
    "flag": lambda fact, case, city, at: (True, False),
    "clock": _late,
}
