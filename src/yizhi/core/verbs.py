"""What handing on is called: the verb follows from who stands where. A community that 交办s a bureau is laughed at."""

from typing import Literal

from yizhi.core.town import Town, Unit

#: 交办 goes down one's own line only; 转办 to the side; 点对点推送 out of one's line to a unit of higher rank.
Verb = Literal["down", "side", "push"]

#: Where people look after places: from here a department is dealt with point to point, whatever its rank.
_NEAR_PEOPLE = ("community", "grid")


def dispatch_verb(desk: Unit, unit: Unit, town: Town) -> Verb:
    """The verb for `desk` handing work to `unit`. Upward there is none: that is "send upward" (`escalate`)."""
    if town.is_above(desk.code, unit.code):
        return "down"
    outside = unit.kind not in ("desk", "grid")
    if outside and (desk.rank in _NEAR_PEOPLE or len(unit.area) < len(desk.area)):
        return "push"
    return "side"
