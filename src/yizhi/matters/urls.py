"""Addresses that stand on stickers and slips: they never change."""

from django.urls import path

from yizhi.matters import web

urlpatterns = [
    path("q/", web.places, name="places"),
    path("q/<str:code>", web.report, name="report"),
    path("c/<str:code>", web.track, name="track"),
    path("c/<str:code>/<slug:move>", web.answer, name="answer"),
]
