from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "yizhi.cases"
    label = "cases"
