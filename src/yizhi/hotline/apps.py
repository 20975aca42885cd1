from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "yizhi.hotline"
    label = "hotline"
