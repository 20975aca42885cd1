"""Addresses that stand in messages to offices without an account: they never change."""

from django.urls import path

from yizhi.connect import web

urlpatterns = [
    path("o/<str:token>", web.office, name="office_work"),
    path("o/<str:token>/<slug:move>", web.office_move, name="office_move"),
    path("link/<str:number>", web.link, name="office_link"),
    path("link/<str:number>/<int:link>/end", web.end_link, name="office_link_end"),
]
