"""`GET me`: who a token stands for."""

from dataclasses import dataclass

from django.http import HttpRequest
from ninja import Router

from yizhi.people.queries import Caller, town

router = Router(tags=["me"])


@dataclass(slots=True)
class PostOut:
    """A post served today: what it may do, for which kinds of matters ("*": all), and in which areas it looks."""

    unit: str
    unit_name: str
    title: str
    acts: list[str]
    kinds: list[str]
    include: list[str]
    exclude: list[str]
    deputy: bool


@dataclass(slots=True)
class MeOut:
    account: int | None
    name: str
    posts: list[PostOut]


@router.get("/me", response=MeOut, summary="Who I am")
def me(request: HttpRequest) -> MeOut:
    """The account behind the token and the posts that it serves today, narrowed to what the token allows."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by Ninja
    units = town(caller.town).units
    posts = [
        PostOut(
            unit=post.unit,
            unit_name=units[post.unit].name,
            title=post.title,
            acts=sorted(post.acts),
            kinds=sorted(post.kinds),
            include=list(post.scope.include),
            exclude=list(post.scope.exclude),
            deputy=post.deputy,
        )
        for post in caller.who.posts
    ]
    return MeOut(caller.who.account, caller.who.name, posts)
