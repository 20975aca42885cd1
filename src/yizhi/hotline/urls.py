from django.urls import path

from yizhi.hotline import web

urlpatterns = [
    path("hotline/", web.hotline, name="hotline"),
    path("hotline/<uuid:call>", web.call, name="hotline_call"),
    path("hotline/letter", web.paper, {"sort": "letter"}, name="hotline_letter"),
    path("hotline/order", web.paper, {"sort": "order"}, name="hotline_order"),
]
