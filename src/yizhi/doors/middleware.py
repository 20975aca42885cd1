"""Who asks, found out when somebody wants to know: most pages of residents never do."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from yizhi.core.actor import Actor
from yizhi.core.errors import NotSignedIn
from yizhi.people.queries import actor_in_session

#: In the session beside Django's own keys: the account's number of sessions when this one began.
VERSION_KEY = "token_version"

_ANYBODY = Actor()


def actor(request: HttpRequest) -> Actor:
    """Who asks; an actor without an account when nobody is signed in. One statement, the first time."""
    known = getattr(request, "_actor", None)
    if known is None:
        known = _signed_in(request) or _ANYBODY
        request._actor = known  # type: ignore[attr-defined]  # kept where it belongs
    return cast(Actor, known)


def require_actor(request: HttpRequest) -> Actor:
    """Who asks. Raises `NotSignedIn`."""
    found = actor(request)
    if found.account is None:
        raise NotSignedIn
    return found


def _signed_in(request: HttpRequest) -> Actor | None:
    account, version = request.session.get(SESSION_KEY), request.session.get(VERSION_KEY)
    if account is None or version is None:
        return None
    return actor_in_session(int(account), int(version), timezone.now())


class ActorMiddleware:
    """`request.actor` for templates; Python asks `actor(request)`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor(request))  # type: ignore[attr-defined]  # see above
        return self.get_response(request)
