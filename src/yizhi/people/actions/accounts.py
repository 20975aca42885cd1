"""Accounts: made, given and deprived of administration, activity and passwords."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from yizhi.core.actor import Actor, AdminRole
from yizhi.core.admin import MACHINE, require
from yizhi.core.errors import N_, BadFact, NotFound
from yizhi.people.actions.trail import leave
from yizhi.people.rules import LOGIN, AdminServesNoPost, NotOneself
from yizhi.sql import row, run


class BadLogin(BadFact):
    """Facts: login."""

    message = N_("“{login}” cannot be a login: 2 to 64 of a-z, 0-9, dot, dash and underscore.")


class LoginTaken(BadFact):
    """Facts: login."""

    message = N_("The login “{login}” is taken.")


_NEW_ACCOUNT = """
INSERT INTO people_account (username, password, title, email, language, created)
VALUES (%(login)s, %(password)s, %(title)s, %(email)s, %(language)s, %(at)s)
ON CONFLICT (username) DO NOTHING RETURNING id
"""


@transaction.atomic
def make_account(login: str, *, title: str, by: Actor, at: datetime, email: str = "", language: str = "zh-hans") -> int:
    """A new account, without a password: a link lets it in the first time. Raises `BadLogin`, `LoginTaken`,
    `ForAdministrators`."""
    require(by, "system")
    return add_account(login, title=title, by=by, at=at, email=email, language=language)


def add_account(login: str, *, title: str, by: Actor, at: datetime, email: str = "", language: str = "zh-hans") -> int:
    """`make_account` for an action that has asked who may."""
    login = login.strip().lower()
    if not LOGIN.match(login):
        raise BadLogin(login=login)
    values = {"title": title.strip() or login, "email": email, "language": language}
    made = row(_NEW_ACCOUNT, login=login, password=make_password(None), at=at, **values)
    if made is None:
        raise LoginTaken(login=login)
    leave("make_account", by=by, at=at, account=made[0])
    return int(made[0])


@transaction.atomic
def set_admin_role(account: int, *, role: AdminRole, by: Actor, at: datetime) -> None:
    """Makes an account an administrator, or no more ("").

    Only the security administrator gives this power, and never to their own account. Whoever serves a post cannot
    have it (`AdminServesNoPost`; the database keeps it too).
    """
    require(by, "security")
    if by != MACHINE and by.account == account:
        raise NotOneself
    try:
        with transaction.atomic():
            _change("admin_role = %(role)s", account, role=role)
    except IntegrityError:
        raise AdminServesNoPost(account=account) from None
    leave("set_admin_role", by=by, at=at, account=account, role=role)


@transaction.atomic
def set_active(account: int, *, active: bool, by: Actor, at: datetime) -> None:
    """Shuts an account out, or lets it in again. Its sessions end at once, its services stay as they are."""
    require(by, "system")
    _change("is_active = %(active)s", account, active=active)
    leave("set_active", by=by, at=at, account=account, active=active)


@transaction.atomic
def end_sessions(account: int, *, by: Actor, at: datetime) -> None:
    """Signs an account out everywhere: a telephone was lost, or lent. What its browsers keep for where there is no line
    goes when they are next in touch. Raises `ForAdministrators`, `NotFound`."""
    require(by, "system", "security")
    _change("token_version = token_version + 1", account)
    leave("end_sessions", by=by, at=at, account=account)


@transaction.atomic
def set_password(account: int, *, password: str, by: Actor, at: datetime) -> None:
    """Sets one's own password; every other session of the account ends. The door has checked its strength."""
    if by != MACHINE and by.account != account:
        raise NotFound
    _change("password = %(password)s", account, password=make_password(password))
    leave("set_password", by=by, at=at, account=account)


@transaction.atomic
def set_email(account: int, *, email: str, by: Actor, at: datetime) -> None:
    """Where one's own mail goes; "" for none. The trail says that, not where. Raises `NotFound`."""
    if by != MACHINE and by.account != account:
        raise NotFound
    _change("email = %(email)s", account, email=email)
    leave("set_email", by=by, at=at, account=account)


def _change(what: str, account: int, **values: object) -> None:
    if not run(f"UPDATE people_account SET {what} WHERE id = %(account)s", account=account, **values):
        raise NotFound
