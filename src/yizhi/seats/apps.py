from django.apps import AppConfig


class SeatsConfig(AppConfig):
    name = "yizhi.seats"
    label = "seats"
