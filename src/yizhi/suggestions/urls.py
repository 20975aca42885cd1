"""`suggest`, for whoever works here."""

from django.urls import path

from yizhi.suggestions import web

urlpatterns = [path("suggest", web.suggest, name="suggest")]
