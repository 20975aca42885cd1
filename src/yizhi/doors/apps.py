from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "yizhi.doors"
    label = "doors"
