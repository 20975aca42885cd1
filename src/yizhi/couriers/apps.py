from django.apps import AppConfig


class CouriersConfig(AppConfig):
    name = "yizhi.couriers"
    label = "couriers"
