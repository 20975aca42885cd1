"""What folders above know that keeps a matter from going on: asked while its row is locked, at every door alike.
`site.wiring` puts them here; a guard holds back people, never a clock."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """`check` gets the case's id before one of `moves`, and raises a `Refusal` to keep it from being made."""

    kind: str
    moves: frozenset[str]
    check: Callable[[int], None]


_installed: list[Guard] = []


def install(*guards: Guard) -> None:
    _installed[:] = guards


def check(case: int, kind: str, move: str) -> None:
    for guard in _installed:
        if guard.kind == kind and move in guard.moves:
            guard.check(case)
