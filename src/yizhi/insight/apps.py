from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "yizhi.insight"
    label = "insight"
