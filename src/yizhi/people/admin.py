"""The back office of who: what each administrator may do stands in `rules.POWERS`, the writes are the actions'."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhi import office
from yizhi.core.actor import AdminRole
from yizhi.office import by, now
from yizhi.people import actions
from yizhi.people.actions.trail import leave
from yizhi.people.models import Account, ApiToken, Post, Service, SignInLink, Trail, Unit
from yizhi.sql import run


class Register(office.Register):
    """Every change leaves a trail."""

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        """Saves, and says in the trail which fields of which row; what they say now stands in the row."""
        super().save_model(request, obj, form, change)
        run("SET CONSTRAINTS ALL IMMEDIATE")  # a refusal now, while it can still be told
        act = f"{'change' if change else 'add'}_{obj._meta.model_name}"
        leave(act, by=by(request), at=now(), row=str(obj.pk), fields=sorted(form.changed_data))


@admin.register(Account)
class AccountAdmin(Register):
    list_display = ("username", "title", "admin_role", "is_active", "last_login")
    list_filter = ("is_active", "admin_role")
    search_fields = ("username", "title")
    fields = ("username", "title", "email", "phone_masked", "language", "is_active", "admin_role", "last_login")
    readonly_fields = ("admin_role", "last_login")
    actions = ("give_link", "sign_out", "make_system", "make_security", "make_audit", "make_none", "drop_second_factor")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields + (("username",) if obj else ("is_active",))

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        """A new account has no password: a link lets it in the first time."""
        if not change:
            obj.pk = actions.make_account(obj.username, title=obj.title, by=by(request), at=now())
            obj.refresh_from_db(fields=["password", "created", "token_version", "is_active"])
        elif "is_active" in form.changed_data:
            actions.set_active(obj.pk, active=obj.is_active, by=by(request), at=now())
            obj.refresh_from_db(fields=["token_version"])
        super().save_model(request, obj, form, change=True)

    def has_grant_permission(self, request: HttpRequest) -> bool:
        """Who gives power: see `actions.set_admin_role`."""
        return by(request).admin == "security"

    def has_link_permission(self, request: HttpRequest) -> bool:
        return by(request).admin in ("system", "security")

    @admin.action(description=_("Make a link that signs in once"), permissions=["link"])
    def give_link(self, request: HttpRequest, rows: QuerySet[Account]) -> None:
        for account in rows:
            secret = actions.make_link(account.pk, by=by(request), at=now())
            link = request.build_absolute_uri(f"/in/{secret}")
            facts = {"account": account.username, "link": link}
            self.message_user(request, gettext("%(account)s, valid for 15 minutes: %(link)s") % facts)

    @admin.action(description=_("Sign out everywhere, and clear telephones"), permissions=["link"])
    def sign_out(self, request: HttpRequest, rows: QuerySet[Account]) -> None:
        self.each(request, rows, lambda account: actions.end_sessions(account.pk, by=by(request), at=now()))

    def _grant(self, request: HttpRequest, rows: QuerySet[Account], role: AdminRole) -> None:
        self.each(
            request, rows, lambda account: actions.set_admin_role(account.pk, role=role, by=by(request), at=now())
        )

    @admin.action(description=_("Make a system administrator"), permissions=["grant"])
    def make_system(self, request: HttpRequest, rows: QuerySet[Account]) -> None:
        self._grant(request, rows, "system")

    @admin.action(description=_("Make a security administrator"), permissions=["grant"])
    def make_security(self, request: HttpRequest, rows: QuerySet[Account]) -> None:
        self._grant(request, rows, "security")

    @admin.action(description=_("Make an audit administrator"), permissions=["grant"])
    def make_audit(self, request: HttpRequest, rows: QuerySet[Account]) -> None:
        self._grant(request, rows, "audit")

    @admin.action(description=_("Make an administrator no more"), permissions=["grant"])
    def make_none(self, request: HttpRequest, rows: QuerySet[Account]) -> None:
        self._grant(request, rows, "")

    @admin.action(description=_("Turn the code generator off"), permissions=["grant"])
    def drop_second_factor(self, request: HttpRequest, rows: QuerySet[Account]) -> None:
        self.each(request, rows, lambda account: actions.drop_second_factor(account.pk, by=by(request), at=now()))


@admin.register(Unit)
class UnitAdmin(Register):
    list_display = ("name", "code", "kind", "role", "area", "superior", "phone")
    list_filter = ("kind", "role")
    search_fields = ("code", "name", "area__code", "area__name")
    autocomplete_fields = ("area", "superior")
    list_select_related = ("area", "superior")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(Post)
class PostAdmin(Register):
    list_display = ("title", "unit", "role", "seat", "valid_until")
    list_filter = ("role",)
    search_fields = ("title", "unit__code", "unit__name")
    autocomplete_fields = ("unit",)
    list_select_related = ("unit",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Powers and kinds are ticked by their names."""
        if db_field.name in ("acts", "kinds"):
            return office.ticked(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Service)
