"""Signing in: by password, by a link that works once, with a code generator beside it; and out again."""

from datetime import datetime, timedelta
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, login, logout
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from yizhi.core.actor import Actor
from yizhi.core.errors import N_, NotFound, NotSignedIn, Refusal, TooMany
from yizhi.doors import throttle
from yizhi.doors.answers import answer_for
from yizhi.doors.middleware import VERSION_KEY
from yizhi.doors.middleware import actor as who
from yizhi.doors.pages import not_found, page, set_down, show
from yizhi.doors.throttle import Limit
from yizhi.people import actions, queries
from yizhi.people.models import Account

WRONG_FOR_ACCOUNT = Limit("sign_in.account", most=5, minutes=15)
WRONG_FROM_ADDRESS = Limit("sign_in.address", most=20, minutes=15)
WRONG_CODES = Limit("sign_in.code", most=5, minutes=15)

#: How long a right password waits for the code.
CODE_MINUTES = 10
_PENDING = "sign_in_pending"
_NEW_SECRET = "second_factor_secret"
_BACKEND = "django.contrib.auth.backends.ModelBackend"

_form = require_http_methods(["GET", "HEAD", "POST"])


class WrongSignIn(Refusal):
    """One sentence for a wrong login, a wrong password and an account that is shut out."""

    message = N_(
        "Login and password do not go together, or the account is shut. Your administrator can give you a link."
    )


class DifferentPasswords(Refusal):
    message = N_("The two new passwords differ.")


# ----- by password


