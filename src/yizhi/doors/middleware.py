"""Who asks, found out when somebody wants to know: most pages of residents never do."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yizhi.core.actor import Actor
from yizhi.people.queries import actor_in_session

#: In the session beside Django's own keys: the account's number when the session began. It moves on with the
#: password, the role and the activity, and older sessions are over.
VERSION_KEY = "token_version"


def actor(request: HttpRequest) -> Actor:
    """Who asks; an actor without an account when nobody is signed in. One statement."""
    account, version = request.session.get(SESSION_KEY), request.session.get(VERSION_KEY)
    known = None
    if account is not None and version is not None:
        known = actor_in_session(int(account), int(version), timezone.now())
    return known or Actor()


class ActorMiddleware:
    """Gives every request an `actor`, found when it is first read.

    The request gets a class of its own kind with one attribute more: an `Actor` has to be the value itself, for
    `dataclasses.replace` and comparisons see through no lazy object.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind: Any = type(request)
        request.__class__ = _with_actor(kind)
        return self.get_response(request)


@lru_cache
def _with_actor(kind: type[Any]) -> type[Any]:
    known = cached_property(actor)
    made = type(kind.__name__, (kind,), {"actor": known})
    known.__set_name__(made, "actor")
    return made
