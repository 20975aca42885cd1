"""Addresses that stand on stickers and slips: they never change."""

from django.urls import path

from yizhi.matters import web

urlpatterns = [
    path("q/", web.places, name="places"),
    path("q/<str:code>", web.report, name="report"),
    path("q/<str:code>/look", web.before, name="report_look"),
    path("q/<str:code>/follow", web.follow, name="follow"),
    path("c/<str:code>", web.track, name="track"),
    path("c/<str:code>/unfollow", web.leave, name="unfollow"),
    path("c/<str:code>/silence", web.silence, name="silence"),
    path("c/<str:code>/<slug:move>", web.answer, name="answer"),
]
