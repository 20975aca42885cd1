from django.urls import path

from yizhi.cases import photo_web, web

urlpatterns = [
    path("live/<str:watched>/<int:since>/", web.changes, name="live"),
    path("photo/<str:which>/", photo_web.photo, name="photo"),
    path("photo/<str:which>/small/", photo_web.photo, {"small": True}, name="photo_small"),
]
