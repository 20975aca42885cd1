"""Who acts: an account with the posts it serves. One statement each, planned once: every request asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast

import msgspec
from django.utils.timezone import localdate

from yizhi.core.actor import Actor, AdminRole, Door, Post, Scope
from yizhi.core.errors import NotFound
from yizhi.people.models import Account
from yizhi.people.queries.pictures import TOWN_VERSION_SQL
from yizhi.people.sql import POST_IN_FORCE, SERVING, UNIT_IN_FORCE
from yizhi.sql import hot_row, row, rows

#: The posts that an account serves on a day, as JSON.
_POSTS = f"""
    coalesce((
        SELECT jsonb_agg(
            jsonb_build_array(post.unit_id, post.title, post.acts, post.kinds, post.include, post.exclude,
                              service.deputy)
            ORDER BY service.deputy, post.id)
        FROM people_service AS service
        JOIN people_post AS post ON post.id = service.post_id
        JOIN people_unit AS unit ON unit.code = post.unit_id
        WHERE service.account_id = account.id
          AND {SERVING}
          AND {POST_IN_FORCE}
          AND {UNIT_IN_FORCE}
    ), '[]')
"""

_ACTOR = f"""
SELECT account.id, account.title, account.admin_role, {_POSTS}
FROM people_account AS account
WHERE account.id = %(account)s AND account.is_active
"""

_ACTORS = f"""
SELECT account.id, account.title, account.admin_role, {_POSTS}
FROM people_account AS account
WHERE account.is_active AND (account.id = ANY(%(accounts)s) OR account.id IN (
    SELECT service.account_id FROM people_service AS service JOIN people_post AS post ON post.id = service.post_id
    WHERE {SERVING} AND {POST_IN_FORCE} AND post.unit_id = ANY(%(units)s)))
ORDER BY account.id
"""

_ACTOR_IN_SESSION = _ACTOR + " AND account.token_version = %(version)s"

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > %(at)s"

#: The day of use is written once a day, in the same statement.
_ACTOR_BY_TOKEN = f"""
WITH used AS (
    UPDATE people_apitoken SET last_used = %(day)s
    WHERE hash = %(hash)s AND last_used IS DISTINCT FROM %(day)s AND revoked_at IS NULL AND expires > %(at)s
)
SELECT account.id, account.title, '', {_POSTS}, token.scopes, {TOWN_VERSION_SQL}
FROM people_apitoken AS token JOIN people_account AS account ON account.id = token.account_id
WHERE token.hash = %(hash)s AND token.revoked_at IS NULL AND token.expires > %(at)s AND account.is_active
"""

#: A key that is for one purpose alone is no key to anything else the account may do.
_PROGRAM_BY_TOKEN = f"""
WITH used AS (
    UPDATE people_apitoken SET last_used = %(day)s
    WHERE hash = %(hash)s AND last_used IS DISTINCT FROM %(day)s AND revoked_at IS NULL AND expires > %(at)s
)
SELECT account.id, {TOWN_VERSION_SQL}
FROM people_apitoken AS token JOIN people_account AS account ON account.id = token.account_id
WHERE token.hash = %(hash)s AND %(scope)s = ANY(token.scopes) AND token.revoked_at IS NULL AND token.expires > %(at)s
  AND account.is_active
