"""To the provider and back. Only who has an account here comes in; a code generator is asked for as ever."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yizhi.core.errors import NotFound, Refusal
from yizhi.doors import signin, throttle
from yizhi.doors.menu import Way
from yizhi.doors.pages import page
from yizhi.doors.throttle import Limit
from yizhi.oidc import actions, rules
from yizhi.oidc.provider import Provider
from yizhi.oidc.rules import BadToken, NoSuchPerson, SignInElsewhere
from yizhi.people import queries

log = logging.getLogger(__name__)
TRIES = Limit("oidc.address", most=30, minutes=5)
_BEGUN = "oidc"


@require_safe
@page
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the provider's page."""
    provider, at = _provider(), timezone.now()
    try:
        throttle.take(TRIES, throttle.address(request), at=at)
        begun = rules.begin(at.timestamp(), signin.destination(request))
        address = provider.address(begun, _back(), at)
    except Refusal as refusal:
        return signin.sign_in_page(request, at, refusal)
    except BadToken as trouble:
        return _failed(request, trouble)
    request.session[_BEGUN] = begun.kept()
    return redirect(address)


@require_safe
@page
def back(request: HttpRequest) -> HttpResponse:
    """With a code, from the provider's page."""
    provider, at, asked = _provider(), timezone.now(), request.GET.dict()
    try:
        begun = rules.resumed(request.session.pop(_BEGUN, None), asked, provider.issuer, at.timestamp())
        claims = provider.claims(asked["code"], begun, _back(), at)
    except BadToken as trouble:
        return _failed(request, trouble)
    number = rules.staff_number(claims, settings.OIDC_STAFF_CLAIM)
    try:
        account = actions.enter(provider.issuer, claims["sub"], number, at=at)
    except NotFound:
        refusal = NoSuchPerson(name=settings.OIDC_NAME, subject=claims["sub"])
        return signin.sign_in_page(request, at, refusal)
    return signin.next_step(request, queries.login_account(account), begun.then, at)


def ways() -> list[Way]:
    """For the page of sign-in."""
    return [Way("oidc", settings.OIDC_NAME)] if settings.OIDC_ISSUER else []


def _provider() -> Provider:
    if not settings.OIDC_ISSUER:
        raise NotFound
    return Provider(settings.OIDC_ISSUER, settings.OIDC_CLIENT, settings.OIDC_SECRET)


def _back() -> str:
    """The address that is registered at the provider."""
    return str(settings.YIZHI_PUBLIC_URL).rstrip("/") + reverse("oidc_back")


def _failed(request: HttpRequest, trouble: BadToken) -> HttpResponse:
    log.warning("oidc_refused", extra={"reason": str(trouble)})
    return signin.sign_in_page(request, timezone.now(), SignInElsewhere(name=settings.OIDC_NAME))
