"""The postman's list: wishes by what they wait for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from yizhi.cases import queries as cases
from yizhi.cases.city import current
from yizhi.cases.queries import Filter, Row
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, NotAllowed
from yizhi.wishes.kinds import WISH

_GROUPS: Final = (
    (N_("Waiting for a postman"), frozenset(("reported", "accepted", "dispatched"))),
    (N_("Being fulfilled"), frozenset(("handling", "suspended"))),
    (N_("Waiting for the person’s word"), frozenset(("handled", "verified"))),
)


@dataclass(frozen=True, slots=True)
class WishGroup:
    label: str
    rows: list[Row]


def require(who: Actor) -> None:
    """Raises `NotAllowed` for whoever is no postman."""
    if not any("postman" in post.acts for post in who.posts):
        raise NotAllowed(move=N_("Wishes"), who="postman")


def groups(who: Actor, at: datetime) -> list[WishGroup]:
    """Open wishes that somebody may see, what falls due next on top."""
    rows = cases.inbox(who, Filter(kind=WISH.code, limit=200), at=at).rows
    return [WishGroup(label, [row for row in rows if row.stage in stages]) for label, stages in _GROUPS]


def seat_of(who: Actor) -> str:
    """Where a postman works on a case: out there, or at the desk."""
    units = current().town.units
    return "field" if any(code in units and units[code].kind == "grid" for code in who.units) else "desk"
