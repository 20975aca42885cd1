from django.urls import path

from yizhi.registry import web

urlpatterns = [
    path("records/", web.find, name="records"),
    path("records/place/<int:address>/", web.house, name="records_place"),
    path("records/place/<int:address>/new/<slug:register>", web.new, name="records_new"),
    path("records/proposals/", web.proposals, name="records_proposals"),
    path("records/proposals/<int:number>/<slug:what>", web.decide, name="records_decide"),
    path("records/<int:number>/", web.record, name="record"),
    path("records/<int:number>/look", web.look, name="record_look"),
    path("records/<int:number>/<slug:act>", web.propose, name="record_propose"),
]
