"""Every write about groups: set up, what is to be said, that it was said."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

import msgspec
from django.conf import settings
from django.db import transaction
from psycopg.types.json import Jsonb

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.errors import NotFound
from yizhi.core.profile import Profile
from yizhi.groups import rules
from yizhi.groups.queries import LABEL
from yizhi.notices import sealed
from yizhi.notices.rules import Wish, may_mail
from yizhi.people.actions.trail import leave

_MAKE = """
INSERT INTO groups_group (unit_id, name, vendor, key, cipher, since)
VALUES (%(unit)s, %(name)s, %(vendor)s, %(key)s, %(cipher)s, %(at)s) RETURNING id
"""


@transaction.atomic
def make(unit: str, name: str, *, address: str, secret: str, by: Actor, at: datetime) -> int:
    """A robot speaks in a group of this unit. Raises `ForAdministrators`, `NoRobot`, `NoSecret`, `NoApp`."""
    require(by, "system")
    robot = rules.robot(address, secret, settings.ROBOTS, app=bool(settings.WECOM_CORP))
    key, kept = sealed.new_key()
    cipher = sealed.seal(key, msgspec.json.encode(robot).decode(), LABEL)
    made = sql.rows(_MAKE, unit=unit, name=name.strip(), vendor=robot.vendor, key=kept, cipher=cipher, at=at)
    leave("make_group", by=by, at=at, group=made[0][0], unit=unit, vendor=robot.vendor)
    return int(made[0][0])


_SWITCH = "UPDATE groups_group SET active = %(active)s, trouble = '' WHERE id = %(group)s"


@transaction.atomic
def set_active(group: int, *, active: bool, by: Actor, at: datetime) -> None:
    """Raises `ForAdministrators`, `NotFound`."""
    require(by, "system")
    if not sql.run(_SWITCH, group=group, active=active):
        raise NotFound
    sql.run("DELETE FROM groups_word WHERE group_id = %(group)s", group=group)
    leave("set_group_active", by=by, at=at, group=group, active=active)


@dataclass(frozen=True, slots=True)
class Said:
    """Something to be told in a group."""

    group: int
    number: str
    cause: str
    weight: int
    late: bool


_SAY = """
INSERT INTO groups_word (group_id, number, cause, weight, late, at)
SELECT x.group, x.number, x.cause, x.weight, x.late, %(at)s
FROM jsonb_to_recordset(%(said)s) AS x("group" bigint, number text, cause text, weight smallint, late boolean)
ON CONFLICT (group_id, number, cause) DO NOTHING
"""
_DONE = """
DELETE FROM groups_word AS w USING groups_group AS g, jsonb_to_recordset(%(done)s) AS x(number text, unit text)
WHERE g.id = w.group_id AND w.number = x.number AND g.unit_id = x.unit
"""


def say(said: Collection[Said], done: Collection[tuple[str, str]], at: datetime) -> None:
    """`done`: by number and unit, where that unit has just done something itself."""
    if done:
        rows = [{"number": number, "unit": unit} for number, unit in done]
        sql.run(_DONE, done=msgspec.json.encode(rows).decode())
    if said:
        sql.run(_SAY, said=msgspec.json.encode([asdict(one) for one in said]).decode(), at=at)


_WAITING = """
SELECT w.group_id, g.told, max(w.weight) FROM groups_word AS w JOIN groups_group AS g ON g.id = w.group_id
WHERE g.active GROUP BY w.group_id, g.told ORDER BY w.group_id
"""
_HAND_OVER = """
WITH taken AS (DELETE FROM groups_word WHERE group_id = %(group)s RETURNING number, late),
said AS (UPDATE groups_group SET told = %(at)s WHERE id = %(group)s)
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
SELECT 'groups', 'groups:' || %(group)s::text, jsonb_build_object('group', %(group)s::bigint,
           'count', count(DISTINCT number), 'late', count(DISTINCT number) FILTER (WHERE late),
           'since', %(at)s::timestamptz), %(at)s, %(at)s, 0, ''
FROM taken HAVING count(*) > 0
"""


def compose(profile: Profile, at: datetime) -> int:
    """Put into the outbox what may be said now, one message a group: so often and in such hours as mail may come; so
    no vendor's limit is ever near. How many."""
    sent = 0
    for group, told, heaviest in sql.rows(_WAITING):
        if may_mail(at, heaviest, told, profile.notices, Wish(), profile.calendar, on_duty=False):
            sent += sql.run(_HAND_OVER, group=group, at=at)
    return sent


def test(group: int, *, by: Actor, at: datetime) -> None:
    """Have a word of trial said. Raises `ForAdministrators`."""
    require(by, "system")
    payload = {"group": group, "count": 0, "late": 0, "since": at.isoformat()}
    sql.run(_ASK, topic=f"groups:{group}", payload=Jsonb(payload), at=at)


_ASK = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
VALUES ('groups', %(topic)s, %(payload)s, %(at)s, %(at)s, 0, '')
"""


def note(group: int, trouble: str) -> None:
    """Why the last message was not taken; "" when it was."""
    sql.run("UPDATE groups_group SET trouble = %(trouble)s WHERE id = %(group)s", group=group, trouble=trouble[:300])
