"""What one was told, and how one wants to be told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases.city import profile
from yizhi.core.errors import Refusal
from yizhi.doors.pages import actor, page, show
from yizhi.notices import actions
from yizhi.notices.actions.wishes import address_in
from yizhi.seats import notice_page
from yizhi.seats.notice_page import WishForm


@require_safe
@page
def notices(request: HttpRequest) -> HttpResponse:
    """What is new, then what was read, by day."""
    at, who = timezone.now(), actor(request)
    found = notice_page.notices(who, request.GET.get("skip", ""), at)
    context = {
        "who": who,
        "page": found,
        "kept": profile().notices.kept_days,
        "seat": notice_page.seat_of(request, who),
    }
    return show(request, "seats/notices.html", context, at=at)


@require_safe
@page
def bell(request: HttpRequest) -> HttpResponse:
    """The figure in the bar alone, when a page that is open heard of a change."""
    return show(request, "doors/bell.html", {"who": actor(request)}, part="doors/bell.html", at=timezone.now())


@require_safe
@page
def opened(request: HttpRequest, notice: int) -> HttpResponse:
    """On to the matter; going there is reading it. Done twice it changes nothing, so a plain link may do it."""
    at, who = timezone.now(), actor(request)
    return redirect(f"{notice_page.seat_of(request, who)}_case", number=actions.read(notice, by=who, at=at))


@require_POST
@page
def read(request: HttpRequest) -> HttpResponse:
    """All that the list showed."""
    at, who = timezone.now(), actor(request)
    actions.read_all(notice_page.shown_of(request), notice_page.seen_of(request, at), by=who, at=at)
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def wish(request: HttpRequest) -> HttpResponse:
    """By which channel, and when not."""
    at, who = timezone.now(), actor(request)
    form = WishForm.of(who, profile().notices, request.GET.get("done", ""))
    if request.method == "POST":
        try:
            actions.wish(**form.typed(request), plan=form.plan, by=who, at=at)
        except Refusal as refusal:
            return _form(request, form, form.refuse(refusal))
        return _done("kept")
    return _form(request, form)


@require_POST
@page
def address(request: HttpRequest) -> HttpResponse:
    """Another address: it counts when the link in the mail to it was opened."""
    at, who = timezone.now(), actor(request)
    form = WishForm.of(who, profile().notices)
    form.values["email"] = request.POST.get("email", "").strip()
    try:
        actions.ask_address(form.values["email"], by=who, at=at)
    except Refusal as refusal:
        return _form(request, form, form.refuse(refusal))
    return _done("asked" if form.values["email"] else "removed")


@require_POST
@page
def phone(request: HttpRequest) -> HttpResponse:
    """Another number for short messages: it counts when the code that goes to it came back."""
    at, who = timezone.now(), actor(request)
    form = WishForm.of(who, profile().notices)
    form.values["phone"] = request.POST.get("phone", "").strip()
    try:
        actions.ask_phone(form.values["phone"], by=who, at=at)
    except Refusal as refusal:
        return _form(request, form, form.refuse(refusal))
    return _done("code" if form.values["phone"] else "phone_removed")


@require_POST
@page
def phone_code(request: HttpRequest) -> HttpResponse:
    at, who = timezone.now(), actor(request)
    try:
        actions.confirm_phone(request.POST.get("code", ""), by=who, at=at)
    except Refusal as refusal:
        form = WishForm.of(who, profile().notices)
        return _form(request, form, form.refuse(refusal))
    return _done("phone")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail. Opening it changes nothing: programs that look through mail open links too."""
    at, who = timezone.now(), actor(request)
    if request.method == "POST":
        actions.confirm_address(token, by=who, at=at)
        return _done("confirmed")
    context = {"who": who, "address": address_in(token, by=who, at=at), "token": token}
    return show(request, "seats/notice_confirm.html", context, at=at)


def _form(request: HttpRequest, form: WishForm, status: int = 200) -> HttpResponse:
    who = actor(request)
    seat, quiet = notice_page.seat_of(request, who), notice_page.city_quiet(form.plan)
    context = {"who": who, "form": form, "seat": seat, "quiet": quiet}
    return show(request, "seats/notice_wish.html", context, at=timezone.now(), status=status)


def _done(what: str) -> HttpResponse:
    response = redirect("notices_wish")
    response["Location"] += f"?done={what}"
    return response
