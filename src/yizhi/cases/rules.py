"""What a program may give as the facts of a move: a page's form cannot send anything else, a program can."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from yizhi.core.asked import Fact, FactKind
from yizhi.core.errors import N_

_UNKNOWN: Final = N_("there is no such fact")
_OTHER_TYPE: Final = N_("it is of another type")

#: JSON's types by kind of fact; what is not named is a text.
_TYPES: Final[Mapping[FactKind, tuple[type, ...]]] = {
    "units": (tuple, str),
    "number": (int,),
    "case": (int, str),
    "flag": (bool,),
}


def misfits(given: Mapping[str, object], asked: Iterable[Fact]) -> Iterator[tuple[str, str]]:
    """The keys that nothing asks for or whose values are of another type, each with what is wrong. null is left out:
    it stands for a fact that is not given."""
    kinds = {fact.key: fact.kind for fact in asked}
    for key, value in given.items():
        if key not in kinds:
            yield key, _UNKNOWN
        elif value is not None and type(value) not in _TYPES.get(kinds[key], (str,)):
            yield key, _OTHER_TYPE
