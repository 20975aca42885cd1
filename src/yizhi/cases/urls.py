from django.urls import path

from yizhi.cases import web

urlpatterns = [path("live/<str:watched>/<int:since>/", web.changes, name="live")]
