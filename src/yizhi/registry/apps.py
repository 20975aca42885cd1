from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "yizhi.registry"
    label = "registry"
