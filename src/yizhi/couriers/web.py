"""The door of couriers, riders and drivers: join by a code, two taps when stopped, what became of it. And the office
that hands the codes out."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases.city import current
from yizhi.core.errors import Refusal
from yizhi.couriers import actions, queries, rules
from yizhi.couriers import page as pages
from yizhi.couriers.forms import BodyForm, SightForm
from yizhi.couriers.queries import Joining
from yizhi.couriers.rules import CodeOver
from yizhi.doors import throttle
from yizhi.doors.answers import answer_for
from yizhi.doors.bigtype import kept_type
from yizhi.doors.pages import actor, fresh_key, opened, page, show, throttle_looks, throttle_reports

_COOKIE: Final = "yizhi_special"
_SALT: Final = "special"
_MOST_AGE: Final = 366 * 24 * 3600
#: By one phone, before its address is asked: whoever floods takes nothing from those who share the address.
_EACH: Final = throttle.Limit("special", 12, 10)


def _token(request: HttpRequest) -> str:
    """What the phone shows; "" when it shows nothing, or what we did not sign."""
    return str(request.get_signed_cookie(_COOKIE, "", salt=_SALT))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def join(request: HttpRequest, code: str) -> HttpResponse:
    """What one joins, and one button: no name, no telephone. Looking joins nobody: a messenger looks ahead, too."""
    at, token, answer = timezone.now(), _token(request), None
    try:
        body = opened(request, lambda code: queries.joining(code, at), code)
    except CodeOver as refusal:
        return _over(request, refusal, at)
    before = queries.reporter(token, at)
    if before and before.id == body.id:
        return redirect(reverse("special") + kept_type(request))
    if request.method == "POST":
        try:
            throttle_reports(request, f"join {body.id}")
            key = request.POST.get("key", "")[:100] or fresh_key()
            return _joined(request, actions.join(code, at=at, key=key, token=token))
        except Refusal as refusal:
            answer = answer_for(refusal)
    context = {"body": body, "code": code, "city": current(), "answer": answer, "before": before}
    return show(request, "couriers/join.html", context, at=at, status=answer.status if answer else 200)


def _joined(request: HttpRequest, token: str) -> HttpResponse:
    response = redirect(reverse("special") + kept_type(request))
    response.set_signed_cookie(
        _COOKIE,
        token,
        salt=_SALT,
        max_age=_MOST_AGE,
        path=reverse("special"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@page
def start(request: HttpRequest) -> HttpResponse:
    """First that one has stopped, then what is wrong: the second tap sends it."""
    at, token = timezone.now(), _token(request)
    body = queries.reporter(token, at)
    if body is None:
        return _over(request, CodeOver(), at) if token else show(request, "couriers/welcome.html", {}, at=at)
    form, found, status = SightForm.of(request), pages.Found(), 200
    if request.method == "POST":
        try:
            _throttle(request, body, token, at)
            what = form.report(request, current())
            found = pages.look(form, current(), at)
            if not (found.alike and form.first_look()):
                receipt = actions.report(what, token=token, at=at, key=form.values["key"])
                return redirect(f"{reverse('special_mine')}?{urlencode({'done': receipt.number})}")
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"page": pages.form_page(body, token, found), "form": form}
    return show(request, "couriers/report.html", context, at=at, status=status)


def _throttle(request: HttpRequest, body: Joining, token: str, at: datetime) -> None:
    throttle.take(_EACH, rules.pace_mark(token), at=at)
    throttle_reports(request, f"special {body.id}")


@require_POST
@page
def where(request: HttpRequest) -> HttpResponse:
    """What the place is called where the phone says that it is. Nothing is kept."""
    throttle_looks(request)
    here = pages.here(request.POST.get("lon", ""), request.POST.get("lat", ""))
    status = 200 if here.name else 422
    return show(request, "couriers/_where.html", {"here": here}, at=timezone.now(), status=status)


@require_safe
@page
def mine(request: HttpRequest) -> HttpResponse:
    """What this phone sent and what became of it; right after sending with the receipt on top."""
    at, token = timezone.now(), _token(request)
    context = {"cards": pages.cards(token), "body": queries.reporter(token, at), "done": request.GET.get("done", "")}
    return show(request, "couriers/mine.html", context, at=at)


@require_POST
@page
def leave(request: HttpRequest) -> HttpResponse:
    """Nothing is left of this phone."""
    actions.leave(_token(request))
    response = show(request, "couriers/left.html", {}, at=timezone.now())
    response.delete_cookie(_COOKIE, path=reverse("special"), samesite="Lax")
    return response


def _over(request: HttpRequest, refusal: CodeOver, at: datetime) -> HttpResponse:
    sent = queries.how_many_sent(_token(request))
    return show(request, "couriers/over.html", {"answer": answer_for(refusal), "sent": sent}, at=at, status=404)


# -- the office ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@page
def office(request: HttpRequest) -> HttpResponse:
    """The bodies of one's areas, with a code each; POST hands out another."""
    at, who, form, status = timezone.now(), actor(request), BodyForm.of(request), 200
    queries.posts(who)
    if request.method == "POST":
        try:
            body = actions.hand_out(
                form.values["name"],
                sort=form.values["sort"],
                area=form.values["area"],
                until=form.until,
                most=form.most,
                by=who,
                at=at,
                key=form.values["key"],
            )
            return redirect(f"{reverse('reporters')}?{urlencode({'new': body})}#body-{body}")
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"who": who, "page": pages.office_page(who, at), "form": form, "new": request.GET.get("new", "")}
    return show(request, "couriers/office.html", context, at=at, status=status)


@require_safe
@page
def sheet(request: HttpRequest, body: int) -> HttpResponse:
    """A PDF to hang up at the station; of a code that holds."""
    found = queries.body(actor(request), body, timezone.now())
    if found.over:
        raise CodeOver
    response = HttpResponse(pages.sheet(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.id}.pdf"'
    return response


@require_POST
@page
def close(request: HttpRequest, body: int) -> HttpResponse:
    """The code and all its phones end."""
    actions.close(body, by=actor(request), at=timezone.now())
    return redirect(reverse("reporters"))
