"""The register of posts as a page of the back office shows it: filtered, counted, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.timezone import localdate

from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE
from yizhi.core.errors import NotFound
from yizhi.people.sql import POST_IN_FORCE, SERVING, UNIT_IN_FORCE
from yizhi.sql import row, rows

PAGE = 50
Filling = Literal["", "vacant", "deputy", "ending"]


@dataclass(frozen=True, slots=True)
class Held:
    """A post and one who serves in it; without an account it is vacant."""

    post: int
    unit: str
    unit_name: str
    title: str
    role: str
    service: int | None
    account: str
    account_title: str
    since: date | None
    until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True)
class HeldPage:
    """`count` posts and services fit; these are those of one page."""

    rows: list[Held]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


_FROM = f"""
FROM people_post AS post
JOIN people_unit AS unit ON unit.code = post.unit_id AND {UNIT_IN_FORCE}
LEFT JOIN (people_service AS service JOIN people_account AS account ON account.id = service.account_id)
    ON service.post_id = post.id AND {SERVING} AND account.is_active
WHERE {POST_IN_FORCE}
  AND (%(typed)s = '' OR strpos(post.title || ' ' || unit.name || ' ' || unit.code || ' ' ||
                                coalesce(account.username || ' ' || account.title, ''), %(typed)s) > 0)
  AND (%(area)s = '' OR starts_with(unit.area_id, %(area)s))
  AND CASE %(filling)s WHEN 'vacant' THEN service.id IS NULL WHEN 'deputy' THEN service.deputy
                       WHEN 'ending' THEN service.until IS NOT NULL ELSE true END
"""
_HELD = f"""
SELECT post.id, unit.code, unit.name, post.title, post.role, service.id, coalesce(account.username, ''),
       coalesce(account.title, ''), service.since, service.until, coalesce(service.deputy, false)
{_FROM} ORDER BY unit.area_id, unit.code, post.role, post.title, post.seat, service.deputy, account.id
LIMIT %(most)s OFFSET %(skipped)s
"""


def held_posts(
    who: Actor, *, at: datetime, typed: str = "", area: str = "", filling: str = "", page: int = 1
) -> HeldPage:
    """Who serves where on the day of `at`, for administrators. Raises `NotFound` for everybody else."""
    if not who.admin:
        raise NotFound
    values = {"day": localdate(at), "typed": typed.strip(), "area": area, "filling": filling}
    found = row(f"SELECT count(*) {_FROM}", **values)
    shown = rows(_HELD, **values, most=PAGE, skipped=(max(page, 1) - 1) * PAGE)
    return HeldPage([Held(*one) for one in shown], found[0] if found else 0, max(page, 1))


def account_choices(who: Actor) -> list[tuple[str, str]]:
    """Login and title of every active account that may serve, to choose from."""
    if not who.admin:
        raise NotFound
    return rows("SELECT username, title FROM people_account WHERE is_active AND admin_role = '' ORDER BY username")


def administrators(who: Actor) -> list[tuple[str, str, int]]:
    """Role, login and number of every administrator; for the machine alone."""
    if who != MACHINE:
        raise NotFound
    return rows(
        """
        SELECT admin_role, username, id FROM people_account WHERE is_active AND admin_role <> ''
        ORDER BY array_position(ARRAY['system', 'security', 'audit']::varchar[], admin_role), username
        """
    )


def accounts_without(who: Actor) -> tuple[int, int]:
    """How many administrators there are, and how many of them have no second factor."""
    if not who.admin:
        raise NotFound
    found = row(
        """
        SELECT count(*), count(*) FILTER (WHERE second.account_id IS NULL)
        FROM people_account AS account LEFT JOIN people_secondfactor AS second ON second.account_id = account.id
        WHERE account.is_active AND account.admin_role <> ''
        """
    )
    return (found[0], found[1]) if found else (0, 0)
