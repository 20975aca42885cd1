"""For residents `errand/`, `law/`, `near/`, `grid/`; for whoever works here below `field/`, where pages work without a
line, and at the desk `services/`."""

from django.urls import path

from yizhi.services.web import errands, near, visits

urlpatterns = [
    path("errand/", errands.places, name="errand_places"),
    path("errand/<str:code>", errands.errand, name="errand"),
    path("field/errands/", errands.errands, name="errands"),
    path("field/errands/new", errands.write_down, name="errand_new"),
    path("field/errands/<str:number>/slip", errands.slip, name="errand_slip"),
    path("field/errands/<str:number>/papers", errands.paper_in, name="errand_paper"),
    path("field/errands/<str:number>/papers/<int:paper>/back", errands.paper_back, name="errand_paper_back"),
    path("field/visits/", visits.visits, name="visits"),
    path("field/visits/new/<slug:sort>", visits.agree, name="visit_new"),
    path("field/visits/<int:number>/", visits.visit, name="visit"),
    path("field/visits/<int:number>/made", visits.made, name="visit_made"),
    path("field/visits/<int:number>/asked", visits.asked, name="visit_asked"),
    path("field/visits/<int:number>/errand", errands.on_visit, name="visit_errand"),
    path("field/visits/<int:number>/look", visits.look, name="visit_look"),
    path("field/visits/<int:number>/settle", visits.settle, name="visit_settle"),
    path("field/visits/<int:number>/end", visits.end, name="visit_end"),
    path("law/", visits.law_places, name="law_places"),
    path("law/<str:code>", visits.law_menu, name="law_menu"),
    path("near/", near.places, name="near_places"),
    path("near/<str:code>", near.near, name="near"),
    path("grid/<str:code>", near.grid, name="grid"),
    path("services/", near.offers, name="offers"),
    path("services/new", near.offer, name="offer_new"),
    path("services/<int:number>", near.put_right, name="offer"),
    path("services/<int:number>/withdraw", near.withdraw, name="offer_withdraw"),
]
