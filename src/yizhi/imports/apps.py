from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "yizhi.imports"
    label = "imports"
