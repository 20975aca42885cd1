"""What would leave a case lying: asked at start-up and on every change of a profile, a kind or the registers.

Each fault is one plain sentence that names what is wrong and where. A refusal means that a case could stay for
ever where nobody must act; a warning names what a desk above, or a clock, makes good.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from yizhi.core.city import City
from yizhi.core.faults import posts, rehearsal, table
from yizhi.core.kinds import Kind
from yizhi.core.profile import Profile
from yizhi.core.town import Town


@dataclass(frozen=True, slots=True)
class Faults:
    """`refusals` forbid the change; `warnings` only tell."""

    refusals: list[str]
    warnings: list[str]


def faults(kind: Kind, profile: Profile, town: Town) -> Faults:
    """The faults of one kind of matter in one city."""
    return _joined([_of_registers([kind], (), profile, town), _of_kind(kind, City(profile, town, {kind.code: kind}))])


def city_faults(city: City) -> Faults:
    """The faults of a whole city: every kind, and the names that its rules use."""
    kinds = list(city.kinds.values())
    registers = _of_registers(kinds, city.kinds, city.profile, city.town)
    return _joined([registers, *(_of_kind(kind, city) for kind in kinds)])


def _of_registers(kinds: Collection[Kind], known: Collection[str], profile: Profile, town: Town) -> Faults:
    return Faults(
        [*posts.nobody_at_all(kinds, town), *posts.unknown_names(kinds, known, profile, town)],
        [*posts.vacancies(kinds, profile, town), *posts.weak_names(kinds, profile, town)],
    )


def _of_kind(kind: Kind, city: City) -> Faults:
    """What the table shows; where it shows nothing, what walked cases show."""
    profile = city.profile
    refusals = [
        *table.missing_ways(kind),
        *table.endless_rounds(kind, profile.limits),
        *table.clock_faults(kind, profile),
    ]
    warnings = [*table.loose_limits(kind, profile.limits), *table.side_clock_warnings(kind, profile)]
    root = city.town.units.get(city.town.root)
    if refusals or root is None or root.kind != "desk":
        return Faults(refusals, warnings)
    return _joined([Faults([], warnings), _of_walks(kind, city)])


def _of_walks(kind: Kind, city: City) -> Faults:
    """Rules that lead to a kind which is not asked about here are left out."""
    routing = tuple(rule for rule in city.profile.routing if not rule.kind or rule.kind in city.kinds)
    city = replace(city, profile=replace(city.profile, routing=routing))
    verdicts = list(rehearsal.rehearse(city, kind))
    return Faults(
        [*(verdict.said for verdict in verdicts if verdict.hard), *rehearsal.limits_without_effect(city, kind)],
        [verdict.said for verdict in verdicts if not verdict.hard],
    )


def _joined(parts: Iterable[Faults]) -> Faults:
    """All of them, each sentence once."""
    found = list(parts)
    return Faults(
        list(dict.fromkeys(said for part in found for said in part.refusals)),
        list(dict.fromkeys(said for part in found for said in part.warnings)),
    )
