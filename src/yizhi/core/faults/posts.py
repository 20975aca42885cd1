"""Faults of the registers: a duty that nobody has, a unit that is named and does not exist."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from yizhi.core.kinds import Kind
from yizhi.core.profile import Profile
from yizhi.core.town import Town, Unit

#: What a desk is there for; on the way up to the root somebody must be able to do each.
DESK_DUTIES = (
    "accept", "dispatch", "recall", "rule", "grant_extension", "verify", "rework", "follow_up", "reopen", "decline",
    "transfer",
)  # fmt: skip
_LEAD_DUTIES = ("sign", "finish")
_OPENING_DUTIES = ("take", "solve", "finish")
_ASSIST_DUTIES = ("assist_done",)
_NAMED_AT_MOST = 3


def used(kinds: Collection[Kind]) -> frozenset[str]:
    """The moves that some kind of matter makes."""
    return frozenset().union(*(kind.moves for kind in kinds))


# -- posts ------------------------------------------------------------------------------------------------------


def nobody_at_all(kinds: Collection[Kind], town: Town) -> Iterator[str]:
    """Duties that no desk has, from a desk up to the root."""
    root = town.units.get(town.root)
    if root is None or root.kind != "desk":
        yield f"The root “{town.root}” is no desk of this city."
        return
    for unit in town.units.values():
        if unit.kind == "desk" and list(town.chain(unit.code))[-1].code != town.root:
            yield f"{unit.name}: its superiors do not lead up to {root.name}."
    for duty in DESK_DUTIES:
        if duty in used(kinds) - root.acts:
            yield f"{root.name}: nobody can {duty}, and no desk stands above it."


def vacancies(kinds: Collection[Kind], profile: Profile, town: Town) -> Iterator[str]:
    """What nobody in a unit below the root can do; a desk above does it then, or a clock moves the case on."""
    moves, wanted = used(kinds), _wanted(kinds, profile)
    above_desks = {unit.superior for unit in town.units.values() if unit.kind == "desk"}
    for unit in town.units.values():
        duties = [*wanted[unit.role], *(DESK_DUTIES if unit.kind == "desk" else ())]
        if unit.code not in above_desks:
            duties = [duty for duty in duties if duty != "rule"]
        missing = [duty for duty in dict.fromkeys(duties) if duty in moves and duty not in unit.acts]
        if missing and unit.code != town.root:
            yield f"{unit.name}: nobody can {', '.join(missing)}."


def _wanted(kinds: Collection[Kind], profile: Profile) -> dict[str, list[str]]:
    """Role → what units of this role are called on for."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for kind in kinds:
        if kind.opens_to and any(category.grid for category in profile.categories.values()):
            wanted[kind.opens_to] += [*_LEAD_DUTIES, *_OPENING_DUTIES]
    for role in _leads(profile):
        wanted[role] += _LEAD_DUTIES
    for category in profile.categories.values():
        for role in category.assists:
            wanted[role] += _ASSIST_DUTIES
    return wanted


# -- names ------------------------------------------------------------------------------------------------------


def unknown_names(kinds: Collection[Kind], known: Collection[str], profile: Profile, town: Town) -> Iterator[str]:
    """Roles and kinds that the rules name and that do not exist here. `known` are the codes of all kinds; empty:
    not asked."""
    roles = {unit.role for unit in _inside(profile, town)}
    for role, said in _leads(profile).items():
        if role not in roles:
            yield f"{said}: no unit has the role {role}."
    moves = {kind.code: kind.moves for kind in kinds}
    for rule in profile.routing:
        if rule.kind and known and rule.kind not in known:
            yield f"Routing rule {rule.name}: there is no kind {rule.kind}."
        elif rule.move == "route" and "route" not in moves.get(rule.kind, {"route"}):
            yield f"Routing rule {rule.name}: the kind {rule.kind} leaves out “route”."


def weak_names(kinds: Collection[Kind], profile: Profile, town: Town) -> Iterator[str]:
    """Roles that stand nowhere, or not everywhere; there a desk must choose somebody else."""
    roles = {unit.role for unit in _inside(profile, town)}
    helpers = {role: category.code for category in profile.categories.values() for role in category.assists}
    openers = {kind.opens_to: kind.code for kind in kinds if kind.opens_to}
    for named, what in ((helpers, "Category {}, assistance"), (openers, "Kind {}, first hand")):
        for role, code in named.items():
            if role not in roles:
                yield f"{what.format(code)}: no unit has the role {role}."
    for role, said in _leads(profile).items():
        bare = _uncovered(role, profile, town) if role in roles else []
        if bare:
            more = f" and {len(bare) - _NAMED_AT_MOST} more" if len(bare) > _NAMED_AT_MOST else ""
            yield f"{said}: no unit with the role {role} covers {', '.join(bare[:_NAMED_AT_MOST])}{more}."


def _leads(profile: Profile) -> dict[str, str]:
    """Role → the first rule that gives it work to lead."""
    named: dict[str, str] = {}
    for category in profile.categories.values():
        if category.lead:
            named.setdefault(category.lead, f"Category {category.code}")
    for line in profile.duties:
        named.setdefault(line.lead, f"Duty list, category {line.category}")
    for rule in profile.routing:
        named.setdefault(rule.to, f"Routing rule {rule.name}")
    return named


def _inside(profile: Profile, town: Town) -> list[Unit]:
    return [unit for unit in town.units.values() if unit.area.startswith(profile.root_area)]


def _uncovered(role: str, profile: Profile, town: Town) -> list[str]:
    """The names of desks whose area lies outside every unit with this role, the root's apart."""
    covered = [area for unit in town.units.values() if unit.role == role for area in unit.covers or (unit.area,)]
    return [
        unit.name
        for unit in _inside(profile, town)
        if unit.kind == "desk" and unit.code != town.root
        and not any(unit.area.startswith(area) or area.startswith(unit.area) for area in covered)
    ]  # fmt: skip
