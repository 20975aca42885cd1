from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    name = "yizhi.groups"
    label = "groups"
    verbose_name = _("Robots in groups")
