from django.apps import AppConfig


class WishesConfig(AppConfig):
    name = "yizhi.wishes"
    label = "wishes"
