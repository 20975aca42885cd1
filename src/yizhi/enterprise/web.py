"""The enterprise's pages, and the office's: who may call, whom to ring, what was kept."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yizhi.cases import actions as cases
from yizhi.cases import queries as whole_cases
from yizhi.cases.city import current
from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.answers import answer_for
from yizhi.doors.pages import actor, anybody, fresh_key, page, show, throttle_reports
from yizhi.enterprise import actions, forms, queries, rules
from yizhi.enterprise import page as pages
from yizhi.enterprise.forms import AnswerForm, Form

_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page
def start(request: HttpRequest) -> HttpResponse:
    """For who calls for an enterprise its matters; for everybody else what this is, and how to join."""
    at, who = timezone.now(), anybody(request)
    if not queries.is_member(who):
        return show(request, "enterprise/start.html", {"city": current()}, at=at)
    me = queries.member(who)
    found = [pages.page(called, at) for called in queries.matters(me)]
    has_password = request.user.is_authenticated and request.user.has_usable_password()
    context = {"me": me, "pages": found, "has_password": has_password}
    return show(request, "enterprise/matters.html", context, at=at)


# -- joining ------------------------------------------------------------------------------------------------------


@_form
@page
def join(request: HttpRequest) -> HttpResponse:
    """Ask to call for an enterprise. The address that follows is the applicant's own."""
    at, city, form, status = timezone.now(), current(), Form.of(request, *forms.JOIN), 200
    if request.method == "POST":
        try:
            throttle_reports(request, "enterprise")
            actions.apply(forms.joining(form, city), code=form.values["key"], at=at)
            return redirect("enterprise_joined", code=form.values["key"])
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"form": form, "places": forms.places(city), "city": city}
    return show(request, "enterprise/join.html", context, at=at, status=status)


@_form
@page
def joined(request: HttpRequest, code: str) -> HttpResponse:
    """How an application stands. Once it is confirmed, its address lets its applicant in, once."""
    at, asked = timezone.now(), queries.application(code)  # too long a code to be guessed
    if request.method == "POST" and asked.state == "confirmed":
        secret = actions.enter(code, at=at)
        return redirect(f"{reverse('sign_in_link', args=[secret])}?{urlencode({'next': reverse('enterprise')})}")
    status = 409 if request.method == "POST" else 200
    return show(request, "enterprise/joined.html", {"asked": asked}, at=at, status=status)


@_form
@page
def people(request: HttpRequest) -> HttpResponse:
    """Who calls for my enterprise; a colleague is added, and gets a link."""
    at, who, form, status = timezone.now(), actor(request), Form.of(request, "position", "person", "phone"), 200
    me, secret = queries.member(who), ""
    if request.method == "POST":
        try:
            secret = actions.invite(form.values["position"], forms.person(form), by=who, at=at)
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {"me": me, "people": queries.colleagues(me), "form": form, "secret": secret}
    return show(request, "enterprise/people.html", context, at=at, status=status)


@require_POST
@page
def person(request: HttpRequest, member: int, what: str) -> HttpResponse:
    """A new link for somebody, or they call no more. By a colleague, or by the office."""
    at, who = timezone.now(), actor(request)
    if what == "link":
        secret = actions.link(member, by=who, at=at)
        return show(
            request, "enterprise/link.html", {"secret": secret, "who": who, "office": rules.may_confirm(who)}, at=at
        )
    if what != "end":
        raise NotFound
    actions.end(member, by=who, at=at)
    return redirect("enterprises" if rules.may_confirm(who) else "enterprise_people")


# -- matters ------------------------------------------------------------------------------------------------------


@_form
@page
def call(request: HttpRequest) -> HttpResponse:
    """One short form."""
    at, who, city = timezone.now(), actor(request), current()
    me, form, status = queries.member(who), Form.of(request, *forms.CALL), 200
    if request.method == "POST":
        try:
            receipt = actions.call(forms.report(form, request, city), by=who, at=at, key=form.values["key"])
            return _to_matter(receipt.number, "report")
        except Refusal as refusal:
            status = form.refuse(refusal)
    context = {
        "me": me,
        "form": form,
        "categories": rules.categories(city),
        "offices": forms.offices(city),
        "city": city,
    }
    return show(request, "enterprise/call.html", context, at=at, status=status)


