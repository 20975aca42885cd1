from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yizhi.people"
    label = "people"
