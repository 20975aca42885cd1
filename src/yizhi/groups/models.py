"""Groups in which a robot says that there is something to do, and what is still to be said there."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Group(models.Model):
    """A group of colleagues of a unit. The robot's key and secret are sealed under a key of the row's own. `told` is
    when something was last said there, `trouble` why it could not be."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("name of the group"), max_length=100)
    vendor = models.CharField(
        _("platform"),
        max_length=8,
        choices=[
            ("wecom", _("WeCom")),
            ("dingtalk", _("DingTalk")),
            ("feishu", _("Feishu")),
            ("app", _("WeCom application")),
        ],
    )
    active = models.BooleanField(_("told"), default=True, db_default=True)
    key = models.BinaryField()
    cipher = models.BinaryField()
    since = models.DateTimeField(_("since"))
    told = models.DateTimeField(_("last told"), null=True)
    trouble = models.TextField(_("why it could not be told"), default="", db_default="")

    class Meta:
        verbose_name = _("group with a robot")
        verbose_name_plural = _("groups with a robot")

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """Something that a group is still to be told: codes alone; done by its unit meanwhile, it is gone."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+", db_index=False)
    number = models.TextField(db_collation="C")
    cause = models.TextField()
    weight = models.SmallIntegerField()
    late = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "number", "cause"], name="groups_word_once")]
        indexes = [models.Index(F("number"), name="groups_word_number")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.cause} {self.number}"
