"""What the pages share: who may open them, the frame around them, refusals as sentences above them."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import mark_safe

from yizhi.core.actor import AdminRole
from yizhi.core.errors import N_, BadFact, BadProfile, Refusal
from yizhi.doors.pages import not_found
from yizhi.office import by, now, said
from yizhi.people import queries

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_ALL: tuple[AdminRole, ...] = ("system", "security", "audit")

#: Which administrator opens a page. To the others it looks as if it were not there.
PAGES: Mapping[str, tuple[AdminRole, ...]] = MappingProxyType(
    {
        "office_home": _ALL,
        "office_rules": ("system", "audit"),
        "office_rules_file": ("system", "audit"),
        "office_rules_check": ("system",),
        "office_rules_apply": ("system",),
        "office_rehearse": ("system",),
        "office_stickers": ("system",),
        "office_stickers_print": ("system",),
        "office_sticker_new": ("system",),
        "office_sticker_down": ("system",),
        "office_mail": ("system",),
        "office_delivery": ("system", "audit"),
        "office_staff": _ALL,
        "office_staff_sheet": ("security",),
        "office_staff_import": ("security",),
        "office_hand_over": ("security",),
        "office_gaps": _ALL,
        "office_gaps_sheet": _ALL,
        "office_token": ("security",),
        "office_connections": _ALL,
        "office_connection": _ALL,
        "office_connection_new": ("system",),
        "office_connection_secret": ("system",),
        "office_connection_again": ("system",),
        "office_connection_switch": ("system", "security"),
        "office_erase": ("security",),
    }
)


def may_open(request: HttpRequest, page: str) -> bool:
    return bool(request.user.is_authenticated) and by(request).admin in PAGES[page]


def office(name: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A page of the back office. Nobody signed in: to the sign-in; another administrator: not found."""

    def wrapped(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may_open(request, name):
                return not_found(request)
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        guarded: Callable[..., HttpResponse] = admin.site.admin_view(shown)
        return guarded

    return wrapped


def show(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """One of our own templates within the frame of the back office."""
    facts = {"at": now(), "me": by(request), "may": lambda page: may_open(request, page), **context}
    body = render_to_string(template, facts, request=request, using="jinja2")
    around = {
        **admin.site.each_context(request),
        "title": title,
        "content": mark_safe(body),
    }  # rendered just now, from our own template
    return TemplateResponse(request, "admin/base_site.html", around, status=status)


class NoAccount(BadFact):
    message = N_("There is no account with the login “{login}”.")


def typed_login(typed: str) -> str:
    """The login in what a list of accounts offers: login, then title."""
    return typed.strip().partition(" ")[0].lower()


def account_of(login: str) -> int:
    """Raises `NoAccount`, which names the login: administrators see all accounts."""
    found = queries.account_id(login)
    if found is None:
        raise NoAccount(login=login)
    return found


def refuse(request: HttpRequest, refusal: Refusal) -> None:
    """A refusal in the reader's language, above the page that comes next."""
    messages.error(request, said(refusal))


def acted(request: HttpRequest, act: Callable[[], object], done: str, back: str, **args: Any) -> HttpResponse:
    """Does one thing, says how it went, and goes back."""
    try:
        act()
    except BadProfile as bad:
        messages.error(request, " ".join(bad.faults))
    except Refusal as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, done)
    answer: HttpResponse = redirect(back, **args)
    return answer
