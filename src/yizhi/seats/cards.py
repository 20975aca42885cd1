"""A matter as a card in a hand: what it is, where, and the one or two things that are likeliest done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from yizhi.cases import queries as cases
from yizhi.cases.queries import Card, Row
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.loop import MOVES
from yizhi.core.standing import obstacle
from yizhi.doors import words
from yizhi.doors.pages import fresh_key
from yizhi.places.queries import centres
from yizhi.seats import rules

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CardButton:
    """`at_once`: pressing it makes the move; else it opens the form."""

    move: str
    label: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class FieldCard:
    """`point` is where it is (lon, lat); `about`: only the middle of its grid is known. `key`, `version` and `seq` go
    with a move that is made from the card: twice pressed it is made once."""

    row: Row
    buttons: list[CardButton]
    place: str
    point: Point | None
    about: bool
    key: str
    version: int
    seq: int


def field_cards(rows: Sequence[Row], who: Actor, city: City) -> list[FieldCard]:
    """The rows of a list as cards, in their order."""
    behind = cases.cards(rows)
    middles = centres({row.area for row in rows if row.id in behind and behind[row.id].lon is None})
    return [_card(row, behind[row.id], middles.get(row.area), who, city) for row in rows if row.id in behind]


def _card(row: Row, behind: Card, middle: Point | None, who: Actor, city: City) -> FieldCard:
    point = (behind.lon, behind.lat) if behind.lon is not None and behind.lat is not None else None
    return FieldCard(
        row=row,
        buttons=_buttons(behind, who, city),
        place=behind.place or "",
        point=point or middle,
        about=point is None,
        key=fresh_key(),
        version=behind.state.version,
        seq=behind.state.seq,
    )


def _buttons(behind: Card, who: Actor, city: City) -> list[CardButton]:
    """To come to the place, and the likeliest besides."""
    case = behind.state
    wanted = rules.for_card(case, who.units)
    open_now = [name for name in wanted if obstacle(MOVES[name], case, who, city) is None]
    chosen = [name for name in open_now if name == "arrive"] + [name for name in open_now if name != "arrive"][:1]
    return [CardButton(name, words.move_name(name, case.kind), name in rules.AT_ONCE) for name in chosen]
