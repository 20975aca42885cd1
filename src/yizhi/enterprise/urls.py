"""`/e/` is the enterprises', `/enterprises/` the office's."""

from django.urls import path

from yizhi.enterprise import web

urlpatterns = [
    path("e/", web.start, name="enterprise"),
    path("e/join", web.join, name="enterprise_join"),
    path("e/join/<str:code>", web.joined, name="enterprise_joined"),
    path("e/new", web.call, name="enterprise_call"),
    path("e/people", web.people, name="enterprise_people"),
    path("e/people/<int:member>/<slug:what>", web.person, name="enterprise_person"),
    path("e/<str:number>/", web.matter, name="enterprise_matter"),
    path("e/<str:number>/paper", web.paper, name="enterprise_paper"),
    path("e/<str:number>/mine", web.mine, name="enterprise_mine"),
    path("e/<str:number>/kept/<int:seq>", web.kept, name="enterprise_kept"),
    path("e/<str:number>/<slug:move>", web.answer, name="enterprise_answer"),
    path("enterprises/", web.office, name="enterprises"),
    path("enterprises/<int:application>/<slug:what>", web.decide, name="enterprises_decide"),
    path("enterprises/<str:number>/paper", web.office_paper, name="enterprises_paper"),
    path("enterprises/<str:number>/look", web.look, name="enterprises_look"),
    path("enterprises/<str:number>/kept/<int:seq>", web.office_kept, name="enterprises_kept"),
]
