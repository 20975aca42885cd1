"""A kind of matter is a declaration: it narrows the loop and names what is its own. No behaviour hides in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yizhi.core.asked import Fact
from yizhi.core.loop import MOVES, Move


@dataclass(frozen=True, slots=True)
class Kind:
    """`moves` are the moves of the loop that this kind uses. `fields` add facts to a move. `opens_to` is the
    role of the unit that may hold a fresh case before a desk has seen it ("" = none). `keep_years` counts from
    the end of the case. `secret` kinds are seen by their own units alone and never enter search; of `public`
    ones anybody may know that there is a matter, of what sort and about where (`cases.queries.public`)."""

    code: str
    name: str
    moves: frozenset[str]
    fields: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    opens_to: str = "grid"
    #: The role of the desk that answers for this kind, where there is one; else it is the desk of the place.
    desk: str = "desk"
    secret: bool = False
    public: bool = False
    keep_years: int = 5
    #: Moves that need a further power of the post that makes them: move → power.
    needs: Mapping[str, str] = field(default_factory=dict)
    #: Facts of its own (out of `fields`) that the one who raised it is told of.
    told: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = (self.moves | set(self.fields) | set(self.needs)) - set(MOVES)
        if unknown:
            raise ValueError(f"kind {self.code} widens the loop: {sorted(unknown)}")

    def facts(self, move: Move) -> tuple[Fact, ...]:
        """All that a move asks when this kind makes it."""
        return move.facts + self.fields.get(move.name, ())


def without(*moves: str) -> frozenset[str]:
    """All moves of the loop but these."""
    return frozenset(MOVES) - set(moves)


def by_code(kinds: Iterable[Kind]) -> dict[str, Kind]:
    """Raises `ValueError` when two kinds share a code."""
    found: dict[str, Kind] = {}
    for kind in kinds:
        if kind.code in found:
            raise ValueError(f"two kinds named {kind.code}")
        found[kind.code] = kind
    return found
