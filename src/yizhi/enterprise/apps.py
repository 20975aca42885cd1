from django.apps import AppConfig


class EnterpriseConfig(AppConfig):
    name = "yizhi.enterprise"
    label = "enterprise"
