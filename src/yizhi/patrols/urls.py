"""On the phone below `field/patrols/`, at the desk below `patrols/`."""

from django.urls import path

from yizhi.patrols.web import desk, walk

urlpatterns = [
    path("field/patrols/<int:number>/", walk.walk, name="patrol_walk"),
    path("field/patrols/<int:number>/in-order", walk.in_order, name="patrol_in_order"),
    path("field/patrols/<int:number>/why", walk.explain, name="patrol_explain"),
    path("field/patrols/<int:number>/<int:point>/", walk.find, name="patrol_find"),
    path("field/patrols/<int:number>/<int:point>/said", walk.say, name="patrol_say"),
    path("patrols/", desk.day, name="patrols"),
    path("patrols/points/", desk.register, name="points"),
    path("patrols/points/new", desk.add, name="point_new"),
    path("patrols/points/template", desk.template, name="points_template"),
    path("patrols/points/sheet", desk.listed, name="points_sheet"),
    path("patrols/points/in", desk.take_in, name="points_in"),
    path("patrols/points/<int:number>", desk.change, name="point"),
    path("patrols/points/<int:number>/withdraw", desk.withdraw, name="point_withdraw"),
]
