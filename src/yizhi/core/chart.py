"""The loop as a page that a clerk can check: `python -m yizhi.core.chart > docs/loop.md`."""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from yizhi.core.asked import Fact
from yizhi.core.case import ENDS, OPEN, STAGES, Stage
from yizhi.core.loop import CLEARING, CONSEQUENCES, MOVES, QUIET_CLOCKS, STAGE_CLOCKS, TWO_PERSONS, Move, Who

_HEAD = """# The loop

Made from `src/yizhi/core/loop.py` by `python -m yizhi.core.chart > docs/loop.md`; change the table, not this page.

Every matter of every kind runs through this one table. A kind may leave moves out and ask for more facts; it can add
nothing. What is not in the table cannot happen. The words on the screen differ by language, city and kind."""

#: Who each word of the table means.
WHO: dict[Who, str] = {
    "door": "whoever comes in by a door",
    "rule": "a routing rule, or what follows at once from a decision",
    "clock": "a time limit that has passed",
    "reporter": "the one who raised it",
    "holder": "the unit in whose hand it lies",
    "desk": "the desk that answers for it",
    "above": "a desk above that one",
    "lead": "the unit that does the work",
    "assist": "a unit that assists and has not fed back",
    "checker": "the desk that checks, never the account that handled it",
    "ruler": "the desk that decides on the objection",
    "summoned": "a unit that was whistled for",
    "consulted": "a unit whose opinion is asked",
    "party": "any unit that has a hand in it, or one of its time limits",
    "superior": "the same or a higher level than the unit that holds it",
}


def page() -> str:
    parts = [_HEAD, *_diagram(), *_stages(), *_ends(), *_moves(), *_words()]
    return "\n\n".join(parts) + "\n"


def _diagram() -> Iterator[str]:
    """Every way from stage to stage; ways that lead out of any open stage are told in words."""
    ways: dict[tuple[Stage, Stage], list[str]] = defaultdict(list)
    for move in MOVES.values():
        for source in _ordered(move.sources if move.sources != OPEN else ()):
            for target in _targets(move, source):
                ways[source, target].append(move.name)
    lines = ["stateDiagram-v2", "    direction TB", "    [*] --> reported: report"]
    lines += [
        f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in ways.items() if source != "new"
    ]
    lines += [f"    {stage} --> [*]" for stage in STAGES if stage in ENDS]
    yield "## From stage to stage"
    yield "\n".join(["```mermaid", *lines, "```"])
    out = [f"`{move.name}` → {move.target}" for move in MOVES.values() if move.sources == OPEN and move.target]
    yield f"From every open stage: {', '.join(out)}."


def _targets(move: Move, source: Stage) -> list[Stage]:
    """Where the end depends on the beginning: a case sent upward stays at `handled` when it was there, and what one
    marks goes to a desk only when somebody still has the work in hand."""
    if move.name == "about" and (source in ENDS or source in ("handled", "verified")):
        return []
    if move.name == "escalate":
        return ["handled" if source == "handled" else "accepted"]
    return [*([move.target] if move.target else []), *move.leaves]


def _stages() -> Iterator[str]:
    rows = []
    for stage in (stage for stage in STAGES if stage in OPEN):
        clocks = STAGE_CLOCKS.get(stage, ())
        then = [CONSEQUENCES.get(clock, "") for clock in clocks]
        rows.append([f"`{stage}`", _codes(clocks), _codes(then)])
    yield "## Stages and their time limits"
    yield (
        "Entering a stage starts its time limit, leaving it ends it. The profile says how long it is, whose it is, and "
        "after how many breaches the platform itself makes the move in the last column."
    )
    yield _table(["stage", "time limit", "then"], rows)
    others = [f"`{clock}` → `{move}`" for clock, move in CONSEQUENCES.items() if clock not in _stage_clocks()]
    yield (
        f"Also: {', '.join(others)}. No breach is noted when {_codes(sorted(QUIET_CLOCKS))} pass. All others "
        "(`arrive`, `reply`, `whole`, `assist`, `arrive_by`, `instruct`) say that they have passed, and wait; `rule` "
        "goes on to the next desk above."
    )


def _ends() -> Iterator[str]:
    rows = []
    for stage in (stage for stage in STAGES if stage in ENDS):
        to = [move.name for move in MOVES.values() if stage in (move.target, *move.leaves)]
        back = [move.name for move in MOVES.values() if stage in move.sources and move.target]
        rows.append([f"`{stage}`", _codes(to), _codes(back)])
    yield "## Ends"
    yield "No time limit runs after an end."
    yield _table(["end", "by", "and back"], rows)


def _stage_clocks() -> set[str]:
    return {clock for clocks in STAGE_CLOCKS.values() for clock in clocks}


def _moves() -> Iterator[str]:
    yield "## Moves"
    yield (
        "“stays”: the stage does not change. A limit counts how often a case may go this way; at its end the way is "
        "shut, or leads to the desk above. Facts in brackets may be left out."
    )
    rows = [
        [f"`{move.name}`", move.label, _from(move), _to(move), ", ".join(move.who), _facts(move.facts), move.limit]
        for move in MOVES.values()
    ]
    yield _table(["move", "on screen", "from", "to", "who", "facts", "limit"], rows)
    yield (
        f"A second person confirms {_codes(move for move in MOVES if move in TWO_PERSONS)}. What hangs on the work "
        f"(assistance, objection, extension, whistle, consultation) ends, each with an event of its own, with "
        f"{_codes(move for move in MOVES if move in CLEARING)}, and with a ruling that names another lead."
    )


def _from(move: Move) -> str:
    if move.sources >= OPEN | ENDS:
        return "any"
    if move.sources >= OPEN:
        return ", ".join(["any open stage", *_ordered(move.sources - OPEN)])
    return ", ".join(_ordered(move.sources))


def _to(move: Move) -> str:
    if move.target is None:
        return " / ".join(["stays", *move.leaves])
    return " / ".join([move.target, *move.leaves])


def _facts(facts: Iterable[Fact]) -> str:
    return ", ".join(fact.key if fact.required else f"[{fact.key}]" for fact in facts)


def _words() -> Iterator[str]:
    yield "## Who"
    yield _table(["word", "means"], [[name, means] for name, means in WHO.items()])


# -- Markdown ---------------------------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names if name)


def _ordered(stages: Collection[Stage]) -> list[Stage]:
    return [stage for stage in STAGES if stage in stages]


if __name__ == "__main__":
    sys.stdout.write(page())
