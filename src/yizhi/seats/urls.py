"""Both seats have the same addresses below their own."""

from django.urls import URLPattern, path

from yizhi.seats.web import (
    bulk,
    burden,
    case,
    figures,
    handover,
    inbox,
    mine,
    notices,
    offline,
    register,
    sheet,
    styleguide,
)


def _seat(name: str) -> list[URLPattern]:
    seat = {"seat": name}
    return [
        path(f"{name}/", inbox.inbox, seat, name=name),
        path(f"{name}/filters", inbox.counts, seat, name=f"{name}_filters"),
        path(f"{name}/new", register.register, seat, name=f"{name}_new"),
        path(f"{name}/<str:number>/", case.case, seat, name=f"{name}_case"),
        path(f"{name}/<str:number>/around", case.around, seat, name=f"{name}_around"),
        path(f"{name}/<str:number>/handover", handover.handover, seat, name=f"{name}_handover"),
        path(f"{name}/<str:number>/look/<slug:field>", case.look, seat, name=f"{name}_look"),
        path(f"{name}/<str:number>/<slug:move>", case.move, seat, name=f"{name}_move"),
    ]


urlpatterns = [
    path("", mine.home, name="home"),
    path("figures/", figures.figures, name="figures"),
    path("figures/brief", figures.brief, name="brief"),
    path("figures/burden", burden.minutes, name="burden"),
    path("figures/cases", figures.cases, name="figures_cases"),
    path("figures/sheet", figures.sheet, name="figures_sheet"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("notices/", notices.notices, name="notices"),
    path("notices/bell", notices.bell, name="notices_bell"),
    path("notices/read", notices.read, name="notices_read"),
    path("notices/wish", notices.wish, name="notices_wish"),
    path("notices/address", notices.address, name="notices_address"),
    path("notices/phone", notices.phone, name="notices_phone"),
    path("notices/phone/code", notices.phone_code, name="notices_phone_code"),
    path("notices/confirm/<str:token>", notices.confirm, name="notices_confirm"),
    path("notices/<int:notice>", notices.opened, name="notices_open"),
    path("field/me", mine.me, name="me"),
    path("field/me/raised", mine.raised, name="me_raised"),
    path("field/me/work", mine.work, name="me_work"),
    path("field/outbox", offline.letters, name="field_outbox"),
    path("field/waiting", offline.waiting, name="field_waiting"),
    path("field/worker.js", offline.worker, name="field_worker"),
    path("field/app.webmanifest", offline.manifest, name="field_manifest"),
    path("field/<str:number>/kept", offline.kept, name="field_kept"),
    path("desk/bulk", bulk.several, name="desk_bulk"),
    path("desk/sheet", sheet.sheet, name="desk_sheet"),
    path("desk/<str:number>/slip", case.paper, name="slip"),
    *_seat("field"),
    *_seat("desk"),
]