def _to_matter(number: str, done: str) -> HttpResponse:
    return redirect(f"{reverse('enterprise_matter', args=[number])}?{urlencode({'done': done})}")


@require_safe
@page
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Who has it, by when, what was promised, what was done."""
    return _matter(request, number, AnswerForm(), timezone.now())


def _matter(request: HttpRequest, number: str, form: AnswerForm, at: datetime, status: int = 200) -> HttpResponse:
    me = queries.member(actor(request))
    found = queries.matter(me, number)
    shown = pages.page(found, at, done=request.GET.get("done", ""))
    context = {"me": me, "page": shown, "form": form, "mine": pages.mine(found, me), "key": fresh_key()}
    return show(request, "enterprise/matter.html", context, at=at, status=status)


@_form
@page
def answer(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """The enterprise adds, answers, urges, withdraws."""
    at, me, form = timezone.now(), queries.member(actor(request)), AnswerForm.of(request, move)
    found = queries.matter(me, number)
    if request.method != "POST":
        return redirect("enterprise_matter", number=number)
    try:
        by, key = queries.caller(found.whole.id), form.values["key"] or None
        cases.move(number, move, form.facts(), by=by, at=at, expected=form.expected(), key=key)
    except Refusal as refusal:
        return _matter(request, number, form, at, form.refuse(refusal))
    return _to_matter(number, move)


@require_POST
@page
def mine(request: HttpRequest, number: str) -> HttpResponse:
    """A colleague takes it over."""
    actions.take_over(number, by=actor(request), at=timezone.now())
    return _to_matter(number, "mine")


@require_POST
@page
def kept(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The enterprise says that a promise was kept."""
    actions.kept(number, seq, by=actor(request), at=timezone.now())
    return _to_matter(number, "kept")


@require_safe
@page
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The written answer."""
    return _paper(queries.matter(queries.member(actor(request)), number), timezone.now())


def _paper(found: queries.Called | None, at: datetime) -> HttpResponse:
    if found is None or not rules.has_answer(found.whole.state.stage):
        raise NotFound
    response = HttpResponse(pages.answer_pdf(found, at), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


# -- the office ---------------------------------------------------------------------------------------------------


@require_safe
@page
def office(request: HttpRequest) -> HttpResponse:
    """Who wants to call for which enterprise, and who may."""
    who = actor(request)
    context = {"who": who, "asked": queries.applications(who), "known": queries.enterprises(who), "city": current()}
    return show(request, "enterprise/office.html", context, at=timezone.now())


@require_POST
@page
def decide(request: HttpRequest, application: int, what: str) -> HttpResponse:
    """Confirmed or not."""
    who = actor(request)
    decided = {"confirm": actions.confirm, "refuse": actions.refuse}.get(what)
    if decided is None:
        raise NotFound
    decided(application, by=who, at=timezone.now())
    return redirect("enterprises")


@require_safe
@page
def office_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The written answer, for who deals with the matter."""
    return _paper(queries.called(whole_cases.case(actor(request), number)), timezone.now())


@require_POST
@page
def office_kept(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """A unit says that a promise was kept."""
    actions.kept_by_unit(number, seq, by=actor(request), at=timezone.now())
    return redirect("desk_case", number=number)


@require_POST
@page
def look(request: HttpRequest, number: str) -> HttpResponse:
    """Whom to ring, for a purpose that the enterprise reads."""
    at, who = timezone.now(), actor(request)
    whole, shown, trouble = whole_cases.case(who, number), None, ""
    if queries.called(whole) is None:
        raise NotFound
    try:
        shown = actions.see_contact(number, purpose=request.POST.get("purpose", ""), by=who, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        trouble = answer_for(refusal).sentence
    context = {"who": who, "panel": pages.box(whole, who, at, shown=shown, trouble=trouble)}
    return show(request, "enterprise/looked.html", context, at=at, status=422 if trouble else 200)