"""


def actor_of(account_id: int, at: datetime, *, door: Door = "page") -> Actor | None:
    """The account with the posts it serves on the day of `at`; None when there is none or it is not active."""
    found = hot_row(_ACTOR, account=account_id, day=localdate(at))
    return _actor(found, door) if found else None


def actors(at: datetime, *, units: Collection[str] = (), accounts: Collection[int] = ()) -> list[Actor]:
    """Everybody who serves in one of these units on the day of `at`, deputies among them, and these accounts; with
    all their posts."""
    found = rows(_ACTORS, units=sorted(units), accounts=sorted(accounts), day=localdate(at))
    return [_actor(one, "page") for one in found]


def actor_in_session(account_id: int, token_version: int, at: datetime) -> Actor | None:
    """Like `actor_of`, but None as well when password, role or activity changed since the session began."""
    found = hot_row(_ACTOR_IN_SESSION, account=account_id, version=token_version, day=localdate(at))
    return _actor(found, "page") if found else None


def session_data(key: str, at: datetime) -> str | None:
    """What a session that is not over keeps, encoded; None when there is none."""
    found = hot_row(_SESSION, key=key, at=at)
    return str(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the API, and the version of the town's picture that was right at that moment (None: not asked), so
    that what follows need not ask for it again."""

    who: Actor
    town: int | None = None


def caller_by_token(token: str, at: datetime) -> Caller | None:
    """The actor that an API token stands for, narrowed to the token's scopes. A program is no administrator."""
    found = hot_row(_ACTOR_BY_TOKEN, hash=secret_hash(token), at=at, day=localdate(at))
    if not found:
        return None
    *who, scopes, version = found
    return Caller(_actor(who, "api", frozenset(scopes)), int(version))


def actor_by_token(token: str, at: datetime) -> Actor | None:
    """As `caller_by_token`, the actor alone."""
    found = caller_by_token(token, at)
    return found.who if found else None


@dataclass(frozen=True, slots=True)
class Program:
    """A program whose key is for one purpose alone; the version of the town's picture as in `Caller`."""

    account: int
    town: int


def program_by_token(token: str, scope: str, at: datetime) -> Program | None:
    """Whose key this is, if it was made for this very purpose; a key for everything is not meant here."""
    found = hot_row(_PROGRAM_BY_TOKEN, hash=secret_hash(token), scope=scope, at=at, day=localdate(at))
    return Program(*map(int, found)) if found else None


def has_token(account: int, scope: str, at: datetime) -> bool:
    """Whether an account has a key for this purpose alone."""
    found = row(
        "SELECT FROM people_apitoken WHERE account_id = %(account)s AND scopes = %(scopes)s AND revoked_at IS NULL"
        " AND expires > %(at)s",
        account=account,
        scopes=[scope],
        at=at,
    )
    return found is not None


def secret_hash(secret: str) -> bytes:
    """How links and tokens are kept. They are long and random: a plain hash cannot be turned back."""
    return sha256(secret.encode()).digest()


def _actor(found: Sequence[Any], door: Door, scopes: frozenset[str] = frozenset()) -> Actor:
    account, name, admin, posts = found
    return Actor(account=account, name=name, posts=_posts(posts, scopes), door=door, admin=cast(AdminRole, admin))


@lru_cache(maxsize=4096)
def _posts(text: str, scopes: frozenset[str]) -> tuple[Post, ...]:
    """Posts from the database's JSON; equal text gives the same objects, so that most requests build none."""
    return tuple(
        Post(
            unit=unit,
            title=title,
            acts=frozenset(acts) & scopes if scopes else frozenset(acts),
            kinds=frozenset(kinds),
            scope=Scope(tuple(include), tuple(exclude)),
            deputy=deputy,
        )
        for unit, title, acts, kinds, include, exclude, deputy in msgspec.json.decode(text)
    )


def account_id(login: str) -> int | None:
    """The account with this login, active or not."""
    found = row("SELECT id FROM people_account WHERE username = %(login)s", login=login.strip().lower())
    return int(found[0]) if found else None


def any_account() -> bool:
    """Whether anybody has an account yet."""
    return row("SELECT FROM people_account LIMIT 1") is not None


def has_second_factor(account: int) -> bool:
    return row("SELECT account_id FROM people_secondfactor WHERE account_id = %(account)s", account=account) is not None


def login_account(account: int) -> Account:
    """The account as Django's own sign-in wants it. Raises `NotFound`."""
    found = Account.objects.filter(pk=account).first()
    if found is None:
        raise NotFound
    return found
