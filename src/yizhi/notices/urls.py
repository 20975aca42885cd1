"""Addresses in short messages: short, and they never change. And where vendors report what became of them."""

from django.urls import path

from yizhi.notices import web

urlpatterns = [
    path("m/<slug:token>", web.link, name="notice_link"),
    path("receipts/<slug:secret>", web.receipts, name="notice_receipts"),
]
