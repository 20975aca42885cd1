"""Both seats have the same addresses below their own."""

from django.urls import URLPattern, path

from yizhi.seats import web


def _seat(name: str) -> list[URLPattern]:
    seat = {"seat": name}
    return [
        path(f"{name}/", web.inbox, seat, name=name),
        path(f"{name}/filters", web.counts, seat, name=f"{name}_filters"),
        path(f"{name}/new", web.register, seat, name=f"{name}_new"),
        path(f"{name}/<str:number>/", web.case, seat, name=f"{name}_case"),
        path(f"{name}/<str:number>/look/<slug:field>", web.look, seat, name=f"{name}_look"),
        path(f"{name}/<str:number>/<slug:move>", web.move, seat, name=f"{name}_move"),
    ]


urlpatterns = [path("", web.home, name="home"), path("field/me", web.me, name="me"), *_seat("field"), *_seat("desk")]
