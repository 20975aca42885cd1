"""The address that is typed into the platform's page of settings."""

from django.urls import path

from yizhi.wechat import web

urlpatterns = [path("wechat/", web.callback, name="wechat")]
