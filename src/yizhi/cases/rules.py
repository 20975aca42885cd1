"""What a program may give as the facts of a move: a page's form cannot send anything else, a program can. And how far a
matter has come, in its reporter's words."""

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


#: Where it stands, in the reporter's words. A reporter who is asked whether it is solved reads `verified`.
HEADLINES: Final[Mapping[str, str]] = {
    "reported": N_("Received"),
    "accepted": N_("Taken on; being assigned"),
    "dispatched": N_("Handed to the unit that will do it"),
    "handling": N_("Being dealt with"),
    "suspended": N_("Waiting for now"),
    "handled": N_("Done; being checked"),
    "verified": N_("Please tell us: is it solved?"),
    "closed": N_("Answered and closed"),
    "declined": N_("Please turn elsewhere with this"),
    "transferred": N_("Handed over"),
    "ended": N_("No longer dealt with"),
    "merged": N_("Dealt with together with another"),
}

#: The same for whoever did not raise it.
FOR_OTHERS: Final[Mapping[str, str]] = {**HEADLINES, "verified": N_("Done; whoever reported it is being asked")}
