"""Who asks, who serves where, and the picture of all units. Hot paths are one statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import Any, cast

import msgspec
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yizhi.core.actor import Actor, AdminRole, Door, Post, Scope
from yizhi.core.errors import NotFound
from yizhi.core.profile import Role, StaffingNorm
from yizhi.core.town import RANKS, Town, Unit
from yizhi.people.models import Account
from yizhi.people.rules import sees_area
from yizhi.people.sql import hot_row, row, rows

# ----- how old the picture of all units is

_EPOCH = date(2000, 1, 1)
_DAYS = 65_536  # the day is the lower part of a version

#: What a picture's age is told by, to be selected by any statement: the registers' counter and the local day in
#: one number, because who serves where also changes at midnight.
TOWN_VERSION_SQL = (
    # own time: the caller's statement selects it, and midnight must not need a time passed in to be noticed
    f"coalesce((SELECT version * {_DAYS} + ((current_timestamp AT TIME ZONE '{settings.TIME_ZONE}')::date"
    f" - date '{_EPOCH}') FROM people_townversion), 0)"
)

# ----- who acts

#: The posts that an account serves on a day, as JSON; the parameters are the day four times.
_POSTS = """
    coalesce((
        SELECT jsonb_agg(
            jsonb_build_array(post.unit_id, post.title, post.acts, post.kinds, post.include, post.exclude,
                              service.deputy)
            ORDER BY service.deputy, post.id)
        FROM people_service AS service
        JOIN people_post AS post ON post.id = service.post_id
        JOIN people_unit AS unit ON unit.code = post.unit_id
        WHERE service.account_id = account.id
          AND service.since <= {day} AND (service.until IS NULL OR service.until > {day})
          AND post.valid_from <= {day} AND (post.valid_until IS NULL OR post.valid_until > {day})
          AND unit.valid_from <= {day} AND (unit.valid_until IS NULL OR unit.valid_until > {day})
    ), '[]')
""".format(day="%(day)s")

_ACTOR = f"""
SELECT account.id, account.title, account.admin_role, {_POSTS}
FROM people_account AS account
WHERE account.id = %(account)s AND account.is_active
"""

_ACTOR_IN_SESSION = _ACTOR + " AND account.token_version = %(version)s"

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


def actor_of(account_id: int, at: datetime, *, door: Door = "page") -> Actor | None:
    """The account with the posts it serves on the day of `at`; None when there is none or it is not active."""
    found = hot_row(_ACTOR, account=account_id, day=localdate(at))
    return _actor(found, door) if found else None


def actor_in_session(account_id: int, token_version: int, at: datetime) -> Actor | None:
    """Like `actor_of`, but None as well when password, role or activity changed since the session began."""
    found = hot_row(_ACTOR_IN_SESSION, account=account_id, version=token_version, day=localdate(at))
    return _actor(found, "page") if found else None


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


# ----- the picture of all units

#: A grid is named with its community: 治东社区第三网格.
_AREA_NAME = """
    CASE WHEN length(area.code) > 12 AND above.name IS NOT NULL AND NOT starts_with(area.name, above.name)
         THEN above.name || area.name ELSE area.name END
"""

_TOWN = f"""
WITH served AS (
    SELECT post.unit_id AS unit, array_agg(DISTINCT act ORDER BY act) AS acts
    FROM people_service AS service
    JOIN people_account AS account ON account.id = service.account_id AND account.is_active
    JOIN people_post AS post ON post.id = service.post_id
    CROSS JOIN unnest(post.acts) AS act
    WHERE service.since <= %(day)s AND (service.until IS NULL OR service.until > %(day)s)
      AND post.valid_from <= %(day)s AND (post.valid_until IS NULL OR post.valid_until > %(day)s)
    GROUP BY post.unit_id
)
SELECT
    coalesce((SELECT version FROM people_townversion), 0),
    coalesce((
        SELECT jsonb_agg(jsonb_build_array(unit.code, unit.name, unit.kind, unit.role, unit.area_id,
                                           unit.superior_id, unit.covers, served.acts, unit.phone)
                         ORDER BY unit.code)
        FROM people_unit AS unit LEFT JOIN served ON served.unit = unit.code
        WHERE unit.valid_from <= %(day)s AND (unit.valid_until IS NULL OR unit.valid_until > %(day)s)
    ), '[]'),
    coalesce((
        SELECT jsonb_object_agg(area.code, {_AREA_NAME})
        FROM places_area AS area LEFT JOIN places_area AS above ON above.code = area.parent
    ), '{{}}')
