"""Who: accounts, the units of a city, the posts in them and who serves there."""

from collections.abc import Iterable
from typing import ClassVar, cast, get_args

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from yizhi.core.actor import AdminRole
from yizhi.core.town import UnitKind
from yizhi.people.rules import LOGIN, WORD, admin_may, admin_sees


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
    title = models.CharField(_("shown as"), max_length=100)
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

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: it ends when the password, the role or the activity changes."""
        return salted_hmac("people.session", f"{self.pk}.{self.token_version}", algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        return self.title or self.username

    def get_full_name(self) -> str:
        return self.get_short_name()


class Unit(models.Model):
    """An office, body or team of a city. `role` is what it is there for; `covers` are area prefixes.

    Both trees of a city lie here, the offices that hold cases and the bodies that hold none (kind "other":
    committees, property companies, branches, teams): bodies and posts are kept, never members.
    """

    code = models.CharField(_("code"), max_length=40, primary_key=True, db_collation="C")
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=[
            ("desk", _("desk")),
            ("grid", _("grid")),
            ("station", _("police station")),
            ("department", _("department")),
            ("other", _("other body")),
        ],
    )
    role = models.CharField(_("what it is there for"), max_length=40)
    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    superior = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subordinates",
        verbose_name=_("superior"),
    )
    covers = ArrayField(
        models.CharField(max_length=18), blank=True, default=list, db_default=[], verbose_name=_("covers")
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True, default="", db_default="")
    by_link = models.BooleanField(
        _("reached by a link"),
        default=False,
        db_default=False,
        help_text=_("Nobody there has an account: the desk sends the work by a link that ends by itself."),
    )
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("until (first day without)"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=get_args(UnitKind)), name="unit_kind"),
            models.CheckConstraint(condition=Q(role__regex=WORD), name="unit_role"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")), name="unit_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A seat in a unit: what whoever sits there may do (`acts`), for which kinds of matter ("*" = all), and where
    they may look (`include` and `exclude` are area prefixes). `seat` tells equal posts of a unit apart."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=40)
    title = models.CharField(_("shown as"), max_length=100)
    seat = models.SmallIntegerField(_("seat number"), default=1, db_default=1)
    acts = ArrayField(models.CharField(max_length=40), blank=True, default=list, verbose_name=_("allowed to"))
    kinds = ArrayField(models.CharField(max_length=40), blank=True, default=list, verbose_name=_("kinds"))
    include = ArrayField(models.CharField(max_length=18), blank=True, default=list, verbose_name=_("sees areas"))
    exclude = ArrayField(models.CharField(max_length=18), blank=True, default=list, verbose_name=_("without areas"))
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("until (first day without)"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering: ClassVar[list[str]] = ["unit_id", "role", "title", "seat"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "role", "title", "seat"], name="post_once"),
            models.CheckConstraint(condition=Q(role__regex=WORD), name="post_role"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="post_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.title}"


class Service(models.Model):
    """Who serves in a post, since when, and until when (the first day no longer; equal to `since`: never did).

    The database refuses that one account serves the same post twice at a time (exclusion), and that an
    administrator serves at all (trigger).
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="services", verbose_name=_("account"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="services", verbose_name=_("post"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until (first day without)"), null=True, blank=True)
    deputy = models.BooleanField(_("as a deputy"), default=False, db_default=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="service_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} @ {self.post_id}"


class SignInLink(models.Model):
    """A link that signs in once. Only its hash is kept."""

    hash = models.BinaryField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="links", verbose_name=_("account"))
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    expires = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self) -> str:
        return f"{self.account_id}"


class ApiToken(models.Model):
    """A key for programs, as one account. Only its hash is kept. `scopes` narrow what the posts allow (empty:
    everything the posts allow)."""

    id = models.BigAutoField(primary_key=True)
    hash = models.BinaryField(unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens", verbose_name=_("account"))
    label = models.CharField(_("what it is for"), max_length=100)
    scopes = ArrayField(
        models.CharField(max_length=40), blank=True, default=list, db_default=[], verbose_name=_("allowed to")
    )
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    created = models.DateTimeField(_("made at"))
    expires = models.DateTimeField(_("expires"))
    last_used = models.DateField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.label


class SecondFactor(models.Model):
    """A code generator (RFC 6238) beside the password. The secret is sealed with the installation's key.

    `last_step` is the time step of the code used last: a code works once. `recovery` are hashes of single-use
    codes for the day the phone is lost.
    """

    account = models.OneToOneField(
        Account, models.PROTECT, primary_key=True, related_name="second_factor", verbose_name=_("account")
    )
    sealed = models.TextField()
    since = models.DateTimeField(_("since"))
    last_step = models.BigIntegerField()
    recovery = ArrayField(models.CharField(max_length=64), default=list)


class Trail(models.Model):
    """Who changed what about accounts and powers; appended only. Codes and numbers, no free text."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("moment"), db_index=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("done by"))
    act = models.CharField(_("what was done"), max_length=40)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("about the account")
    )
    facts = models.JSONField(_("particulars"), default=dict)

    class Meta:
        verbose_name = _("trail")
        verbose_name_plural = _("trails")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"


class TownVersion(models.Model):
    """One row; triggers move it on with every change of a unit, post, service or area."""

    id = models.SmallIntegerField(primary_key=True)
    version = models.BigIntegerField()
