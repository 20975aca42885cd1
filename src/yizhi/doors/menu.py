"""Where the bars and the start page lead: every folder that has a page of its own says so, and `site.wiring` puts the
ways in order. So a bar below knows no page above it."""

from collections.abc import Callable
from dataclasses import dataclass

from yizhi.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Way:
    """A named URL without arguments. `label` in English, marked for translation; `note` one sentence more, on the start
    page. `act`: the power that somebody needs at one of their posts; "" for everybody. `folded`: where there is little
    room it stands in the list that opens. `badge`: the URL of a part that shows a figure beside it."""

    url: str
    label: str
    act: str = ""
    note: str = ""
    folded: bool = False
    badge: str = ""


_desk: list[Way] = []
_start: list[Way] = []
_here: list[Way] = []
_sign_in: list[Callable[[], list[Way]]] = []


def install(
    *,
    desk: tuple[Way, ...],
    start: tuple[Way, ...],
    here: tuple[Way, ...] = (),
    sign_in: Callable[[], list[Way]] = list,
) -> None:
    """The ways of the desk's bar, of the residents' start page, of the page of a place (`here`: these take its `code`),
    and to sign in elsewhere (asked for each page)."""
    _desk[:], _start[:], _here[:], _sign_in[:] = desk, start, here, [sign_in]


def desk_ways(who: Actor) -> list[Way]:
    """Those that lead this person somewhere."""
    return [way for way in _desk if not way.act or any(way.act in post.acts for post in who.posts)]


def start_ways() -> list[Way]:
    return list(_start)


def here_ways() -> list[Way]:
    return list(_here)


def sign_in_ways() -> list[Way]:
    return [way for ways in _sign_in for way in ways()]
