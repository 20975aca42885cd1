"""Addresses that others subscribe to: they never change."""

from django.urls import path

from yizhi.opendata import web

urlpatterns = [
    path("open/", web.figures, name="open"),
    path("open/figures.csv", web.data, {"form": "csv"}, name="open_csv"),
    path("open/figures.json", web.data, {"form": "json"}, name="open_json"),
    path("feeds/<str:area>.atom", web.feed, name="feed"),
    path("feeds/mine/", web.mine, name="my_calendar"),
    path("feeds/mine/<str:secret>.ics", web.calendar, name="calendar"),
]
