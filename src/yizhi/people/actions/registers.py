"""A profile's registers come in: units, posts, and who serves in them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from psycopg.types.json import Jsonb

from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.profile import Role
from yizhi.core.profile.registers import PostSeed, Seeds, UnitSeed
from yizhi.people.actions.trail import leave
from yizhi.sql import rows, run

#: A profile does not say since when a unit has been there: since before anything that Yizhi knows.
LONG_SINCE = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many rows were new."""

    units: int
    accounts: int
    posts: int
    services: int


@transaction.atomic
def seed(seeds: Seeds, roles: Mapping[str, Role], *, by: Actor, at: datetime) -> Seeded:
    """Brings a profile's units, posts, accounts (without a password) and services into the registers.

    What is there already is left alone, with whoever serves in it: since then it belongs to the back office. The
    areas must have been loaded. Raises `ForAdministrators`.
    """
    require(by, "system")
    seats = _seats(seeds.posts)
    new_units = _insert(_UNITS, [_unit_row(unit) for unit in seeds.units])
    new_accounts = _insert(_ACCOUNTS, _account_rows(seeds.posts), at=at)
    new_posts = _insert(_POSTS, [_post_row(post, seat, roles[post.role]) for post, seat in seats if not seat.shared])
    served = [_service_row(post, seat.number) for post, seat in seats if post.account]
    new_services = _insert(_SERVICES, served, posts=[post for (post,) in new_posts])
    made = Seeded(len(new_units), len(new_accounts), len(new_posts), len(new_services))
    if any(asdict(made).values()):
        leave("seed", by=by, at=at, **asdict(made))
    return made


@dataclass(frozen=True, slots=True)
class _Place:
    """Which of several equal posts a row means, and whether another row has made it already."""

    number: int
    shared: bool


def _seats(posts: Sequence[PostSeed]) -> list[tuple[PostSeed, _Place]]:
    """Equal posts of a unit get seats 1, 2, …; a deputy sits in the first that is vacant, else in the first."""
    taken: Counter[tuple[str, str, str]] = Counter()
    vacant: dict[tuple[str, str, str], int] = {}
    placed: list[tuple[PostSeed, _Place]] = []
    for post in sorted(posts, key=lambda post: post.deputy):
        key = (post.unit, post.role, post.title)
        if post.deputy and taken[key]:
            placed.append((post, _Place(vacant.pop(key, 1), shared=True)))
            continue
        taken[key] += 1
        placed.append((post, _Place(taken[key], shared=False)))
        if not post.account:
            vacant.setdefault(key, taken[key])
    return placed


_UNITS = """
INSERT INTO people_unit (code, name, kind, role, area_id, superior_id, covers, phone, valid_from)
SELECT code, name, kind, role, area, superior, covers, phone, valid_from
FROM jsonb_to_recordset(%(rows)s) AS seed(code text, name text, kind text, role text, area text, superior text,
                                          covers text[], phone text, valid_from date)
ON CONFLICT (code) DO NOTHING RETURNING code
"""

_ACCOUNTS = """
INSERT INTO people_account (username, password, title, created)
SELECT login, password, title, %(at)s FROM jsonb_to_recordset(%(rows)s) AS seed(login text, password text, title text)
ON CONFLICT (username) DO NOTHING RETURNING id
"""

_POSTS = """
INSERT INTO people_post (unit_id, role, title, seat, acts, kinds, include, exclude, valid_from, valid_until)
SELECT unit, role, title, seat, acts, kinds, include, exclude, valid_from, valid_until
FROM jsonb_to_recordset(%(rows)s) AS seed(unit text, role text, title text, seat int, acts text[], kinds text[],
                                          include text[], exclude text[], valid_from date, valid_until date)
ON CONFLICT (unit_id, role, title, seat) DO NOTHING RETURNING id
"""

#: Only into posts that this seeding has made: who resigned from an older one does not come back.
_SERVICES = """
INSERT INTO people_service (account_id, post_id, since, until, deputy)
SELECT account.id, post.id, seed.since, seed.until, seed.deputy
FROM jsonb_to_recordset(%(rows)s) AS seed(login text, unit text, role text, title text, seat int, since date,
                                          until date, deputy boolean)
JOIN people_account AS account ON account.username = seed.login
JOIN people_post AS post
  ON (post.unit_id, post.role, post.title, post.seat) = (seed.unit, seed.role, seed.title, seed.seat)
WHERE post.id = ANY(%(posts)s)
ON CONFLICT DO NOTHING RETURNING id
"""


def _insert(sql: str, new: Sequence[Mapping[str, Any]], **values: object) -> list[tuple[Any, ...]]:
    return rows(sql, rows=Jsonb(list(new)), **values)


def _unit_row(unit: UnitSeed) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "role": unit.role,
        "area": unit.area,
        "superior": unit.superior or None,
        "covers": unit.covers,
        "phone": unit.phone,
        "valid_from": LONG_SINCE.isoformat(),
    }


def _account_rows(posts: Iterable[PostSeed]) -> list[dict[str, Any]]:
    """One for each login, with the title of the first post that is the account's own."""
    titles: dict[str, str] = {}
    for post in sorted(posts, key=lambda post: post.deputy):
        if post.account:
            titles.setdefault(post.account, post.title)
    return [{"login": login, "password": make_password(None), "title": title} for login, title in titles.items()]


def _post_row(post: PostSeed, place: _Place, role: Role) -> dict[str, Any]:
    return {
        "unit": post.unit,
        "role": post.role,
        "title": post.title,
        "seat": place.number,
        "acts": sorted(role.acts),
        "kinds": sorted(role.kinds),
        "include": post.include,
        "exclude": post.exclude,
        "valid_from": post.valid_from.isoformat(),
        "valid_until": post.valid_until and post.valid_until.isoformat(),
    }


def _service_row(post: PostSeed, seat: int) -> dict[str, Any]:
    return {
        "login": post.account,
        "unit": post.unit,
        "role": post.role,
        "title": post.title,
        "seat": seat,
        "since": post.valid_from.isoformat(),
        "until": post.valid_until and post.valid_until.isoformat(),
        "deputy": post.deputy,
    }


@transaction.atomic
def note_rules(*, version: str, before: str, by: Actor, at: datetime) -> None:
    """The city's rules were changed: the trail says so, and every process looks at them anew, for what units may do
    follows from both. Raises `ForAdministrators`."""
    require(by, "system")
    leave("change_rules", by=by, at=at, version=version, before=before)
    run("UPDATE people_unit SET code = code WHERE false")  # its trigger moves the version of the town's picture on
