from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "yizhi.notices"
    label = "notices"
