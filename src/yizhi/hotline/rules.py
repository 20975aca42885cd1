"""What a call may become, and what of it is kept without a person."""

import re
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from yizhi.core.errors import N_

Outcome = Literal["case", "answered", "referred", "added"]

#: In the order of their keys.
OUTCOMES: Final[dict[Outcome, str]] = {
    "case": N_("Take it on as a matter"),
    "answered": N_("Answered at once"),
    "referred": N_("Sent elsewhere"),
    "added": N_("Add to an open matter"),
}

#: Where a caller is sent. The first three are rung by whoever hears of danger, while the caller stays on the line.
OFFICES: Final[dict[str, str]] = {
    "110": N_("110 police"),
    "119": N_("119 fire"),
    "120": N_("120 ambulance"),
    "other": N_("Another office"),
}

#: Registers of other numbers (`cases.actions.Reference`): the orders of the 12345 line; the letters of one desk.
ORDERS: Final = "12345"
LETTERS: Final = "letters"

LONGEST: Final = {"phone": 30, "name": 40, "place": 200, "office": 100}
_LONGEST_TEXT: Final = 5000
#: A telephone, an identity number: so many digits in a row, whatever stands between them.
_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[Xx]?")


class Typed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands in the form of a call. `to` and `office`: where somebody was sent; `matter`: the number of the open
    matter that the words are added to."""

    phone: str = ""
    name: str = ""
    area: str = ""
    place: str = ""
    category: str = ""
    text: str = ""
    outcome: str = ""
    answer: str = ""
    to: str = ""
    office: str = ""
    matter: str = ""

    @property
    def empty(self) -> bool:
        return self == Typed()


FIELDS: Final = Typed.__struct_fields__


def typed(given: Mapping[str, str]) -> Typed:
    """What came from a form, as long as it may be."""
    return Typed(**{name: given.get(name, "")[: LONGEST.get(name, _LONGEST_TEXT)] for name in FIELDS})


def without_numbers(text: str) -> str:
    """Words that are kept without a person: a telephone or an identity number in them is not."""
    return _NUMBER.sub("…", text).strip()
