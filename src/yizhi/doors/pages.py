"""What all pages share: who reads, the whole page or the part that htmx asks for, refusals as pages."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from math import ceil
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.crypto import salted_hmac

from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, NotSignedIn, Refusal, TooMany
from yizhi.doors import buckets, effort
from yizhi.doors.answers import answer_for
from yizhi.doors.effort import fresh_key as fresh_key
from yizhi.doors.throttle import address

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def page(view: View[P]) -> View[P]:
    """A view whose refusals are pages, and whose answers no browser or proxy keeps: they are one person's."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            _only_words(request)
            response = view(request, *args, **kwargs)
            if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST:
                effort.note(request, anybody(request), _OURS, timezone.now())
        except NotSignedIn:
            response = _to_sign_in(request)
        except Refusal as refusal:
            response = refused(request, refusal)
        add_never_cache_headers(response)
        return response

    return shown


def _only_words(request: HttpRequest) -> None:
    """No keyboard types a null, and the database keeps none: what is asked for with one does not exist."""
    given = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    words = (value for values in given for _name, some in values.lists() for value in some)
    if "\0" in request.path_info or any("\0" in word for word in words):
        raise NotFound


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return stale(request)
    if not wants_part(request):
        return redirect_to_login(request.get_full_path())
    response = HttpResponse(status=401)  # a sign-in page inside a pane would be lost
    response["HX-Refresh"] = "true"
    return response


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    at: datetime,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page, or only its `part` (a template of its own, which the page includes) when htmx asked."""
    asked = wants_part(request)
    used = part if part and asked else template
    response = render(request, used, {"at": at, **context}, status=status, using="jinja2")
    if asked and not part:  # a whole page takes the place of a whole page
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; a page that it restores from history has to be whole."""
    asked = request.headers
    return asked.get("HX-Request") == "true" and asked.get("HX-History-Restore-Request") != "true"


def anybody(request: HttpRequest) -> Actor:
    """Who is signed in; an actor without an account for nobody."""
    found: Actor = getattr(request, "actor", Actor())
    return found


def actor(request: HttpRequest) -> Actor:
    """Who is signed in. `NotSignedIn` for nobody."""
    found = anybody(request)
    if found.account is None:
        raise NotSignedIn
    return found


def throttle_reports(request: HttpRequest, through: str) -> None:
    """One address may report so often through one code or door, and no oftener. Raises `TooMany`."""
    _wait(buckets.REPORTS.take(address(request), through, time.monotonic()))


#: Looks while somebody types, from one address: a village may share one.
_LOOKS = buckets.Buckets(240, 120)


def throttle_looks(request: HttpRequest) -> None:
    """One address may ask so often what is known already. Raises `TooMany`."""
    _take(_LOOKS, request)


#: Codes that open nothing, from one address: people mistype a few, only programs try many.
_MISSES = buckets.Buckets(20, 20)


def opened(request: HttpRequest, ask: Callable[[str], T], code: str) -> T:
    """What a code opens. Raises `NotFound`, and `TooMany` for who keeps guessing."""
    try:
        return ask(code)
    except NotFound:
        _take(_MISSES, request)
        raise


def _take(bucket: buckets.Buckets, request: HttpRequest) -> None:
    _wait(bucket.take(address(request), time.monotonic()))


def _wait(seconds: float) -> None:
    if seconds:
        raise TooMany(seconds=ceil(seconds))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal that no form can show: one sentence and ways on."""
    if isinstance(refusal, NotFound):
        return not_found(request)
    answer = answer_for(refusal)
    return show(request, "doors/refused.html", {"answer": answer}, at=timezone.now(), status=answer.status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes for what is absent and for what may not be seen; what was typed is handed back."""
    return _not_here(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page of the back office that is another administrator's: in the same words."""
    return _not_here(request, 403)


def _not_here(request: HttpRequest, status: int) -> HttpResponse:
    told = {"typed": _typed(request), "official": anybody(request).account is not None}
    return show(request, "doors/not_found.html", told, at=timezone.now(), status=status)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Nothing may fail here: the page asks nobody anything."""
    return render(request, "doors/broken.html", status=500, using="jinja2")


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: the session ended, or began anew meanwhile. What was typed is shown, and carried
    back into the form: through the sign-in, when nobody is signed in."""
    context = {
        "typed": _typed(request),
        "carried": _carry(request),
        "next": request.POST.get("next", "") if request.path == reverse("sign_in") else request.path,
        "known": anybody(request).account is not None,
    }
    return show(request, "doors/stale.html", context, at=timezone.now(), status=403)


def _typed(request: HttpRequest) -> list[str]:
    """The words that somebody typed, so that no refusal takes them away. Codes and ticks are no words."""
    values = (str(value).strip() for key, value in request.POST.items() if key not in _OURS)
    return [value for value in values if not value.isascii() or len(value.split()) > 1]


#: Hidden fields of our forms, and secrets.
_OURS = frozenset(
    (
        "csrfmiddlewaretoken",
        "key",
        "expected",
        "seen",
        "password",
        "kept",
        "carried",
        "old",
        "new",
        "again",
        "code",
        "offline",
    )
)
#: Personal fields lie nowhere in the open, not even for a moment: they are typed once more.
_PERSONAL = frozenset(("name", "phone", "login", "door", "wish", "body"))
#: A hidden field of forms whose every word is personal: nothing of them is kept anywhere.
_PRIVATE = "private"
_CARRIED = "carried"
_MOST_CARRIED = 50_000
_CARRIED_HOURS = 12


def _carry(request: HttpRequest) -> str:
    """What was typed, signed, for a hidden field; "" for a form without words, and for one that says it is private."""
    if _PRIVATE in request.POST:
        return ""
    fields = {
        key: values
        for key, values in request.POST.lists()
        if key not in _OURS | _PERSONAL and any(filter(None, values))
    }
    made = signing.dumps({"path": request.path, "typed": fields}, salt=_CARRIED, compress=True) if fields else ""
    return made if len(made) <= _MOST_CARRIED else ""


def set_down(request: HttpRequest, token: str) -> None:
    """Into the session of whoever signed in, until the form is opened; what is not ours is left."""
    try:
        request.session[_CARRIED] = signing.loads(token, salt=_CARRIED, max_age=_CARRIED_HOURS * 3600)
    except signing.BadSignature:
        return


def carried(request: HttpRequest) -> QueryDict | None:
    """What was typed into the form of this page before the session ended; given back once."""
    found = request.session.get(_CARRIED)
    if request.method == "POST" or not found or found["path"] != request.path:
        return None
    del request.session[_CARRIED]
    typed = QueryDict(mutable=True)
    for key, values in found["typed"].items():
        typed.setlist(key, values)
    return typed


def draft_owner(request: HttpRequest) -> str:
    """Whose drafts a device may show here: a mark of the account that says nothing of it; "" for nobody."""
    account = anybody(request).account
    return salted_hmac("drafts", str(account)).hexdigest()[:16] if account is not None else ""
