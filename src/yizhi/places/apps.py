from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "yizhi.places"
    label = "places"
