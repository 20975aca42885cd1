"""Faults that can be read off the table: ways that are missing, ways that never end, clocks that nobody set."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from yizhi.core.case import OPEN, STAGES, Case, Stage
from yizhi.core.kinds import Kind
from yizhi.core.loop import CONSEQUENCES, MOVES, STAGE_CLOCKS, Move
from yizhi.core.profile import Limits, Profile

#: source → target → the moves that lead there.
Ways = Mapping[Stage, Mapping[Stage, list[Move]]]

#: A limit above this is none.
_ENOUGH = 20

#: Moves that are open only after another one; that one is counted for both.
_OPENED_BY = {"rule": "object", "conclude_consult": "consult"}

#: What hangs on the work, and the clock that the answer to it runs by.
_SIDE_CLOCKS = {
    "object": "rule",
    "extend": "extension",
    "add_assist": "assist",
    "whistle": "arrive_by",
    "instruct": "instruct",
    "report": "whole",
    "reply": "reply",
}
_NEED_A_CONSEQUENCE = ("rule", "extension")


def moves_of(kind: Kind) -> list[Move]:
    """The moves of a kind, in the table's order."""
    return [move for move in MOVES.values() if move.name in kind.moves]


def ways(moves: Iterable[Move]) -> Ways:
    found: dict[Stage, dict[Stage, list[Move]]] = defaultdict(lambda: defaultdict(list))
    for move in moves:
        for source in move.sources:
            for target in (*([move.target] if move.target else []), *move.leaves):
                found[source][target].append(move)
    return found


def reached(start: Stage, steps: Ways) -> set[Stage]:
    """The stages to which a way leads from here, this one included."""
    seen, waiting = {start}, [start]
    while waiting:
        for target in steps.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def stages_of(kind: Kind) -> list[Stage]:
    """The open stages that a case of this kind can come to, in the order of the loop."""
    possible = reached("new", ways(moves_of(kind)))
    return [stage for stage in STAGES if stage in OPEN & possible]


# -- ways -------------------------------------------------------------------------------------------------------


def missing_ways(kind: Kind) -> Iterator[str]:
    for name, why in (("report", "no case can begin"), ("breach", "no clock can ring")):
        if name not in kind.moves:
            yield f"Kind {kind.code}: without “{name}” {why}."
    steps = ways(moves_of(kind))
    for stage in stages_of(kind):
        if "closed" not in reached(stage, steps):
            yield f"Kind {kind.code}: no way leads from “{stage}” to “closed”."
        yield from _idle_clocks(kind, stage)


def _idle_clocks(kind: Kind, stage: Stage) -> Iterator[str]:
    """The clock of a stage must move the case on when nobody else does."""
    for clock in STAGE_CLOCKS.get(stage, ()):
        follow = CONSEQUENCES.get(clock, "")
        if not follow or stage not in MOVES[follow].sources:
            yield f"At “{stage}” the clock {clock} has no consequence."
        elif follow not in kind.moves:
            yield f"Kind {kind.code}: at “{stage}” the clock {clock} leads nowhere, for the kind leaves out “{follow}”."
    if stage not in STAGE_CLOCKS:
        yield f"No clock belongs to “{stage}”."


# -- rounds -----------------------------------------------------------------------------------------------------


def endless_rounds(kind: Kind, limits: Limits) -> Iterator[str]:
    """Every round needs a counter: what remains of the table without the counted ways must have no round."""
    left = ways(move for move in moves_of(kind) if not _counted(move, kind))
    told: set[Stage] = set()
    for stage in STAGES:
        round_ = _shortest_round(stage, left)
        if round_ and told.isdisjoint(round_):
            told |= set(round_)
            yield f"Kind {kind.code}: {_named(round_, left)} can go round for ever; no move on the way is counted."
    yield from _unknown_limits(kind, limits)


def _unknown_limits(kind: Kind, limits: Limits) -> Iterator[str]:
    for move in moves_of(kind):
        if move.limit and not hasattr(limits, move.limit):
            yield f"“{move.name}” is counted by “{move.limit}”, for which the profile has no limit."


def loose_limits(kind: Kind, limits: Limits) -> Iterator[str]:
    for name in dict.fromkeys(move.limit for move in moves_of(kind)):
        figure = getattr(limits, name, 0) if name else 0
        if figure > _ENOUGH:
            yield f"The limit {name} = {figure} is as good as none."


def _counted(move: Move, kind: Kind) -> bool:
    """A counter stops it, or the height of the chain of command does: every escalation climbs."""
    opener = MOVES[_OPENED_BY[move.name]] if _needs_opening(move) else None
    return bool(move.limit or move.name == "escalate" or (opener and (opener.limit or opener.name not in kind.moves)))


def _needs_opening(move: Move) -> bool:
    bare = (Case("", "", stage, holder="lead", desk="desk", lead="lead") for stage in move.sources)
    return move.name in _OPENED_BY and not any(move.when(case) for case in bare)


def _shortest_round(start: Stage, steps: Ways) -> list[Stage]:
    """The stages of a shortest way from a stage back to it; empty when there is none."""
    paths, seen = [[start]], set()
    for path in paths:
        for target in steps.get(path[-1], ()):
            if target == start:
                return path
            if target not in seen:
                seen.add(target)
                paths.append([*path, target])
    return []


def _named(round_: list[Stage], steps: Ways) -> str:
    moves = [steps[a][b][0].name for a, b in zip(round_, [*round_[1:], round_[0]], strict=True)]
    told = [f"“{stage}” –{move}→" for stage, move in zip(round_, moves, strict=True)]
    return " ".join([*told, f"“{round_[0]}”"])


# -- clocks -----------------------------------------------------------------------------------------------------


def clock_faults(kind: Kind, profile: Profile) -> Iterator[str]:
    """Every open stage has a clock, for every category and area, and its last breach has a consequence."""
    for stage in stages_of(kind):
        for clock in STAGE_CLOCKS.get(stage, ()):
            yield from _unset(kind, profile, clock, f"Kind {kind.code}, stage “{stage}”", consequence=True)


def side_clock_warnings(kind: Kind, profile: Profile) -> Iterator[str]:
    for move, clock in _SIDE_CLOCKS.items():
        if move in kind.moves:
            needed = clock in _NEED_A_CONSEQUENCE
            yield from _unset(kind, profile, clock, f"Kind {kind.code}, after “{move}”", consequence=needed)


def _unset(kind: Kind, profile: Profile, clock: str, where: str, *, consequence: bool) -> Iterator[str]:
    missing, idle, all_ = [], [], places(profile)
    for category, area in all_:
        rule = profile.clock(clock, kind=kind.code, category=category, area=area)
        if rule is None:
            missing.append((category, area))
        elif consequence and not rule.breaches:
            idle.append((category, area))
    for found, what in ((missing, f"no rule sets the clock {clock}"), (idle, f"the clock {clock} has no breaches")):
        if found:
            yield f"{where}{_which(found, all_)}: {what}{', so its consequence never comes' * (found is idle)}."


def places(profile: Profile) -> list[tuple[str, str]]:
    """Every category (and none, as before acceptance) in every area that a clock rule tells apart."""
    areas = dict.fromkeys([profile.root_area, *(area for rule in profile.clocks for area in rule.areas)])
    categories = ["", *(row.code for row in profile.categories.values() if row.parent)]
    return [(category, area) for category in categories for area in areas]


def _which(found: list[tuple[str, str]], all_: list[tuple[str, str]]) -> str:
    if len(found) == len(all_):
        return ""
    category, area = found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f", {f'category {category}' if category else 'no category yet'}, area {area}{more}"
