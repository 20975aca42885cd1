from django.urls import path

from yizhi.oidc import web

urlpatterns = [
    path("oidc/", web.begin, name="oidc"),
    path("oidc/back", web.back, name="oidc_back"),
]
