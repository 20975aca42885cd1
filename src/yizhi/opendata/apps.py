from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "yizhi.opendata"
    label = "opendata"