"""

_pictures: dict[int, Town] = {}
_building = Lock()
_KEPT_PICTURES = 4


def town_version() -> int:
    """The version of the picture that is right now."""
    found = hot_row(f"SELECT {TOWN_VERSION_SQL}")
    return int(found[0]) if found else 0


def town(version: int | None = None, *, at: datetime | None = None) -> Town:
    """All units in force, with what somebody who serves there today may do.

    The picture is kept in memory and made anew when a register or the local day changed. With `version` (selected
    by the caller's own statement: `TOWN_VERSION_SQL`) a kept picture costs no statement. `at` gives the day;
    without it the database's clock does.
    """
    version = town_version() if version is None else version
    if at is not None:
        version = _on_day(version, localdate(at))
    picture = _pictures.get(version)
    if picture is None:
        with _building:
            picture = _pictures.get(version) or _build(_EPOCH.toordinal() + version % _DAYS)
    return picture


def _on_day(version: int, day: date) -> int:
    return version - version % _DAYS + (day - _EPOCH).days


def _build(ordinal: int) -> Town:
    """Reads counter and registers in one statement, so that both belong together."""
    day = date.fromordinal(ordinal)
    found = row(_TOWN, day=day)
    assert found is not None  # a SELECT without FROM has one row
    counter, units_text, names = found
    units = [_unit(values) for values in msgspec.json.decode(units_text)]
    picture = Town(
        units={unit.code: unit for unit in units},
        root=_root(units),
        version=_on_day(counter * _DAYS, day),
        area_names=msgspec.json.decode(names),
    )
    if counter:  # 0: the registers were emptied from outside, and the counter with them
        while len(_pictures) >= _KEPT_PICTURES:
            _pictures.pop(next(iter(_pictures)))
        _pictures[picture.version] = picture
    return picture


def _unit(values: Sequence[Any]) -> Unit:
    code, name, kind, role, area, superior, covers, acts, phone = values
    return Unit(code, name, kind, role, area, superior, tuple(covers), _acts(tuple(acts or ())), phone)


@lru_cache(maxsize=1024)
def _acts(acts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(acts)


def _root(units: Sequence[Unit]) -> str:
    """The desk above every other: of those without a superior the one for the widest area."""
    tops = [unit for unit in units if unit.kind == "desk" and unit.superior is None]
    return min(tops, key=lambda unit: (len(unit.area), unit.code)).code if tops else ""


# ----- who serves where


@dataclass(frozen=True, slots=True)
class Seat:
    """A post and who serves in it; `account` is None when it is vacant."""

    unit: str
    unit_name: str
    role: str
    title: str
    account: int | None
    account_title: str
    deputy: bool
    since: date | None


_SEATS = """
SELECT unit.code, unit.name, post.role, post.title, account.id, coalesce(account.title, ''),
       coalesce(service.deputy, false), service.since
FROM people_post AS post
JOIN people_unit AS unit ON unit.code = post.unit_id
LEFT JOIN (people_service AS service
           JOIN people_account AS account ON account.id = service.account_id AND account.is_active)
    ON service.post_id = post.id
   AND service.since <= %(day)s AND (service.until IS NULL OR service.until > %(day)s)
WHERE post.valid_from <= %(day)s AND (post.valid_until IS NULL OR post.valid_until > %(day)s)
  AND {which}
ORDER BY unit.code, post.role, post.title, post.seat, service.deputy, account.id
"""


def roster(unit: str, at: datetime) -> list[Seat]:
    """Every post of a unit on the day of `at`, vacant ones included."""
    which = _SEATS.format(which="unit.code = %(unit)s")
    return [Seat(*seat) for seat in rows(which, unit=unit, day=localdate(at))]


def serving(account: int, at: datetime) -> list[Seat]:
    """The posts that an account serves on the day of `at`."""
    which = _SEATS.format(which="account.id = %(account)s")
    return [Seat(*seat) for seat in rows(which, account=account, day=localdate(at))]


def account_id(login: str) -> int | None:
    """The account with this login, active or not."""
    found = row("SELECT id FROM people_account WHERE username = %(login)s", login=login.strip().lower())
    return int(found[0]) if found else None


def has_second_factor(account: int) -> bool:
    return row("SELECT account_id FROM people_secondfactor WHERE account_id = %(account)s", account=account) is not None


def login_account(account: int) -> Account:
    """The account as Django's own sign-in wants it. Raises `NotFound`."""
    found = Account.objects.filter(pk=account).first()
    if found is None:
        raise NotFound
    return found


# ----- who is missing


@dataclass(frozen=True, slots=True)
class Gap:
    """A post that a staffing norm asks for and nobody serves. `sentence` is in the reader's language."""

    area: str
    area_name: str
    role: str
    least: int
    served: int
    ground: str
    sentence: str


#: Official codes tell villages from urban communities by the first digit of the community part (National Bureau
#: of Statistics: 001-199 residents' committees, 200-399 villagers' committees, 4xx and 5xx alike).
_VILLAGE = "substr(area.code, 10, 1) IN ('2', '3', '5')"

#: A post counts for its unit's area, for what the unit covers and for the areas that the post looks after.
_GAPS = f"""
WITH norm AS (
    SELECT * FROM unnest(%(roles)s::text[], %(widths)s::int[], %(least)s::int[], %(settlements)s::text[],
                         %(grounds)s::text[])
    WITH ORDINALITY AS norm(role, width, least, settlement, ground, place)
), served AS (
    SELECT where_.area, post.role, count(DISTINCT post.id) AS posts
    FROM people_service AS service
    JOIN people_account AS account ON account.id = service.account_id AND account.is_active
    JOIN people_post AS post ON post.id = service.post_id
    JOIN people_unit AS unit ON unit.code = post.unit_id
    CROSS JOIN LATERAL unnest(post.include || unit.covers || unit.area_id::varchar) AS where_(area)
    WHERE service.since <= %(day)s AND (service.until IS NULL OR service.until > %(day)s)
      AND post.valid_from <= %(day)s AND (post.valid_until IS NULL OR post.valid_until > %(day)s)
      AND unit.valid_from <= %(day)s AND (unit.valid_until IS NULL OR unit.valid_until > %(day)s)
      AND post.role = ANY(%(roles)s)
    GROUP BY where_.area, post.role
)
SELECT area.code, {_AREA_NAME}, norm.role, norm.least, coalesce(served.posts, 0), norm.ground
FROM norm
JOIN places_area AS area ON length(area.code) = norm.width AND starts_with(area.code, %(area)s)
  AND area.valid_from <= %(day)s AND (area.valid_until IS NULL OR area.valid_until > %(day)s)
  AND (norm.settlement = '' OR (norm.settlement = 'village') = ({_VILLAGE}))
LEFT JOIN places_area AS above ON above.code = area.parent
LEFT JOIN served ON served.area = area.code AND served.role = norm.role
WHERE coalesce(served.posts, 0) < norm.least
ORDER BY area.code, norm.place
"""

_WIDTH_OF = {name: width for width, name in RANKS.items()}


def staffing_gaps(
    who: Actor, norms: Sequence[StaffingNorm], roles: Mapping[str, Role], *, area: str, at: datetime
) -> list[Gap]:
    """Every missing post under `area` on the day of `at`, in the areas that `who` may see."""
    missing = rows(
        _GAPS,
        roles=[norm.role for norm in norms],
        widths=[_WIDTH_OF[norm.rank] for norm in norms],
        least=[norm.least for norm in norms],
        settlements=[norm.settlement for norm in norms],
        grounds=[norm.ground for norm in norms],
        area=area,
        day=localdate(at),
    )
    return [
        Gap(code, name, role, least, served, ground, _gap_sentence(name, role, least, served, roles))
        for code, name, role, least, served, ground in missing
        if sees_area(who, code)
    ]


def _gap_sentence(area: str, role: str, least: int, served: int, roles: Mapping[str, Role]) -> str:
    known = roles.get(role)
    title = role if known is None else _in_reader_language(known)
    if served == 0 and least == 1:
        return _("%(area)s: no %(role)s") % {"area": area, "role": title}
    facts = {"area": area, "role": title, "missing": least - served, "least": least}
    return _("%(area)s: %(missing)s of %(least)s %(role)s missing") % facts


def _in_reader_language(role: Role) -> str:
    return role.title_zh if (get_language() or "zh").startswith("zh") else role.title_en
