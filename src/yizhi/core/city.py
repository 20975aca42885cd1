"""What a decision looks at: the city's rules, its units, its kinds; and what is asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.kinds import Kind
from yizhi.core.profile import DutyLine, Profile
from yizhi.core.town import Town, Unit, rank_width


@dataclass(frozen=True, slots=True)
class City:
    """A profile, the units in force, and the kinds of matter offered here."""

    profile: Profile
    town: Town
    kinds: Mapping[str, Kind]

    def off_limits(self, case: Case) -> frozenset[str]:
        """The units that a report is about, subordinates included: they never take part."""
        return self.town.touched(frozenset(case.about))

    def desk_for(self, case: Case) -> Unit:
        """The nearest staffed desk of the kind's own sort; where there is none, the desk of the place."""
        role, without = self.kinds[case.kind].desk, self.off_limits(case)
        own = self.town.find(role, case.area, able="accept", kind=case.kind, without=without)
        return own or self.town.desk_for(case.area, kind=case.kind, without=without)

    def duty_against(self, category: str, unit: Unit) -> DutyLine | None:
        """履职清单: the line that does not let this unit lead the category, because one of a higher level must."""
        line = self.profile.duty(category)
        if line is None or unit.role == line.lead or rank_width(line.level) >= len(unit.area):
            return None
        return line

    def desk_above(self, case: Case, unit: str) -> Unit:
        """The next staffed desk above a unit that may see the case; at the root, the root. Nobody stands above a unit
        that is gone: then the desk that answers for the place now."""
        if unit not in self.town.units:
            return self.desk_for(case)
        return self.town.desk_above(unit, kind=case.kind, without=self.off_limits(case))


@dataclass(frozen=True, slots=True)
class Ask:
    """A move asked for. `happened` is when it is said to have been made (None: now). `draw` in [0, 1) decides
    whether a self-solved case is in the sample that gets checked."""

    move: str
    by: Actor
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    happened: datetime | None = None
    draw: float = 1.0
