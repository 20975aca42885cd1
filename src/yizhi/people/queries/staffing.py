"""Who serves where, and who is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yizhi.core.actor import Actor
from yizhi.core.profile import Role, StaffingNorm
from yizhi.core.town import RANKS
from yizhi.people.queries.pictures import AREA_NAME
from yizhi.people.rules import sees_area
from yizhi.people.sql import POST_IN_FORCE, SERVING, UNIT_IN_FORCE
from yizhi.sql import rows


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


_SEATS = f"""
SELECT unit.code, unit.name, post.role, post.title, account.id, coalesce(account.title, ''),
       coalesce(service.deputy, false), service.since
FROM people_post AS post
JOIN people_unit AS unit ON unit.code = post.unit_id
LEFT JOIN (people_service AS service
           JOIN people_account AS account ON account.id = service.account_id AND account.is_active)
    ON service.post_id = post.id
   AND {SERVING}
WHERE {POST_IN_FORCE}
  AND {{which}}
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
), served AS MATERIALIZED (  -- once, however few rows the planner expects
    SELECT where_.area, post.role, count(DISTINCT post.id) AS posts
    FROM people_service AS service
    JOIN people_account AS account ON account.id = service.account_id AND account.is_active
    JOIN people_post AS post ON post.id = service.post_id
    JOIN people_unit AS unit ON unit.code = post.unit_id
    CROSS JOIN LATERAL unnest(post.include || unit.covers || unit.area_id::varchar) AS where_(area)
    WHERE {SERVING}
      AND {POST_IN_FORCE}
      AND {UNIT_IN_FORCE}
      AND post.role = ANY(%(roles)s)
    GROUP BY where_.area, post.role
)
SELECT area.code, {AREA_NAME}, norm.role, norm.least, coalesce(served.posts, 0), norm.ground
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
