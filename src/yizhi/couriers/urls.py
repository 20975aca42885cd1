"""`/s/` is the phone's, and stands on printed sheets: it never changes. `/reporters/` is the office's."""

from django.urls import path

from yizhi.couriers import web

urlpatterns = [
    path("s/", web.start, name="special"),
    path("s/where", web.where, name="special_where"),
    path("s/mine", web.mine, name="special_mine"),
    path("s/leave", web.leave, name="special_leave"),
    path("s/<str:code>", web.join, name="special_join"),
    path("reporters/", web.office, name="reporters"),
    path("reporters/<int:body>/sheet", web.sheet, name="reporters_sheet"),
    path("reporters/<int:body>/close", web.close, name="reporters_close"),
]
