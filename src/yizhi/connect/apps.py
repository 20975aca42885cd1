from django.apps import AppConfig


class ConnectConfig(AppConfig):
    name = "yizhi.connect"
    label = "connect"
