"""What is counted, for whom, over which days: values in, values out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from yizhi.core.actor import Actor, Scope
from yizhi.core.kinds import Kind

#: The day of what stands now.
NEVER: Final = date(1, 1, 1)
#: Widths of areas that are counted beforehand; what lies in a smaller one is few enough to count when asked.
WIDE: Final = (2, 4, 6, 9)
#: From so many hours before its due time a matter is about to be late.
NEAR_HOURS: Final = 24

#: Who solved it: the three circles, and the district. By the width of the area of the unit that led.
CIRCLES: Final[Mapping[str, int]] = {
    "circle:grid": 15,
    "circle:community": 12,
    "circle:street": 9,
    "circle:district": 6,
}
#: What happened on a day.
FLOWS: Final = frozenset(
    (
        "new", "given", "returned", "objected", "upheld", "overruled", "escalated", "deferred", "reworked", "unsolved",
        "reopened", "late", "closed", "confirmed", "called", "unanswered", "declined", "transferred", "ended", "merged",
        *CIRCLES,
    )
)  # fmt: skip
#: What stands now: where an open matter is, what waits for somebody's decision or answer, what is supervised.
STANDS: Final = frozenset(
    (
        "in:reported", "in:accepted", "in:dispatched", "in:handling", "in:suspended", "in:handled", "in:verified",
        "wait:rule", "wait:extend", "wait:confirm", "wait:answer", "watched",
    )
)  # fmt: skip
#: What depends on the time of asking.
TIMED: Final = frozenset(("overdue", "near", "wait:answer:late", "watched:late"))
#: Sums of others: a matter is in one stage at a time.
SUMS: Final[Mapping[str, tuple[str, ...]]] = {
    "open": tuple(sorted(name for name in STANDS if name.startswith("in:"))),
    "pending": ("in:handled", "in:verified"),
}
KNOWN: Final = FLOWS | STANDS | TIMED | frozenset(SUMS)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    name: str
    since: date
    until: date


def period(name: str, today: date, since: date | None = None, until: date | None = None) -> Period:
    """This week, month or quarter until today; or the days named, when both are and in order."""
    if name == "custom" and since and until and since <= until:
        return Period(name, since, until)
    starts = {"week": today - timedelta(days=today.weekday()), "month": today.replace(day=1)}
    starts["quarter"] = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    known = name if name in starts else "month"
    return Period(known, starts[known], today)


@dataclass(frozen=True, slots=True)
class Piece:
    """An area whose whole count is added (`sign` 1) or taken away (-1)."""

    kind: str
    place: str
    sign: int

    @property
    def wide(self) -> bool:
        return len(self.place) in WIDE


def pieces(who: Actor, kinds: Iterable[Kind], within: str, without: Iterable[str] = ()) -> list[Piece]:
    """What somebody may see inside an area, as areas to add and to take away: posts overlap, and leave places out."""
    cut = tuple(without)
    return [
        Piece(kind.code, place, sign)
        for kind in kinds
        if not kind.secret
        for place, sign in _signed(_scopes(who, kind.code), within, cut)
    ]


def sees_area(who: Actor, area: str) -> bool:
    """Whether some post looks after this area as a whole, but for what it leaves out."""
    return any(post.scope.holds(area) for post in who.posts if "see" in post.acts)


def leads(who: Actor) -> bool:
    """Whether somebody's work is to look and to instruct, not to handle: their first page is the brief."""
    acts = {act for post in who.posts for act in post.acts}
    return {"see", "instruct"} <= acts and "accept" not in acts


def _scopes(who: Actor, kind: str) -> list[Scope]:
    return [post.scope for post in who.posts if "see" in post.acts and post.kinds & {kind, "*"}]


def _signed(scopes: list[Scope], within: str, cut: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """At each point where what may be seen begins or ends: the difference to the area around it."""
    named = {area for scope in scopes for area in (*scope.include, *scope.exclude)} | set(cut)
    points = sorted({within, *(area for area in named if area.startswith(within))}, key=lambda area: (len(area), area))
    open_at: dict[str, bool] = {}
    for point in points:
        around = max((above for above in open_at if point.startswith(above)), key=len, default=None)
        seen = any(scope.holds(point) for scope in scopes) and not (cut and point.startswith(cut))
        open_at[point] = seen
        if sign := int(seen) - int(open_at[around] if around is not None else False):
            yield point, sign
