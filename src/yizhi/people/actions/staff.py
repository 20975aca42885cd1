"""Staff from a sheet: all rows or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.errors import N_, BadFact
from yizhi.core.profile import Role
from yizhi.people import sheets
from yizhi.people.actions.accounts import add_account
from yizhi.people.actions.services import add_service
from yizhi.people.actions.trail import leave
from yizhi.people.sheets import RowFault, SaidTwice, StaffRow
from yizhi.sql import row


class UnitUnknown(BadFact):
    """Facts: unit."""

    message = N_("There is no unit “{unit}”.")


class RoleUnknown(BadFact):
    """Facts: role."""

    message = N_("There is no role “{role}”.")


@dataclass(frozen=True, slots=True)
class StaffReport:
    """`rows` were read; of them `new` change the register and the others say what it says already. With `faults`,
    or on a dry run, nothing was changed."""

    rows: int
    new: int
    faults: tuple[RowFault, ...]
    dry_run: bool


@transaction.atomic
def import_staff(
    content: bytes, roles: Mapping[str, Role], *, by: Actor, at: datetime, dry_run: bool = False
) -> StaffReport:
    """Puts the people of a sheet (`sheets.COLUMNS`) into posts: unknown accounts are made, vacant posts of the role
    are filled first, then posts are added. Reading the same sheet twice changes nothing.

    Raises `ForAdministrators` only: what is wrong with the sheet stands in the report, row by row.
    """
    require(by, "security")
    found, faults = sheets.read(content)
    known = _by_name(roles)
    said: dict[tuple[str, str, str, str], int] = {}
    new = 0
    for staff in found:
        try:
            with transaction.atomic():
                _expect_once(staff, said)
                new += _take_in(staff, known, by=by, at=at)
        except BadFact as refusal:
            faults.append(RowFault(staff.line, sheets.sentence(refusal)))
    if faults or dry_run:
        transaction.set_rollback(True)
    elif new:
        leave("import_staff", by=by, at=at, rows=len(found), new=new)
    faults.sort(key=lambda fault: fault.line)
    return StaffReport(len(found), new, tuple(faults), dry_run)


def _by_name(roles: Mapping[str, Role]) -> dict[str, Role]:
    """Roles by code and by their titles."""
    return {name: role for role in roles.values() for name in (role.code, role.title_zh, role.title_en)}


def _expect_once(staff: StaffRow, said: dict[tuple[str, str, str, str], int]) -> None:
    key = (staff.login, staff.unit, staff.role, staff.post)
    if said.setdefault(key, staff.line) != staff.line:
        raise SaidTwice(line=said[key])


def _take_in(staff: StaffRow, roles: Mapping[str, Role], *, by: Actor, at: datetime) -> bool:
    """Whether the row said something new."""
    role = roles.get(staff.role)
    if role is None:
        raise RoleUnknown(role=staff.role)
    scope = row(
        "SELECT coalesce(nullif(covers, '{}'), ARRAY[area_id]) FROM people_unit WHERE code = %(unit)s", unit=staff.unit
    )
    if scope is None:
        raise UnitUnknown(unit=staff.unit)
    since = staff.since or localdate(at)
    account = _account(staff, role, by=by, at=at)
    if row(_SERVES, account=account, unit=staff.unit, role=role.code, title=staff.post, day=since):
        return False
    post = _vacant(staff, role, since) or _new_post(staff, role, scope[0], since)
    add_service(account, post, by=by, at=at, since=since, until=staff.until, deputy=staff.deputy)
    return True


def _account(staff: StaffRow, role: Role, *, by: Actor, at: datetime) -> int:
    found = row("SELECT id FROM people_account WHERE username = %(login)s", login=staff.login)
    if found:
        return int(found[0])
    title = staff.title or staff.post or role.title_zh
    return add_account(staff.login, title=title, email=staff.email, by=by, at=at)


_SERVES = """
SELECT service.id FROM people_service AS service JOIN people_post AS post ON post.id = service.post_id
WHERE service.account_id = %(account)s AND post.unit_id = %(unit)s AND post.role = %(role)s
  AND %(title)s IN ('', post.title) AND (service.until IS NULL OR service.until > %(day)s)
"""

_VACANT = """
SELECT post.id FROM people_post AS post
WHERE post.unit_id = %(unit)s AND post.role = %(role)s AND %(title)s IN ('', post.title)
  AND post.valid_from <= %(day)s AND (post.valid_until IS NULL OR post.valid_until > %(day)s)
  AND NOT EXISTS (SELECT FROM people_service AS service WHERE service.post_id = post.id
                  AND (service.until IS NULL OR service.until > %(day)s))
ORDER BY post.seat, post.id LIMIT 1
"""


def _vacant(staff: StaffRow, role: Role, day: date) -> int | None:
    found = row(_VACANT, unit=staff.unit, role=role.code, title=staff.post, day=day)
    return int(found[0]) if found else None


_NEW_POST = """
INSERT INTO people_post (unit_id, role, title, seat, acts, kinds, include, exclude, valid_from)
SELECT %(unit)s, %(role)s, %(title)s,
       coalesce((SELECT max(seat) FROM people_post
                 WHERE (unit_id, role, title) = (%(unit)s, %(role)s, %(title)s)), 0) + 1,
       %(acts)s, %(kinds)s, %(scope)s, '{}', %(since)s
RETURNING id
"""


def _new_post(staff: StaffRow, role: Role, scope: list[str], since: date) -> int:
    """A post of that role that looks after what its unit covers."""
    found = row(
        _NEW_POST,
        unit=staff.unit,
        role=role.code,
        title=staff.post or role.title_zh,
        acts=sorted(role.acts),
        kinds=sorted(role.kinds),
        scope=scope,
        since=since,
    )
    assert found is not None  # RETURNING of an INSERT that did not fail
    return int(found[0])
