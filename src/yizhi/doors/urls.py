from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

urlpatterns = [
    # The language of a page is no secret and gives no power: residents change it without a cookie for tokens.
    path("language", csrf_exempt(set_language), name="language"),
]
