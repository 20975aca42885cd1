"""Addresses in short messages: short, and they never change."""

from django.urls import path

from yizhi.notices import web

urlpatterns = [path("m/<slug:token>", web.link, name="notice_link")]
