from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "yizhi.services"
    label = "services"
