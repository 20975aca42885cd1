"""Links that sign in once, and tokens for programs. The secret itself is shown once and never kept."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE, require
from yizhi.core.errors import NotFound
from yizhi.people.actions.trail import leave
from yizhi.people.queries import secret_hash
from yizhi.sql import row, rows

#: So that a token found in a file or a log can be recognised for what it is.
TOKEN_MARK = "yz_"

_NEW_LINK = """
INSERT INTO people_signinlink (hash, account_id, made_by_id, made_at, expires)
SELECT %(hash)s, id, %(by)s, %(at)s, %(expires)s FROM people_account WHERE id = %(account)s AND is_active
RETURNING account_id
"""


@transaction.atomic
def make_link(account: int, *, by: Actor, at: datetime, minutes: int = 15) -> str:
    """The secret part of a link that signs `account` in once. Raises `NotFound`, `ForAdministrators`."""
    require(by, "system", "security")
    return add_link(account, by=by, at=at, minutes=minutes)


def add_link(account: int, *, by: Actor, at: datetime, minutes: int = 15) -> str:
    """`make_link` for an action that has asked who may."""
    secret = secrets.token_urlsafe(32)
    expires = at + timedelta(minutes=minutes)
    if row(_NEW_LINK, hash=secret_hash(secret), by=by.account, at=at, expires=expires, account=account) is None:
        raise NotFound
    leave("make_link", by=by, at=at, account=account)
    return secret


_USE_LINK = """
UPDATE people_signinlink AS link SET used_at = %(at)s FROM people_account AS account
WHERE link.hash = %(hash)s AND link.used_at IS NULL AND link.expires > %(at)s
  AND account.id = link.account_id AND account.is_active
RETURNING account.id
"""


@transaction.atomic
def use_link(secret: str, *, at: datetime) -> int:
    """The account that the link signs in. It works once: of two at the same moment one gets `NotFound`."""
    used = row(_USE_LINK, hash=secret_hash(secret), at=at)
    if used is None:
        raise NotFound
    account = int(used[0])
    leave("use_link", by=Actor(account=account), at=at, account=account)
    return account


_NEW_TOKEN = """
INSERT INTO people_apitoken (hash, account_id, label, scopes, made_by_id, created, expires)
SELECT %(hash)s, id, %(label)s, %(scopes)s, %(by)s, %(at)s, %(expires)s
FROM people_account WHERE id = %(account)s AND is_active
RETURNING id
"""


@transaction.atomic
def make_token(
    account: int, *, label: str, by: Actor, at: datetime, days: int = 365, scopes: tuple[str, ...] = ()
) -> str:
    """A token with which a program acts as `account`: its owner may make one, and the security administrator.

    `scopes` narrow it to some acts. Raises `NotFound`, `ForAdministrators`.
    """
    _own(account, by)
    secret = TOKEN_MARK + secrets.token_urlsafe(32)
    made = row(
        _NEW_TOKEN,
        hash=secret_hash(secret),
        label=label[:100],
        scopes=list(scopes),
        by=by.account,
        at=at,
        expires=at + timedelta(days=days),
        account=account,
    )
    if made is None:
        raise NotFound
    leave("make_token", by=by, at=at, account=account, token=made[0], days=days)
    return secret


def _own(account: int, by: Actor) -> None:
    """A token is its owner's business, and the security administrator's."""
    if by == MACHINE or by.account != account:
        require(by, "security")


@transaction.atomic
def revoke_token(secret: str = "", *, token: int | None = None, by: Actor, at: datetime) -> None:
    """Ends a token, named by itself or by its number. Ending it twice is ending it once. Raises `NotFound`."""
    found = row(
        "SELECT id, account_id FROM people_apitoken WHERE hash = %(hash)s OR id = %(token)s",
        hash=secret_hash(secret),
        token=token,
    )
    if found is None:
        raise NotFound
    number, account = found
    _own(account, by)
    end = "UPDATE people_apitoken SET revoked_at = %(at)s WHERE id = %(token)s AND revoked_at IS NULL RETURNING id"
    if row(end, at=at, token=number):
        leave("revoke_token", by=by, at=at, account=account, token=number)


@transaction.atomic
def revoke_tokens(account: int, *, scope: str, by: Actor, at: datetime) -> None:
    """Ends every token of an account that is for this purpose alone. Raises `ForAdministrators`."""
    _own(account, by)
    end = """
        UPDATE people_apitoken SET revoked_at = %(at)s
        WHERE account_id = %(account)s AND scopes = %(scopes)s AND revoked_at IS NULL RETURNING id
    """
    for (number,) in rows(end, at=at, account=account, scopes=[scope]):
        leave("revoke_token", by=by, at=at, account=account, token=number)
