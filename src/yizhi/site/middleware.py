"""Headers that every answer carries, and the short way to the API."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from yizhi.doors.api import not_allowed, tell
from yizhi.doors.pages import anybody
from yizhi.open311 import answers as open311
from yizhi.people.queries import has_second_factor

Answer = Callable[[HttpRequest], HttpResponse]

_COMMON = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
PRODUCT = _COMMON + (
    "script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "worker-src 'self' blob:; connect-src 'self'"
)
# The back office theme evaluates its attributes (Alpine) and sets inline styles.
ADMIN = _COMMON + (
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
)
PERMISSIONS = "geolocation=(self), camera=(self), microphone=(self), payment=(), usb=(), browsing-topics=()"


class ContentSecurityPolicy:
    """Django 5.2 has no policy of its own; scripts and styles come from this origin's files only."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = ADMIN if request.path.startswith("/admin/") else PRODUCT
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class ChosenLanguage:
    """Chinese, unless somebody chose otherwise on a page. What a browser was set up with says little about who
    holds a borrowed phone, or sits at an office's machine."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class Compressed(GZipMiddleware):
    """Pages and other text go packed: on a slow line that is what one waits for. Photos and files are packed already,
    and style sheets and scripts have packed copies beside them (frontend/build.mjs)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        return super().process_response(request, response) if text and not response.streaming else response


@dataclass(frozen=True)
class Aside:
    """How a door for programs tells what went wrong."""

    tell: Callable[[HttpRequest, Exception], HttpResponse]
    not_allowed: Callable[[HttpRequest, HttpResponseNotAllowed], HttpResponse]


ASIDE = {"/api/": Aside(tell, not_allowed), "/open311/": Aside(open311.tell, open311.not_allowed)}


class ApiAside:
    """Answers everything under /api/ and /open311/ itself: programs bring a token, so there is no session, no form
    protection, no message and no page to care for. What stands after this in the list of middleware never sees such a
    request.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = next((door for start, door in ASIDE.items() if request.path_info.startswith(start)), None)
        if door is None:
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = _answered(request, door)
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class AdministratorsCode:
    """An administrator without a code generator gets one before anything else (YIZHI_ADMIN_CODE): whoever can change
    rules and give power must not be one guessed password away."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.ADMIN_CODE and request.path_info.startswith("/admin/"):
            who = anybody(request)
            if who.admin and who.account is not None and not has_second_factor(who.account):
                return redirect("second_factor")
        return self.get_response(request)


def _answered(request: HttpRequest, door: Aside) -> HttpResponse:
    """HEAD is answered as GET; the server leaves the body out."""
    asked = request.method
    try:
        request.get_host()
        request.method = "GET" if asked == "HEAD" else asked
        match = request.resolver_match = resolve(request.path_info.replace("\0", "\ufffd"))
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Exception as error:
        return door.tell(request, error)
    finally:
        request.method = asked
    return door.not_allowed(request, response) if isinstance(response, HttpResponseNotAllowed) else response
