from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "yizhi.matters"
    label = "matters"
