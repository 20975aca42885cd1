"""Who: accounts, the units of a city, the posts in them and who serves there."""

from collections.abc import Iterable
from typing import ClassVar, cast

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhi.core.actor import AdminRole
from yizhi.people.rules import LOGIN, admin_may, admin_sees


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its login; accounts are made by `people.actions`."""


class Account(AbstractBaseUser):
    """Somebody who signs in. A title is shown instead of a personal name ("治东社区第三网格 专职网格员").

    `admin_role` is one column, so that the three administrators exclude one another; a trigger keeps an
    administrator from serving a post. `token_version` grows (trigger) when the password, the role or the
    activity changes: sessions that carry an older one are over.
    """

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(_("login"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True, default="", db_default="")
    phone_masked = models.CharField(_("phone (masked)"), max_length=32, blank=True, default="", db_default="")
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=[("zh-hans", "中文"), ("en", "English")],
        default="zh-hans",
        db_default="zh-hans",
    )
    is_active = models.BooleanField(_("active"), default=True, db_default=True)
    admin_role = models.CharField(
        _("administrator"),
        max_length=8,
        blank=True,
        choices=[("system", _("system")), ("security", _("security")), ("audit", _("audit"))],
        default="",
        db_default="",
    )
    created = models.DateTimeField(_("made at"))
    token_version = models.IntegerField(default=1, db_default=1, editable=False)

    objects = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering: ClassVar[list[str]] = ["username"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(username__regex=LOGIN.pattern), name="account_login"),
            models.CheckConstraint(
                condition=Q(admin_role__in=["", "system", "security", "audit"]), name="account_admin_role"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.username

    @property
    def is_staff(self) -> bool:
        """Django's word for "may enter the back office"."""
        return self.is_active and bool(self.admin_role)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and admin_may(cast(AdminRole, self.admin_role), perm)

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and admin_sees(cast(AdminRole, self.admin_role), app_label)

    def get_short_name(self) -> str:
        return self.title or self.username

    def get_full_name(self) -> str:
        return self.get_short_name()