class ServiceAdmin(Register):
    list_display = ("account", "post", "since", "until", "deputy")
    search_fields = ("account__username", "account__title", "post__title", "post__unit__code")
    autocomplete_fields = ("account", "post")
    list_select_related = ("account", "post")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A service that began is only ever ended."""
        return ("account", "post", "since", "deputy") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        if change:
            actions.end_service(obj.pk, until=obj.until, by=by(request), at=now())
            return
        obj.pk = actions.serve(
            obj.account_id,
            obj.post_id,
            since=obj.since,
            until=obj.until,
            deputy=obj.deputy,
            by=by(request),
            at=now(),
        )


@admin.register(ApiToken)
class ApiTokenAdmin(Register):
    list_display = ("label", "account", "created", "expires", "last_used", "revoked_at")
    search_fields = ("label", "account__username")
    readonly_fields = ("account", "label", "scopes", "made_by", "created", "expires", "last_used", "revoked_at")
    exclude = ("hash",)
    actions = ("revoke",)

    @admin.action(description=_("End this key"), permissions=["change"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        self.each(request, rows, lambda token: actions.revoke_token(token=token.pk, by=by(request), at=now()))


@admin.register(SignInLink)
class SignInLinkAdmin(Register):
    list_display = ("account", "made_by", "made_at", "expires", "used_at")
    search_fields = ("account__username",)
    exclude = ("hash",)
    list_display_links = None


#: What was done, as an auditor says it.
_ACTS = {
    "add_account": _("account added"), "change_account": _("account changed"), "make_account": _("account made"),
    "add_unit": _("unit added"), "change_unit": _("unit changed"), "add_post": _("post added"),
    "change_post": _("post changed"), "serve": _("put into a post"), "end_service": _("service ended"),
    "hand_over": _("posts handed over"), "import_staff": _("staff taken in from a sheet"),
    "set_active": _("account opened or shut"), "set_admin_role": _("administrator made or unmade"),
    "set_email": _("mail address changed"), "set_password": _("password changed"),
    "set_second_factor": _("code generator turned on"), "drop_second_factor": _("code generator turned off"),
    "use_recovery_code": _("signed in with a recovery code"), "make_link": _("sign-in link made"),
    "end_sessions": _("signed out everywhere"),
    "use_link": _("signed in with a link"), "make_token": _("key made"), "revoke_token": _("key ended"),
    "link_identity": _("sign-in elsewhere given"), "unlink_identity": _("sign-in elsewhere ended"),
    "use_identity": _("signed in elsewhere"), "make_group": _("robot set up"),
    "set_group_active": _("robot switched"),
    "change_rules": _("rules changed"), "erase": _("reporter's data erased"), "export": _("list exported"),
    "connection_make": _("system of a department written down"),
    "connection_change": _("agreement with a system changed"), "connection_on": _("system switched on"),
    "connection_off": _("system switched off"), "connection_secret": _("secret of a system renewed"),
    "connection_again": _("events sent once more"), "connection_drop": _("event given up"),
    "enterprise_join": _("calls for an enterprise"), "enterprise_leave": _("calls for an enterprise no more"),
    "seed": _("registers brought in"), "test_mail": _("test message sent"),
}  # fmt: skip


class ActFilter(admin.SimpleListFilter):
    title = _("what was done")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(_ACTS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Trail]) -> QuerySet[Trail]:
        return queryset.filter(act=self.value()) if self.value() else queryset


@admin.register(Trail)
class TrailAdmin(Register):
    list_display = ("at", "by", "what", "account", "particulars")
    list_filter = (ActFilter,)
    search_fields = ("account__username", "by__username")
    date_hierarchy = "at"
    list_select_related = ("by", "account")
    list_display_links = None

    @admin.display(description=_("what was done"), ordering="act")
    def what(self, row: Trail) -> str:
        return str(_ACTS.get(row.act, row.act))

    @admin.display(description=_("particulars"))
    def particulars(self, row: Trail) -> str:
        return "；".join(f"{key}: {value}" for key, value in row.facts.items())
