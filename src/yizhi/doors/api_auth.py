"""Who calls the API: a bearer token stands for an account; a few calls are open to anybody, at a bounded pace."""

import math
import time

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from yizhi.core.actor import Actor
from yizhi.core.errors import NotSignedIn, TooMany
from yizhi.doors import buckets
from yizhi.doors.throttle import address
from yizhi.people.queries import Caller, caller_by_token

#: Ours have 46 characters; what is longer is none.
_LONGEST_TOKEN = 200


class InvalidToken(NotSignedIn):
    """A token was shown, but it is unknown, revoked or expired."""


class Bearer(HttpBearer):
    """`Authorization: Bearer yz_…`, made by `yizhi token`. One statement."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        found = caller_by_token(token.strip(), timezone.now()) if len(token) <= _LONGEST_TOKEN else None
        if found is None:
            raise InvalidToken
        return found


def anybody(request: HttpRequest) -> Caller:
    """A caller without an account, at a bounded pace. Raises `TooMany`."""
    wait = buckets.REPORTS.take(address(request), "api", time.monotonic())
    if wait:
        raise TooMany(seconds=math.ceil(wait))
    return Caller(Actor(door="api"))


bearer = Bearer()
#: For calls that are open to all. A token that is shown still has to be good; who has one is trusted not to flood.
OPEN = (bearer, anybody)


def caller(request: HttpRequest) -> Caller:
    """Who calls, in a view behind `bearer` or `anybody`."""
    found: Caller = request.auth  # type: ignore[attr-defined]  # set by Ninja after the check
    return found
