from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "yizhi.patrols"
    label = "patrols"
