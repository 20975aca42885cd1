"""The addresses that are typed into the platforms' pages of settings."""

from django.urls import path

from yizhi.wechat import web

urlpatterns = [
    path("wechat/", web.callback, {"line": "account"}, name="wechat"),
    path("wechat/work/", web.callback, {"line": "work"}, name="wechat_work"),
]
