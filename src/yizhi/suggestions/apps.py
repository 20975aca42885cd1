from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "yizhi.suggestions"
    label = "suggestions"
