"""Which rounds a day asks for, and who may make them: decided here, without Django."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal

from yizhi.core.actor import Actor, Scope
from yizhi.core.calendar import Calendar
from yizhi.core.errors import N_, NotAllowed, Refusal
from yizhi.core.profile.patrols import Patrols, RoundPlan

What = Literal["fine", "unreached", "finding"]
How = Literal["solved", "mine", "pass"]
Act = Literal["patrol", "points"]

#: How a finding goes on.
HOWS: Final[dict[How, str]] = {
    "pass": N_("Pass it on"),
    "mine": N_("I see to it myself"),
    "solved": N_("It is put right already"),
}


class RoundOver(Refusal):
    """The reason why a round was not made is asked for one that was not made."""

    message = N_("This round has been made; there is nothing to explain.")


class LongOver(Refusal):
    """Facts: days."""

    message = N_("This round was over more than {days} days ago. What you find now, please report.")


def begun_on(plans: Patrols, day: date, calendar: Calendar) -> Iterator[tuple[RoundPlan, date, date]]:
    """The plans whose rounds are under way on a day, with the first and the last day of these rounds."""
    for plan in plans.rounds.values():
        if not plan.in_season(day):
            continue
        if plan.every == "week":
            monday = day - timedelta(days=day.weekday())
            yield plan, monday, monday + timedelta(days=6)
        elif plan.every == "day" or calendar.is_workday(day):
            yield plan, day, day


def ground(who: Actor, act: Act) -> Scope:
    """Where somebody may: all the ground of their posts with this power. Raises `NotAllowed` for nowhere."""
    posts = [post.scope for post in who.posts if act in post.acts]
    if not posts:
        raise NotAllowed(move=N_("Patrols"), who=act)
    if len(posts) == 1:
        return posts[0]
    include = tuple(sorted({area for scope in posts for area in scope.include}))
    exclude = tuple(area for scope in posts for area in scope.exclude if not _elsewhere(posts, scope, area))
    return Scope(include, exclude)


def _elsewhere(posts: list[Scope], own: Scope, area: str) -> bool:
    """Whether what one post leaves out is another's."""
    return any(scope is not own and scope.holds(area) for scope in posts)


def may(who: Actor, act: Act, area: str) -> bool:
    return any(act in post.acts and post.scope.holds(area) for post in who.posts)
