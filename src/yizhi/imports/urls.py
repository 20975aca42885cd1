from django.urls import path

from yizhi.imports import web

urlpatterns = [
    path("imports/", web.imports, name="imports"),
    path("imports/template/<slug:sort>", web.template, name="imports_template"),
    path("imports/<int:number>/", web.batch, name="imports_batch"),
    path("imports/<int:number>/<slug:step>", web.step, name="imports_step"),
]
