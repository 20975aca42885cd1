from django.urls import path

from yizhi.hotline import paper_web, web

urlpatterns = [
    path("hotline/", web.hotline, name="hotline"),
    path("hotline/<uuid:call>", web.call, name="hotline_call"),
    path("hotline/letter", paper_web.paper, {"sort": "letter"}, name="hotline_letter"),
    path("hotline/order", paper_web.paper, {"sort": "order"}, name="hotline_order"),
]