@_form
@sensitive_post_parameters("password")
@page
def sign_in(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST signs in. Wrong tries are counted for the account and for the address."""
    at, then = timezone.now(), destination(request)
    if request.method != "POST":
        return redirect(then or _home(who(request))) if who(request).account else sign_in_page(request, at)
    try:
        account = _checked(request, at)
    except Refusal as refusal:
        return sign_in_page(request, at, refusal)
    return next_step(request, account, then, at)


def sign_in_page(request: HttpRequest, at: datetime, refusal: Refusal | None = None) -> HttpResponse:
    """The form, also for whoever tried to sign in elsewhere and could not."""
    context = {
        "next": destination(request),
        "login": request.POST.get("login", "")[:64],
        "carried": request.POST.get("carried", ""),
    }
    return _page(request, "doors/sign_in.html", context, at, refusal)


@sensitive_variables("password")
def _checked(request: HttpRequest, at: datetime) -> Account:
    """The account whose login and password were typed. Raises `WrongSignIn`, `TooMany`."""
    name, password = request.POST.get("login", "").strip().lower()[:64], request.POST.get("password", "")[:1024]
    address = throttle.address(request)
    throttle.take(WRONG_FROM_ADDRESS, address, at=at)
    throttle.take(WRONG_FOR_ACCOUNT, name, at=at)
    # Asked directly: the list of backends would try, and hash, several times.
    account = ModelBackend().authenticate(request, username=name, password=password)
    if not isinstance(account, Account):
        raise WrongSignIn
    throttle.forget(WRONG_FOR_ACCOUNT, name)
    throttle.give_back(WRONG_FROM_ADDRESS, address, at=at)
    return account


# ----- by a link


@_form
@page
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows a button: programs that look at a link before a person does must not use it up. POST signs in."""
    at = timezone.now()
    if request.method != "POST":
        return show(request, "doors/sign_in_link.html", {"spent": False}, at=at)
    throttle.take(WRONG_FROM_ADDRESS, throttle.address(request), at=at)
    try:
        account = actions.use_link(secret, at=at)
    except NotFound:
        return show(request, "doors/sign_in_link.html", {"spent": True}, at=at, status=404)
    throttle.give_back(WRONG_FROM_ADDRESS, throttle.address(request), at=at)
    return next_step(request, queries.login_account(account), destination(request), at)


# ----- the second step


def next_step(request: HttpRequest, account: Account, then: str, at: datetime) -> HttpResponse:
    """Signs in, or asks for the code first when the account has a second factor."""
    carried = request.POST.get("carried", "")
    if not queries.has_second_factor(account.pk):
        return _enter(request, account, then, at, carried)
    request.session.cycle_key()
    request.session[_PENDING] = {"account": account.pk, "at": at.isoformat(), "next": then, "carried": carried}
    return redirect("sign_in_code")


@_form
@sensitive_post_parameters("code")
@page
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code of the generator, or a single-use one, after a right password."""
    at, pending = timezone.now(), request.session.get(_PENDING)
    if not pending or at - datetime.fromisoformat(pending["at"]) > timedelta(minutes=CODE_MINUTES):
        return redirect("sign_in")
    if request.method != "POST":
        return _page(request, "doors/sign_in_code.html", {}, at)
    account = int(pending["account"])
    try:
        _expect_code(account, request.POST.get("code", ""), at)
    except Refusal as refusal:
        return _page(request, "doors/sign_in_code.html", {}, at, refusal)
    return _enter(request, queries.login_account(account), pending["next"], at, pending.get("carried", ""))


def _expect_code(account: int, code: str, at: datetime) -> None:
    """Raises `WrongCode`, `TooMany`."""
    throttle.take(WRONG_CODES, str(account), at=at)
    actions.use_second_factor(account, code=code[:64], at=at)
    throttle.forget(WRONG_CODES, str(account))


def _enter(request: HttpRequest, account: Account, then: str, at: datetime, carried: str = "") -> HttpResponse:
    """A new session under a new key, with what was typed before it. Raises `NotFound` when the account was shut out
    meanwhile."""
    if not account.is_active:
        raise NotFound
    login(request, account, backend=_BACKEND)
    account.refresh_from_db(fields=["token_version"])  # a password hashed anew at sign-in has moved it on
    request.session[VERSION_KEY] = account.token_version
    if carried:
        set_down(request, carried)
    response = redirect(then or _home(queries.actor_of(account.pk, at)))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        account.language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _home(actor: Actor | None) -> str:
    """Where somebody lands who was going nowhere in particular."""
    return "/admin/" if actor and actor.admin else settings.LOGIN_REDIRECT_URL


def destination(request: HttpRequest) -> str:
    """Where the reader was going: a path of ours, or nothing."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


@require_POST
@page
def back(request: HttpRequest) -> HttpResponse:
    """Back to a form whose token had grown old, with what was typed into it."""
    if who(request).account is None:
        return sign_in_page(request, timezone.now())
    set_down(request, request.POST.get("carried", ""))
    return redirect(destination(request) or "/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session, in the database too."""
    logout(request)
    return redirect("sign_in")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The back office has no door of its own: it would count no wrong tries and ask for no code. Whoever is signed in
    and is no administrator is told so: the sign-in would send them straight back."""
    found = who(request)
    if found.account is not None and not found.admin:
        return not_found(request)
    return redirect_to_login(destination(request) or "/admin/", reverse("sign_in"))


# ----- one's own account


def _account(request: HttpRequest) -> Account:
    """Raises `NotSignedIn`."""
    found = who(request)
    if found.account is None:
        raise NotSignedIn
    return queries.login_account(found.account)


@_form
@sensitive_post_parameters("old", "new", "again")
@page
def password(request: HttpRequest) -> HttpResponse:
    """Sets one's own password. Every other session of the account ends."""
    at, account = timezone.now(), _account(request)
    context: dict[str, Any] = {"has_one": account.has_usable_password(), "rules": password_validators_help_texts()}
    context |= {"login": account.username}
    if request.method != "POST":
        return _page(request, "doors/sign_in_password.html", context, at)
    try:
        _change_password(request, account, at)
    except Refusal as refusal:
        return _page(request, "doors/sign_in_password.html", context, at, refusal)
    except ValidationError as refusal:
        return _page(request, "doors/sign_in_password.html", context, at, sentences=refusal.messages)
    return _enter(request, queries.login_account(account.pk), "", at)


@sensitive_variables("old", "new")
def _change_password(request: HttpRequest, account: Account, at: datetime) -> None:
    """Raises `WrongSignIn`, `TooMany`, `DifferentPasswords`, `ValidationError` (too weak)."""
    old, new = request.POST.get("old", "")[:1024], request.POST.get("new", "")[:1024]
    if new != request.POST.get("again"):
        raise DifferentPasswords
    if account.has_usable_password():
        throttle.take(WRONG_FOR_ACCOUNT, account.username, at=at)
        if not account.check_password(old):
            raise WrongSignIn
        throttle.forget(WRONG_FOR_ACCOUNT, account.username)
    validate_password(new, account)
    actions.set_password(account.pk, password=new, by=who(request), at=at)


@_form
@sensitive_post_parameters("code")
@page
def second_factor(request: HttpRequest) -> HttpResponse:
    """Turns the code generator on or off, with a code that proves it is at hand."""
    at, account = timezone.now(), _account(request)
    if queries.has_second_factor(account.pk):
        return _turn_off(request, account, at)
    secret = request.session.setdefault(_NEW_SECRET, actions.new_secret())
    if request.method != "POST":
        return _turn_on_page(request, account, secret, at)
    try:
        throttle.take(WRONG_CODES, str(account.pk), at=at)
        code = request.POST.get("code", "")[:64]
        recovery = actions.set_second_factor(account.pk, secret=secret, code=code, by=who(request), at=at)
    except Refusal as refusal:
        return _turn_on_page(request, account, secret, at, refusal)
    throttle.forget(WRONG_CODES, str(account.pk))
    del request.session[_NEW_SECRET]
    return show(request, "doors/sign_in_second.html", {"state": "new", "recovery": recovery}, at=at)


def _turn_on_page(
    request: HttpRequest, account: Account, secret: str, at: datetime, refusal: Refusal | None = None
) -> HttpResponse:
    picture = segno.make(actions.provisioning_uri(secret, account.username), error="m").svg_data_uri(scale=5)
    letters = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"state": "off", "picture": picture, "letters": letters}
    return _page(request, "doors/sign_in_second.html", context, at, refusal)


def _turn_off(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    if request.method != "POST":
        return _page(request, "doors/sign_in_second.html", {"state": "on"}, at)
    try:
        _expect_code(account.pk, request.POST.get("code", ""), at)
    except Refusal as refusal:
        return _page(request, "doors/sign_in_second.html", {"state": "on"}, at, refusal)
    actions.drop_second_factor(account.pk, by=who(request), at=at)
    return redirect("second_factor")


def _page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    at: datetime,
    refusal: Refusal | None = None,
    sentences: list[str] | None = None,
) -> HttpResponse:
    """A form; with a refusal, its sentence above the form and its status."""
    status, told = 200, list(sentences or ())
    if refusal is not None:
        answer = answer_for(refusal)
        status, told = answer.status, [answer.sentence]
    response = show(request, template, {**context, "refused": told}, at=at, status=422 if sentences else status)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.facts["seconds"])
    return response


urlpatterns = [
    path("in/", sign_in, name="sign_in"),
    path("in/code", sign_in_code, name="sign_in_code"),
    path("in/password", password, name="password"),
    path("in/second", second_factor, name="second_factor"),
    path("in/back", back, name="back"),
    path("in/<str:secret>", sign_in_link, name="sign_in_link"),
    path("out", sign_out, name="sign_out"),
    path("admin/login/", to_sign_in),
]
