from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "yizhi.open311"
    label = "open311"
