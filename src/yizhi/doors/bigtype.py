"""The view in big type (长辈版) of a resident's pages: chosen by a link and kept in a cookie; where cookies are off,
the address keeps it."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "yizhi_type"
_FIELD, BIG, PLAIN = "type", "big", "plain"
_A_YEAR = 365 * 24 * 3600


def big_type(request: HttpRequest) -> bool:
    """What the address says, else what was chosen before."""
    return (_asked(request) or request.COOKIES.get(COOKIE)) == BIG


def other_type(request: HttpRequest) -> str:
    """The query that leads to the other view of this page."""
    return f"?{_FIELD}={PLAIN if big_type(request) else BIG}"


def kept_type(request: HttpRequest) -> str:
    """What an address adds to carry the view on, or ""."""
    asked = _asked(request)
    return f"?{_FIELD}={asked}" if asked else ""


def _asked(request: HttpRequest) -> str:
    asked = request.GET.get(_FIELD, "")
    return asked if asked in (BIG, PLAIN) else ""


class ChosenType:
    """Remembers the view that somebody chose on this device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked = _asked(request)
        if asked == BIG:
            response.set_cookie(
                COOKIE, BIG, max_age=_A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
        elif asked and COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
