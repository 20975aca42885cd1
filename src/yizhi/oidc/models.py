"""Which account somebody is who signs in at the provider."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Identity(models.Model):
    """Given by the security administrator: the provider's own number for somebody (`subject`), or the staff number that
    the provider vouches for. By a staff number `subject` is filled in when they first sign in, and counts from then
    on."""

    id = models.BigAutoField(primary_key=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("account")
    )
    number = models.CharField(_("staff number there"), max_length=255, blank=True, default="", db_default="")
    issuer = models.CharField(_("provider"), max_length=255, blank=True, default="", db_default="")
    subject = models.CharField(_("number there"), max_length=255, blank=True, default="", db_default="")
    since = models.DateTimeField(_("since"))
    last = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("sign-in elsewhere")
        verbose_name_plural = _("sign-ins elsewhere")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], condition=~Q(subject=""), name="identity_subject"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="identity_number"),
            models.CheckConstraint(condition=~Q(number="") | ~Q(subject=""), name="identity_known_by"),
        ]

    def __str__(self) -> str:
        return str(self.account)
