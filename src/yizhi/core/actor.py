"""Who acts: an account with the posts it holds today, or the one who raised the matter, or the platform itself."""

from dataclasses import dataclass, field
from typing import Literal

#: By which door a call comes in. "merged": through a matter that was merged into this one; "link": an office without
#: an account, by a link that was sent to it.
Door = Literal[
    "page", "scan", "field", "desk", "hotline", "letter", "chat", "wish", "enterprise", "special",
    "api", "open311", "wechat", "link", "import", "clock", "rule", "merged",
]  # fmt: skip
AdminRole = Literal["", "system", "security", "audit"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Areas by include and exclude prefixes: seen is what starts with an include and with no exclude."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def holds(self, area: str) -> bool:
        return area.startswith(self.include or ("-",)) and not (self.exclude and area.startswith(self.exclude))


@dataclass(frozen=True, slots=True)
class Post:
    """One post served today: the unit, what it may do (`acts`: names of moves and other powers), for which
    kinds ("*" = all), and where it may look."""

    unit: str
    title: str
    acts: frozenset[str]
    kinds: frozenset[str]
    scope: Scope
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """`account` is None for residents and for the platform. `reporter_of` is the case whose tracking code was
    shown. `door` says how the call came in."""

    account: int | None = None
    name: str = ""
    posts: tuple[Post, ...] = ()
    reporter_of: int | None = None
    door: Door = "page"
    admin: AdminRole = ""
    units: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", frozenset(post.unit for post in self.posts))

    def may(self, act: str, kind: str, units: frozenset[str] | None = None, *, further: str = "") -> Post | None:
        """The post that allows an act on a kind (in one of `units`, when given), and has a further power, when one is
        asked for; None when no post does."""
        asked = {act, further} - {""}
        for post in self.posts:
            if (units is None or post.unit in units) and asked <= post.acts and post.kinds & {kind, "*"}:
                return post
        return None


#: The platform acting by a due clock, and by a routing rule.
CLOCK = Actor(name="clock", door="clock")
RULE = Actor(name="rule", door="rule")


def roots(who: Actor) -> list[str]:
    """The areas that somebody looks after, without those that lie in another."""
    found = sorted({area for post in who.posts if "see" in post.acts for area in post.scope.include})
    return [area for area in found if not any(area.startswith(other) for other in found if other != area)]
